// JoinNetwork: makes the caller a learner and streams it the lists and the log (DESIGN 4.4, R3.3).
#include <algorithm>

#include "server/transport/cluster_service.h"
#include "server/transport/convert.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestChange{30};
constexpr std::size_t kChunkBytes = 1u << 20;

// Owns itself from start() to OnDone. The log is read on the disk pool, one chunk at a time; the
// next one when the last has been taken by the joiner.
class JoinStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public Stream,
                         public std::enable_shared_from_this<JoinStream> {
 public:
  JoinStream(Services& services, grpc::CallbackServerContext* context)
      : services_(services), context_(context) {}

  void start(const grpc::ByteBuffer* bytes) {
    self_ = shared_from_this();
    pb::JoinNetworkRequest request;
    std::string field;
    if (!parse(*bytes, request, field)) {
      end(malformed(field));
    } else if (const Invalid invalid = validate(request)) {
      end(*invalid);
    } else if (request.protocol_version() != kProtocolVersion) {
      end(wrong_version(request.protocol_version()));
    } else if (!services_.streams.add(weak_from_this()) || services_.draining.load()) {
      end(draining());
    } else {
      admit(request);
    }
  }

  void end(const Failure& failure) override {
    MutexLock lock(mutex_);
    finish(to_status(failure));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      OnCancel();
      return;
    }
    {
      // Orders this reaction behind the write that it answers.
      MutexLock lock(mutex_);
      if (finished_) return;
    }
    const bool queued = services_.disk.submit([self = shared_from_this()] { self->write_chunk(); });
    if (!queued) end(too_many_reads());
  }

  void OnCancel() override {
    Failure failure;
    failure.code = grpc::StatusCode::CANCELLED;
    failure.message = "the joiner is gone";
    end(failure);
  }

  void OnDone() override {
    services_.streams.remove(this);
    self_.reset();  // May end this object: last.
  }

 private:
  static Failure wrong_version(std::uint32_t theirs) {
    Failure failure = invalid_field(
        "protocol_version", "this cluster speaks version " + std::to_string(kProtocolVersion) +
                                ", the joiner version " + std::to_string(theirs));
    failure.code = grpc::StatusCode::FAILED_PRECONDITION;
    return failure;
  }

  void admit(const pb::JoinNetworkRequest& request) {
    const NodeStatus status = services_.backend.status();
    if (status.role != ServerRole::kPrimary) {
      end(status.primary == core::kNoNode ? no_primary() : not_primary(status.primary_address));
      return;
    }
    if (request.server_id() == services_.options.id) {
      end(invalid_field("server_id", "is this server's own"));
      return;
    }
    services_.backend.change_membership(
        core::MembershipOp::kAddLearner, request.server_id(), request.address(),
        deadline_of(*context_, kLongestChange),
        [self = shared_from_this()](const MembershipResult& result) { self->admitted(result); });
  }

  void admitted(const MembershipResult& result) {
    const NodeStatus status = services_.backend.status();
    if (result.error != MembershipError::kNone) {
      end(failure_of(result, status.primary_address));
      return;
    }
    through_ = std::max(status.commit_index, result.index);
    pb::JoinNetworkResponse response;
    to_wire(services_.backend.server_list(), *response.mutable_servers());
    for (const std::string& client : services_.watchers.clients()) {
      pb::ActiveClient& to = *response.add_active_clients();
      to.set_client(client);
      to.set_server_id(services_.options.id);
    }
    response.set_through_index(through_);
    write(response);
  }

  void write_chunk() {
    if (next_ > through_) {
      MutexLock lock(mutex_);
      finish(grpc::Status::OK);
      return;
    }
    std::vector<core::EntryPtr> entries;
    if (!services_.backend.read_log(next_, through_, kChunkBytes, entries) || entries.empty() ||
        entries.front()->index != next_) {
      end(store_failed("the log"));
      return;
    }
    pb::JoinNetworkResponse response;
    for (const core::EntryPtr& entry : entries) to_wire(*entry, *response.add_entries());
    next_ = entries.back()->index + 1;
    response.set_done(next_ > through_);
    write(response);
  }

  void write(const pb::JoinNetworkResponse& response) {
    MutexLock lock(mutex_);
    if (finished_) return;
    writing_bytes_.Clear();
    serialize(response, writing_bytes_);
    StartWrite(&writing_bytes_);
  }

  void finish(const grpc::Status& status) STARLING_REQUIRES(mutex_) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }

  Services& services_;
  grpc::CallbackServerContext* context_;
  std::shared_ptr<JoinStream> self_;
  core::Index next_ = 1;
  core::Index through_ = 0;
  Mutex mutex_;
  grpc::ByteBuffer writing_bytes_ STARLING_GUARDED_BY(mutex_);
  bool finished_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* start_join(Services& services,
                                                       grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request) {
  const auto stream = std::make_shared<JoinStream>(services, context);
  stream->start(request);
  return stream.get();  // It holds itself until OnDone.
}

}  // namespace starling::transport
