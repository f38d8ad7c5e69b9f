// Implements server/transport/cluster_service.h: the unary calls.
#include "server/transport/cluster_service.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "server/transport/unary.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestChange{30};
constexpr std::chrono::milliseconds kLookEvery{5};

}  // namespace

template <typename Request>
void ClusterService::add(const char* path,
                         void (ClusterService::*handler)(const CallPtr<Request>&)) {
  add_unary(path, [this, path, handler](Context* context, const Bytes* in, Bytes* out) {
    return start_unary<Request>(
        path, context, in, out,
        [this, handler](const CallPtr<Request>& call) { (this->*handler)(call); });
  });
}

ClusterService::ClusterService(Services& services) : services_(services) {
  add("/starling.v1.Cluster/HealthCheck", &ClusterService::health_check);
  add("/starling.v1.Cluster/LeaveNetwork", &ClusterService::leave_network);
  add("/starling.v1.Cluster/TransferPrimary", &ClusterService::transfer_primary);
  add_server_stream("/starling.v1.Cluster/WatchServers", [this](Context* context, const Bytes* in) {
    return start_watch(services_, context, in);
  });
  add_server_stream("/starling.v1.Cluster/JoinNetwork", [this](Context* context, const Bytes* in) {
    return start_join(services_, context, in);
  });
}

void ClusterService::health_check(const CallPtr<pb::HealthCheckRequest>& call) {
  const NodeStatus status = services_.backend.status();
  pb::HealthCheckResponse response;
  response.set_cluster_id(status.cluster);
  response.set_epoch(status.epoch);
  response.set_server_id(status.id);
  response.set_address(status.address);
  response.set_role(to_wire(status.role));
  response.set_term(status.term);
  response.set_primary_id(status.primary);
  response.set_primary_address(status.primary_address);
  response.set_base_index(status.base_index);
  response.set_last_index(status.last_index);
  response.set_last_term(status.last_term);
  response.set_commit_index(status.commit_index);
  response.set_applied_index(status.applied_index);
  response.set_state_hash(status.state_hash);
  response.set_clients(static_cast<std::uint32_t>(services_.watchers.client_count()));
  response.set_data_bytes(status.data_bytes);
  response.set_uptime_ms(status.uptime_ms);
  response.set_quorum_contact_age_ms(status.quorum_contact_age_ms);
  response.set_has_quorum(status.has_quorum);
  response.set_draining(status.draining || services_.draining.load());
  response.set_protocol_version(kProtocolVersion);
  to_wire(services_.backend.server_list(), *response.mutable_servers());
  response.set_time_ms(status.time_ms);
  call->answer(response);
}

void ClusterService::leave_network(const CallPtr<pb::LeaveNetworkRequest>& call) {
  if (!at_primary(services_, call)) return;
  const ServerList list = services_.backend.server_list();
  const bool known = std::any_of(
      list.servers.begin(), list.servers.end(),
      [&](const ListedServer& server) { return server.id == call->request.server_id(); });
  if (!known) {
    call->fail(not_found("no member has the id " + std::to_string(call->request.server_id())));
    return;
  }
  if (call->request.server_id() != services_.options.id) {
    remove_member(call);
    return;
  }
  // The primary hands over first; its successor removes it.
  const Deadline deadline = deadline_of(call->context(), kLongestChange);
  services_.backend.transfer(
      core::kNoNode, deadline, [this, call, deadline](const MembershipResult& result) {
        if (result.error != MembershipError::kNone) {
          call->fail(failure_of(result, services_.backend.status().primary_address));
          return;
        }
        await_successor(call, deadline, [this, call](const NodeStatus& status) {
          services_.forwarder.forward(call, status.primary_address, true);
        });
      });
}

void ClusterService::remove_member(const CallPtr<pb::LeaveNetworkRequest>& call) {
  services_.backend.change_membership(
      core::MembershipOp::kRemove, call->request.server_id(), {},
      deadline_of(call->context(), kLongestChange), [this, call](const MembershipResult& result) {
        if (result.error != MembershipError::kNone) {
          call->fail(failure_of(result, services_.backend.status().primary_address));
          return;
        }
        pb::LeaveNetworkResponse response;
        to_wire(services_.backend.server_list(), *response.mutable_servers());
        call->answer(response);
      });
}

void ClusterService::transfer_primary(const CallPtr<pb::TransferPrimaryRequest>& call) {
  if (!at_primary(services_, call)) return;
  const core::NodeId target = call->request.server_id();
  const NodeStatus status = services_.backend.status();
  if (target == services_.options.id) {
    pb::TransferPrimaryResponse response;
    response.set_primary_id(status.id);
    response.set_term(status.term);
    call->answer(response);
    return;
  }
  const ServerList list = services_.backend.server_list();
  const bool known = target == core::kNoNode ||
                     std::any_of(list.servers.begin(), list.servers.end(),
                                 [&](const ListedServer& server) { return server.id == target; });
  if (!known) {
    call->fail(not_found("no member has the id " + std::to_string(target)));
    return;
  }
  const Deadline deadline = deadline_of(call->context(), kLongestChange);
  services_.backend.transfer(
      target, deadline, [this, call, deadline](const MembershipResult& result) {
        if (result.error != MembershipError::kNone) {
          call->fail(failure_of(result, services_.backend.status().primary_address));
          return;
        }
        await_successor(call, deadline, [call](const NodeStatus& now) {
          pb::TransferPrimaryResponse response;
          response.set_primary_id(now.primary);
          response.set_term(now.term);
          call->answer(response);
        });
      });
}

void ClusterService::await_successor(const std::shared_ptr<UnaryCall>& call, Deadline deadline,
                                     std::function<void(const NodeStatus&)> next) {
  const NodeStatus status = services_.backend.status();
  if (status.primary != core::kNoNode && status.primary != services_.options.id &&
      !status.primary_address.empty()) {
    next(status);
  } else if (services_.ending.load() || std::chrono::steady_clock::now() >= deadline ||
             !services_.scheduler.after(kLookEvery, [this, call, deadline, next] {
               await_successor(call, deadline, next);
             })) {
    call->fail(failure_of({MembershipError::kTimeout, "no successor was heard of in time", 0}, {}));
  }
}

}  // namespace starling::transport
