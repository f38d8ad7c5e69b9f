// The Cluster service: health, the server list, joining, leaving, handing over.
#pragma once

#include "server/transport/call.h"
#include "server/transport/raw_service.h"
#include "server/transport/services.h"

namespace starling::transport {

class ClusterService final : public RawService {
 public:
  explicit ClusterService(Services& services);

 private:
  template <typename Request>
  void add(const char* path, void (ClusterService::*handler)(const CallPtr<Request>&));

  void health_check(const CallPtr<pb::HealthCheckRequest>& call);
  void leave_network(const CallPtr<pb::LeaveNetworkRequest>& call);
  void transfer_primary(const CallPtr<pb::TransferPrimaryRequest>& call);

  void remove_member(const CallPtr<pb::LeaveNetworkRequest>& call);
  // Looks until another primary is known, then goes on; fails the call at the deadline.
  void await_successor(const std::shared_ptr<UnaryCall>& call, Deadline deadline,
                       std::function<void(const NodeStatus&)> next);

  Services& services_;
};

// The streams.
grpc::ServerWriteReactor<grpc::ByteBuffer>* start_watch(Services& services,
                                                        grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request);
grpc::ServerWriteReactor<grpc::ByteBuffer>* start_join(Services& services,
                                                       grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request);

}  // namespace starling::transport
