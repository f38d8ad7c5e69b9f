// JoinNetwork: makes the caller a learner and streams it the lists and the log, or tells it to
// fetch a snapshot first (DESIGN 4.4, R3.3).
#include <algorithm>

#include "server/transport/cluster_service.h"
#include "server/transport/convert.h"
#include "server/transport/pull_stream.h"
#include "server/transport/validate.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestChange{30};
constexpr std::size_t kChunkBytes = 1u << 20;
constexpr core::Index kLongLog = 100'000;
constexpr std::size_t kMaxActive = 10'000;

class JoinStream final : public PullStream {
 public:
  JoinStream(Services& services, grpc::CallbackServerContext* context)
      : PullStream(services, context) {}

  void start(const grpc::ByteBuffer* bytes) {
    if (!begin()) return;
    pb::JoinNetworkRequest request;
    std::string field;
    if (!parse(*bytes, request, field)) {
      end(malformed(field));
    } else if (const Invalid invalid = validate(request)) {
      end(*invalid);
    } else if (request.protocol_version() != kProtocolVersion) {
      end(wrong_version(request.protocol_version()));
    } else if (!meant(request)) {
      end(other_cluster());
    } else {
      admit(request);
    }
  }

 private:
  static Failure wrong_version(std::uint32_t theirs) {
    Failure failure = invalid_field(
        "protocol_version", "this cluster speaks version " + std::to_string(kProtocolVersion) +
                                ", the joiner version " + std::to_string(theirs));
    failure.code = grpc::StatusCode::FAILED_PRECONDITION;
    return failure;
  }

  // R3.2: before anything is changed for it.
  bool meant(const pb::JoinNetworkRequest& request) const {
    const ServerOptions& own = services_.options;
    return request.cluster_id() == 0 ||
           (request.cluster_id() == own.cluster && request.epoch() == own.epoch);
  }

  static Failure other_cluster() {
    Failure failure =
        invalid_field("cluster_id", "this is another cluster, or another epoch of it");
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
    next_ = std::max<core::Index>(1, request.from_index());
    services_.backend.change_membership(
        request.returning() ? core::MembershipOp::kAddReturning : core::MembershipOp::kAddLearner,
        request.server_id(), request.address(), deadline_of(*context_, kLongestChange),
        [this, self = shared_from_this()](const MembershipResult& result) { admitted(result); });
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
    for (const auto& [server, entry] : services_.presence.everybody(kMaxActive)) {
      pb::ActiveClient& to = *response.add_active_clients();
      to.set_server_id(server);
      to.set_account_id(entry.account);
      to.set_state(to_wire(entry.info.state));
    }
    response.set_through_index(through_);
    // A long log is dearer to take in than the state that it leads to.
    const bool gone = next_ <= status.base_index;
    if (gone || (next_ == 1 && through_ > kLongLog)) {
      response.set_snapshot_first(true);
      next_ = through_ + 1;
    }
    write(response);
  }

  void next() override {
    if (next_ > through_) {
      complete();
      return;
    }
    std::vector<core::EntryPtr> entries;
    if (!services_.backend.read_log(next_, through_, kChunkBytes, entries) || entries.empty() ||
        entries.front()->index != next_) {
      // Compacted away meanwhile: asked again, the joiner is told to fetch a snapshot.
      const bool gone = next_ <= services_.backend.status().base_index;
      end(gone ? lagging() : store_failed("the log"));
      return;
    }
    pb::JoinNetworkResponse response;
    for (const core::EntryPtr& entry : entries) to_wire(*entry, *response.add_entries());
    next_ = entries.back()->index + 1;
    response.set_done(next_ > through_);
    write(response);
  }

  core::Index next_ = 1;
  core::Index through_ = 0;
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
