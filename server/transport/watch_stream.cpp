// WatchServers: the active list when it changes, and the beats of the node's loop. A slow reader
// gets only the latest of each.
#include "server/transport/cluster_service.h"
#include "server/transport/convert.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

using ListPtr = std::shared_ptr<const ServerList>;

// Owns itself from start() to OnDone.
class WatchStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                          public Stream,
                          public Watcher,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  explicit WatchStream(Services& services) : services_(services) {}

  void start(const grpc::ByteBuffer* bytes) {
    self_ = shared_from_this();
    pb::WatchServersRequest request;
    std::string field;
    if (!parse(*bytes, request, field)) {
      end(malformed(field));
    } else if (const Invalid invalid = validate(request)) {
      end(*invalid);
    } else if (!services_.streams.add(weak_from_this())) {
      end(draining());
    } else if (!services_.watchers.add(shared_from_this(), request.client(),
                                       services_.options.max_watchers)) {
      end(overloaded("this server has too many watchers"));
    } else {
      begin(std::make_shared<const ServerList>(services_.backend.server_list()),
            services_.watchers.fresh_beat());
    }
  }

  void news(const ListPtr& list, const BeatPtr& beat) override {
    MutexLock lock(mutex_);
    if (list) take(list);
    if (beat && beat != last_) beat_ = beat;  // It may have begun with that one.
    pump();
  }

  void end(const Failure& failure) override {
    MutexLock lock(mutex_);
    if (finished_) return;
    finished_ = true;
    Finish(to_status(failure));
  }

  void OnWriteDone(bool ok) override {
    {
      MutexLock lock(mutex_);
      writing_ = false;
      if (ok) {
        pump();
        return;
      }
    }
    OnCancel();
  }

  void OnCancel() override { end(client_gone()); }

  void OnDone() override {
    services_.watchers.remove(this);
    services_.streams.remove(this);
    self_.reset();  // May end this object: last.
  }

 private:
  // What the first message says; the hub may have been quicker with something newer.
  void begin(const ListPtr& list, const BeatPtr& beat) {
    MutexLock lock(mutex_);
    take(list);
    if (!beat_ && !last_) beat_ = beat;
    pump();
  }

  void take(const ListPtr& list) STARLING_REQUIRES(mutex_) {
    if (!list_ || !older(*list, *list_)) list_ = list;
  }

  static bool older(const ServerList& a, const ServerList& b) {
    return std::pair(a.term, a.version) < std::pair(b.term, b.version);
  }

  void pump() STARLING_REQUIRES(mutex_) {
    if (finished_ || writing_ || (!list_ && !beat_)) return;
    if (beat_) last_ = beat_;
    // Nothing is said in the name of the node's loop before the loop has said something (R5.5).
    if (!last_) return;
    pb::WatchServersResponse response;
    if (list_) to_wire(*list_, *response.mutable_servers());
    const NodeStatus& status = last_->beat.status;
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - last_->at);
    response.set_server_id(services_.options.id);
    response.set_role(to_wire(status.role));
    response.set_term(status.term);
    response.set_quorum_contact_age_ms(status.quorum_contact_age_ms +
                                       static_cast<std::uint64_t>(since.count()));
    response.set_has_quorum(status.has_quorum);
    response.set_draining(status.draining || services_.draining.load());
    response.set_beat_interval_ms(last_->beat.interval_ms);
    response.set_applied_index(status.applied_index);
    response.set_time_ms(status.time_ms);
    list_.reset();
    beat_.reset();
    writing_bytes_.Clear();
    serialize(response, writing_bytes_);
    writing_ = true;
    StartWrite(&writing_bytes_);
  }

  Services& services_;
  std::shared_ptr<WatchStream> self_;
  Mutex mutex_;
  ListPtr list_ STARLING_GUARDED_BY(mutex_);  // What is still to be written.
  BeatPtr beat_ STARLING_GUARDED_BY(mutex_);
  BeatPtr last_ STARLING_GUARDED_BY(mutex_);  // That was written.
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool writing_ STARLING_GUARDED_BY(mutex_) = false;
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* start_watch(Services& services,
                                                        grpc::CallbackServerContext*,
                                                        const grpc::ByteBuffer* request) {
  const auto stream = std::make_shared<WatchStream>(services);
  stream->start(request);
  return stream.get();  // It holds itself until OnDone.
}

}  // namespace starling::transport
