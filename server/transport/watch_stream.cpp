// WatchServers: the active list when it changes, and the beats of the node's loop. A slow reader
// gets only the latest of each.
#include "server/transport/cluster_service.h"
#include "server/transport/convert.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

using ListPtr = std::shared_ptr<const ServerList>;
using BeatPtr = std::shared_ptr<const Beat>;

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
      Beat beat;
      beat.status = services_.backend.status();
      beat.interval_ms = services_.beat_interval_ms.load();
      news(std::make_shared<const ServerList>(services_.backend.server_list()),
           std::make_shared<const Beat>(std::move(beat)));
    }
  }

  void news(const ListPtr& list, const BeatPtr& beat) override {
    MutexLock lock(mutex_);
    if (list && !(list_ && older(*list, *list_))) list_ = list;
    if (beat) beat_ = beat;
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

  void OnCancel() override {
    Failure failure;
    failure.code = grpc::StatusCode::CANCELLED;
    failure.message = "the client is gone";
    end(failure);
  }

  void OnDone() override {
    services_.watchers.remove(this);
    services_.streams.remove(this);
    self_.reset();  // May end this object: last.
  }

 private:
  static bool older(const ServerList& a, const ServerList& b) {
    return std::pair(a.term, a.version) < std::pair(b.term, b.version);
  }

  void pump() STARLING_REQUIRES(mutex_) {
    if (finished_ || writing_ || (!list_ && !beat_)) return;
    pb::WatchServersResponse response;
    if (list_) to_wire(*list_, *response.mutable_servers());
    if (beat_) last_ = *beat_;
    const NodeStatus& status = last_.status;
    response.set_server_id(services_.options.id);
    response.set_role(to_wire(status.role));
    response.set_term(status.term);
    response.set_quorum_contact_age_ms(status.quorum_contact_age_ms);
    response.set_has_quorum(status.has_quorum);
    response.set_draining(status.draining || services_.draining.load());
    response.set_beat_interval_ms(last_.interval_ms);
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
  Beat last_ STARLING_GUARDED_BY(mutex_);
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
