// The public Outbox: what is in the file goes to the session's writer, a window at a time, in
// order.
#include "starling/outbox.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "sdk/src/fields.h"
#include "sdk/src/outbox_store.h"
#include "sdk/src/random.h"
#include "sdk/src/session_impl.h"

namespace starling {
namespace {

constexpr std::size_t kWindow = 256;  // Unanswered at a time.
// As good as for ever: what is in the file is sent as long as the program runs.
constexpr std::chrono::hours kPatience{24 * 365};

std::int64_t wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Error invalid(const char* field, std::string message) {
  Error error = sdk::make_error(ErrorCode::kInvalidArgument, std::move(message));
  error.field = field;
  return error;
}

// Whether the refusal is itself what the servers have recorded, or will say of every copy: the
// writer says of no other refusal of these kinds that nothing happened.
bool is_outcome(const Error& error) {
  if (error.may_have_happened) return false;
  return error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kAlreadyExists || error.code == ErrorCode::kPermissionDenied;
}

Error closed() { return sdk::make_error(ErrorCode::kCancelled, "The outbox was closed."); }

}  // namespace

struct STARLING_LOCAL Outbox::Impl : std::enable_shared_from_this<Outbox::Impl> {
  struct Kept {
    OutboxEntry entry;
    bool offered = false;  // In this process or an earlier one: only the servers know its fate.
    bool earlier = false;  // Before, and its fate was not told.
    std::string refused;   // Why it fails unless the servers say that it happened.
    std::function<void()> cancel;
  };
  using Entries = std::map<std::int64_t, Kept>;

  Impl(const Session& given, std::shared_ptr<Session::Impl> inner, OutboxOptions given_options)
      : session(given),
        core(inner->core),
        writer(inner->writer),
        token(inner->token),
        options(std::move(given_options)) {}

  void go_on() STARLING_EXCLUDES(mutex);
  void pump() STARLING_EXCLUDES(mutex);
  void answered(std::int64_t id, const Result<Message>& result) STARLING_EXCLUDES(mutex);
  void settle(std::int64_t id, const std::string& request_id);
  void settled(std::int64_t id, const Result<v1::VoidResponse>& result) STARLING_EXCLUDES(mutex);
  void fails(Kept& kept, const std::string& why) STARLING_REQUIRES(mutex);
  void ends(Entries::iterator at, OutboxState state, std::int64_t seq) STARLING_REQUIRES(mutex);
  void tell(const OutboxEntry& entry);
  void broken(const Status& status);

  const Session session;  // Keeps the writer.
  const std::shared_ptr<sdk::Core> core;
  const std::shared_ptr<sdk::Writer> writer;
  const std::string token;
  const OutboxOptions options;

