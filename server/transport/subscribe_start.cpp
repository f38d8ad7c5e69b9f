// Where a subscription begins: who asks, and behind which event of which history.
#include "server/transport/subscribe.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

// One attempt to learn whether the cluster has got as far as the client says.
constexpr std::chrono::seconds kConfirm{5};
constexpr std::chrono::milliseconds kAskAgain{50};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* start_subscription(Services& services,
                                                               grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request) {
  const auto stream = std::make_shared<Subscription>(services, context);
  stream->start(request);
  return stream.get();  // It holds itself until OnDone.
}

Subscription::Subscription(Services& services, grpc::CallbackServerContext* context)
    : services_(services), context_(context), credential_(credential_of(*context)) {}

void Subscription::start(const grpc::ByteBuffer* request) {
  self_ = shared_from_this();
  std::string field;
  if (!parse(*request, request_, field)) {
    end(malformed(field));
  } else if (const Invalid invalid = validate(request_)) {
    end(*invalid);
  } else if (!credential_.present) {
    end(unauthenticated("this call needs a session token"));
  } else if (!services_.streams.add(weak_from_this())) {
    end(draining());
  } else if (!services_.disk.submit([self = shared_from_this()] {
               self->services_.authenticate_blocking(
                   self->credential_.hash,
                   [self](const std::optional<Failure>& failure, const Identity& who) {
                     self->begin(failure, who);
                   });
             })) {
    end(too_many_reads());
  }
}

void Subscription::begin(const std::optional<Failure>& failure, const Identity& identity) {
  if (failure) {
    end(*failure);
    return;
  }
  Place place = Place::kGiven;
  {
    // The client may have gone meanwhile: whoever is not listed before OnDone is not listed at all.
    MutexLock lock(mutex_);
    if (ending_ || finished_) return;
    identity_ = identity;
    // From here on live events are queued; whatever came before is in the store.
    place = services_.hub.add(identity_.actor.account, shared_from_this(),
                              services_.options.subscribers);
    listed_ = place == Place::kGiven;
  }
  if (place != Place::kGiven) {
    end(no_place(place, "subscriptions"));
    return;
  }
  watch_session(services_, credential_.hash, weak_from_this());
  find_start(false);
}

void Subscription::find_start(bool confirmed) {
  std::uint64_t applied = 0;
  std::uint64_t floor = 0;
  chat::TimeMs time_ms = 0;
  std::uint64_t state_hash = 0;
  sqlite::Status status;
  {
    ReaderPool::Lease reader = services_.backend.readers().acquire();
    status = reader->retention_floor(floor);
    if (status.ok()) status = reader->applied(applied, time_ms, state_hash);
  }
  if (!status.ok()) {
    end(store_failed(status.message()));
    return;
  }
  const History history = services_.options.history();
  const pb::Cursor& after = request_.after();
  const pb::ReadToken& seen = request_.seen();
  const bool from_now = !request_.has_after();
  const bool from_start = after.index() == 0 && after.epoch() == 0;
  if (!from_now && !from_start && !history.has(after)) {
    end(resync("the cursor is of another cluster, or of another history of this one"));
  } else if (from_now && seen.index() != 0 && !history.has(seen)) {
    end(resync("the token is of another cluster, or of another history of this one"));
  } else if (!from_now && after.index() < floor && (after.index() != 0 || floor > 1)) {
    end(resync("the cursor is further back than this server keeps"));
  } else if ((from_now ? seen.index() : after.index()) <= applied) {
    const chat::Position now{applied, chat::kLastOrdinal};
    stand(from_now ? now : chat::Position{after.index(), after.ordinal()});
  } else if (confirmed) {
    end(resync("the place lies ahead of all that this cluster has: it is of another one"));
  } else {
    confirm();
  }
}

// This server is behind that place: it waits (R5.4), but only for what exists. Once it has applied
// all that was committed when it asked, nothing can be ahead of it that a server of this history
// has told. Without a quorum nobody knows, and the stream goes on waiting.
void Subscription::confirm() {
  const Deadline deadline = std::chrono::steady_clock::now() + kConfirm;
  services_.backend.read_barrier(0, deadline, [weak = weak_from_this()](WaitError error) {
    const std::shared_ptr<Subscription> self = weak.lock();
    if (!self || self->over()) return;
    if (error == WaitError::kDraining) {
      self->end(draining());
    } else if (error != WaitError::kNone ||
               !self->services_.disk.submit([self] { self->find_start(true); })) {
      self->services_.scheduler.after(kAskAgain, [weak] {
        if (const auto again = weak.lock(); again && !again->over()) again->confirm();
      });
    }
  });
}

void Subscription::stand(const chat::Position& position) {
  MutexLock lock(mutex_);
  if (ending_ || finished_) return;
  position_ = position;
  busy_ = false;
  write_position();  // A client that came without a cursor learns where it stands.
}

}  // namespace starling::transport
