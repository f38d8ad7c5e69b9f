// See probe.h.
#include "server/transport/probe.h"

#include <grpcpp/grpcpp.h>

#include "server/transport/convert.h"
#include "server/transport/forwarder.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling::transport {
namespace {

constexpr std::size_t kMaxAnswerBytes = 1u << 20;

}  // namespace

bool probe_server(const std::string& target, Deadline deadline, ProbeResult& out) {
  const std::shared_ptr<grpc::Channel> channel = make_server_channel(target, kMaxAnswerBytes);
  const auto stub = v1::Cluster::NewStub(channel);
  grpc::ClientContext context;
  const auto left = deadline - std::chrono::steady_clock::now();
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::duration_cast<std::chrono::microseconds>(left));
  v1::HealthCheckResponse answer;
  if (!stub->HealthCheck(&context, v1::HealthCheckRequest(), &answer).ok()) return false;
  out = {answer.cluster_id(), answer.epoch(), answer.server_id(), answer.has_quorum(),
         from_wire(answer.servers())};
  return out.cluster != 0 && out.id != core::kNoNode;
}

}  // namespace starling::transport