  sdk::Mutex mutex;
  std::unique_ptr<sdk::OutboxStore> store STARLING_GUARDED_BY(mutex);  // None once closed.
  Entries entries STARLING_GUARDED_BY(mutex);
  std::set<std::int64_t> waiting STARLING_GUARDED_BY(mutex);  // Not given to the writer yet.
  std::size_t under_way STARLING_GUARDED_BY(mutex) = 0;
  bool pumping STARLING_GUARDED_BY(mutex) = false;
  bool paused STARLING_GUARDED_BY(mutex) = false;  // The session has ended.
  // Until a server has said of which cluster it is; nothing is offered to another one's.
  bool unmet STARLING_GUARDED_BY(mutex) = true;
  std::optional<Error> refusal STARLING_GUARDED_BY(mutex);  // It was another one's.
};

// Once a server was met: what an earlier process, or this one, left to do.
void Outbox::Impl::go_on() {
  std::vector<std::pair<std::int64_t, std::string>> cancelling;
  {
    sdk::MutexLock lock(mutex);
    if (!store || !unmet || refusal) return;
    if (Status status = store->confirm(core->view().list().cluster_id); !status.ok()) {
      refusal = status.error();
      broken(status);
      return;
    }
    unmet = false;
    for (const auto& [id, kept] : entries) {
      if (kept.entry.state != OutboxState::kCancelling) continue;
      cancelling.emplace_back(id, kept.entry.request_id);
    }
  }
  for (const auto& [id, request_id] : cancelling) settle(id, request_id);
  pump();
}

// One pumper at a time, so that the order is the file's. Nothing is sent under the lock: a refusal
// answers at once.
void Outbox::Impl::pump() {
  {
    sdk::MutexLock lock(mutex);
    if (pumping) return;
    pumping = true;
  }
  for (;;) {
    OutboxEntry next;
    {
      sdk::MutexLock lock(mutex);
      if (!store || paused || unmet || waiting.empty() || under_way >= kWindow) {
        pumping = false;
        return;
      }
      const std::int64_t id = *waiting.begin();
      waiting.erase(waiting.begin());
      ++under_way;
      Kept& kept = entries.at(id);
      kept.offered = true;
      kept.entry.state = OutboxState::kSent;
      tell(kept.entry);
      next = kept.entry;
    }
    SendOptions how;
    how.timeout = kPatience;
    how.request_id = next.request_id;
    how.reply_to = next.reply_to;
    const std::int64_t id = next.id;
    std::function<void()> cancel =
        begin_send(core, writer, token, next.conversation_id, std::move(next.body), how,
                   [weak = weak_from_this(), core_kept = core, id](Result<Message> result) {
                     core_kept->deliver([weak, id, result = std::move(result)] {
                       if (const auto self = weak.lock()) self->answered(id, result);
                     });
                   });
    bool taken_back = false;
    {
      sdk::MutexLock lock(mutex);
      if (const auto found = entries.find(id); found != entries.end()) {
        taken_back = found->second.entry.state == OutboxState::kCancelling;
        found->second.cancel = cancel;
      }
    }
    if (taken_back && cancel) cancel();  // Before there was anything that could be cancelled.
  }
}

void Outbox::Impl::answered(std::int64_t id, const Result<Message>& result) {
  std::string to_settle;
  {
    sdk::MutexLock lock(mutex);
    --under_way;
    const auto at = entries.find(id);
    if (!store || at == entries.end()) return;
    OutboxEntry& entry = at->second.entry;
    if (result.ok()) {
      ends(at, OutboxState::kReplicated, result.value().seq);
    } else if (entry.state == OutboxState::kCancelling) {
      if (result.error().may_have_happened || at->second.earlier) {
        to_settle = at->second.entry.request_id;
      } else {
        ends(at, OutboxState::kCancelled, 0);
      }
    } else if (result.error().code == ErrorCode::kCancelled ||
               result.error().code == ErrorCode::kUnauthenticated) {
      // The client or the session has ended: the next open() goes on with it.
      paused = true;
      entry.state = OutboxState::kQueued;
      waiting.insert(id);
      tell(entry);
    } else if (result.error().retryable) {
      at->second.earlier = at->second.earlier || result.error().may_have_happened;
      entry.state = OutboxState::kQueued;
      waiting.insert(id);
    } else if (is_outcome(result.error())) {
      fails(at->second, result.error().message);
    } else if (result.error().may_have_happened || at->second.earlier) {
      at->second.refused = result.error().message;
      to_settle = at->second.entry.request_id;
    } else {
      fails(at->second, result.error().message);
    }
  }
  if (!to_settle.empty()) settle(id, to_settle);
  pump();
}

// Asks the servers which came first, the send or its cancellation.
void Outbox::Impl::settle(std::int64_t id, const std::string& request_id) {
  v1::VoidRequest request;
  request.set_request_id(request_id);
  sdk::Ask<v1::VoidResponse> ask = sdk::ask<v1::VoidResponse>(
      &sdk::ChatAsync::Void, std::move(request),
      {std::chrono::duration_cast<sdk::milliseconds>(kPatience), token, ""},
      [](v1::VoidResponse& answer) { return std::move(answer); });
  (void)core->start<v1::VoidResponse>(
      std::move(ask), [weak = weak_from_this(), id](const Result<v1::VoidResponse>& result) {
        if (const auto self = weak.lock()) self->settled(id, result);
      });
}

void Outbox::Impl::settled(std::int64_t id, const Result<v1::VoidResponse>& result) {
  sdk::MutexLock lock(mutex);
  const auto at = entries.find(id);
  if (!store || at == entries.end()) return;
  const bool taken_back = at->second.entry.state == OutboxState::kCancelling;
  if (!result.ok()) {
    // Without an answer it stays as it is in the file: the next open() goes on with it.
    if (taken_back) return;
    paused = true;
    at->second.earlier = true;
    at->second.entry.state = OutboxState::kQueued;
    waiting.insert(id);
    tell(at->second.entry);
  } else if (result.value().happened()) {
    ends(at, OutboxState::kReplicated, 0);
  } else if (taken_back) {
    ends(at, OutboxState::kCancelled, 0);
  } else {
    fails(at->second, at->second.refused);
  }
}

// Only once it is known that it has not happened and never will.
void Outbox::Impl::fails(Kept& kept, const std::string& why) {
  kept.earlier = false;
  kept.entry.state = OutboxState::kFailed;
  kept.entry.error = why;
  broken(store->set_state(kept.entry.id, OutboxState::kFailed, why));
  tell(kept.entry);
}

void Outbox::Impl::ends(Entries::iterator at, OutboxState state, std::int64_t seq) {
  OutboxEntry entry = std::move(at->second.entry);
  entries.erase(at);
  entry.state = state;
  entry.seq = seq;
  broken(store->remove(entry.id));
  tell(entry);
}

void Outbox::Impl::tell(const OutboxEntry& entry) {
  if (!options.on_change) return;
  core->dispatcher().post([self = shared_from_this(), entry] { self->options.on_change(entry); });
}

// What the file would not take is found out again by the next process; nothing is lost by going on.
void Outbox::Impl::broken(const Status& status) {
  if (status.ok()) return;
  OutboxEntry told;
  told.state = OutboxState::kFailed;
  told.error = status.error().message;
  tell(told);
}

Result<Outbox> Outbox::open(const std::string& path, const Session& session,
                            OutboxOptions options) {
  if (path.empty()) return invalid("path", "The outbox needs a file.");
  if (!session.impl_) return Session::Impl::missing();
  auto impl = std::make_shared<Impl>(session, session.impl_, std::move(options));
  const std::uint64_t cluster = impl->core->view().list().cluster_id;  // 0: none was met yet.
  {
    sdk::MutexLock lock(impl->mutex);
    if (Status status = sdk::OutboxStore::open(path, cluster, session.account().id, impl->store);
        !status.ok()) {
      return status.error();
    }
    std::vector<OutboxEntry> left;
    if (Status status = impl->store->load(left); !status.ok()) return status.error();
    for (OutboxEntry& entry : left) {
      const std::int64_t id = entry.id;
      const OutboxState state = entry.state;
      if (state == OutboxState::kQueued) impl->waiting.insert(id);
      Impl::Kept kept;
      kept.entry = std::move(entry);
      kept.offered = true;
      kept.earlier = true;
      impl->entries.emplace(id, std::move(kept));
    }
  }
  if (cluster != 0) {
    impl->go_on();
  } else {
    impl->core->when_listed(impl, [weak = std::weak_ptr<Impl>(impl)] {
      if (const auto self = weak.lock()) self->go_on();
    });
  }
  return Outbox(std::move(impl));
}

Outbox::Outbox(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Outbox::~Outbox() { close(); }
Outbox::Outbox(Outbox&&) noexcept = default;
Outbox& Outbox::operator=(Outbox&& other) noexcept {
  if (this != &other) {
    close();
    impl_ = std::move(other.impl_);
  }
  return *this;
}

Result<OutboxEntry> Outbox::queue(std::int64_t conversation_id, const std::string& body,
                                  std::int64_t reply_to) {
  if (!impl_) return closed();
  // What the servers would refuse for certain never gets in.
  if (conversation_id <= 0) return invalid("conversation_id", "A conversation's id is positive.");
  if (body.empty() || body.size() > sdk::kMaxBodyBytes) {
    return invalid("body", "A message has 1 to 16,384 bytes.");
  }
  if (auto bad = sdk::check_text("body", body, sdk::kMaxBodyBytes)) return *bad;
  if (auto bad = sdk::check_not_negative("reply_to", reply_to)) return *bad;
  Impl::Kept kept;
  kept.entry.request_id = sdk::new_request_id();
  kept.entry.conversation_id = conversation_id;
  kept.entry.body = body;
  kept.entry.reply_to = reply_to;
  kept.entry.queued_at_ms = wall_ms();
  OutboxEntry queued;
  {
    sdk::MutexLock lock(impl_->mutex);
    if (!impl_->store) return closed();
    if (impl_->refusal) return *impl_->refusal;
    if (impl_->entries.size() >= impl_->options.max_entries) {
      return sdk::make_error(ErrorCode::kResourceExhausted,
                             "The outbox holds " + std::to_string(impl_->entries.size()) +
                                 " messages already; wait for some of them.");
    }
    if (Status status = impl_->store->add(kept.entry); !status.ok()) return status.error();
    queued = kept.entry;
    impl_->waiting.insert(queued.id);
    impl_->entries.emplace(queued.id, std::move(kept));
  }
  impl_->pump();
  return queued;
}

Status Outbox::cancel(std::int64_t id) {
  if (!impl_) return closed();
  std::function<void()> cancel;
  std::string to_settle;
  {
    sdk::MutexLock lock(impl_->mutex);
    if (!impl_->store) return closed();
    const auto at = impl_->entries.find(id);
    if (at == impl_->entries.end()) {
      return sdk::make_error(ErrorCode::kNotFound,
                             "The outbox has no entry " + std::to_string(id) + " any more.");
    }
    Impl::Kept& kept = at->second;
    if (kept.entry.state == OutboxState::kCancelling) return Unit{};
    const bool failed = kept.entry.state == OutboxState::kFailed;
    // Remembered first: another process must not send what this one took back, not even after a
    // power cut that left the entry in the file.
    if (Status status = impl_->store->set_state_durably(id, OutboxState::kCancelling);
        !status.ok()) {
      return status;
    }
    if (!kept.offered || (failed && !kept.earlier)) {
      impl_->waiting.erase(id);
      impl_->ends(at, OutboxState::kCancelled, 0);
      return Unit{};
    }
    // Unless no server was met: go_on() settles it then.
    const bool waits = (impl_->waiting.erase(id) > 0 || failed) && !impl_->unmet;
    kept.entry.state = OutboxState::kCancelling;
    impl_->tell(kept.entry);
    if (waits) {
      to_settle = kept.entry.request_id;
    } else {
      cancel = kept.cancel;
    }
  }
  if (cancel) cancel();
  if (!to_settle.empty()) impl_->settle(id, to_settle);
  return Unit{};
}

Result<std::vector<OutboxEntry>> Outbox::entries() const {
  if (!impl_) return closed();
  sdk::MutexLock lock(impl_->mutex);
  if (!impl_->store) return closed();
  std::vector<OutboxEntry> all;
  all.reserve(impl_->entries.size());
  for (const auto& [id, kept] : impl_->entries) all.push_back(kept.entry);
  return all;
}

void Outbox::close() {
  if (!impl_) return;
  sdk::MutexLock lock(impl_->mutex);
  impl_->store.reset();
  impl_->entries.clear();
  impl_->waiting.clear();
}

}  // namespace starling
