// One gRPC channel for each server's address.
#include "sdk/src/channels.h"

#include <algorithm>

namespace starling::sdk {
namespace {

constexpr int kKeepaliveMs = 1'000;
constexpr int kMinBackoffMs = 20;
constexpr int kMaxBackoffMs = 250;
constexpr int kConnectTimeoutMs = 1'000;
constexpr std::size_t kMaxPooled = 256;
constexpr int kMaxReceiveBytes = 16 * 1'024 * 1'024;

}  // namespace

std::shared_ptr<grpc::Channel> make_channel(const std::string& address) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  // Sets TCP_USER_TIMEOUT as well, where the system has it.
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs);
  args.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kMinBackoffMs);
  // gRPC takes this one as the shortest time that it gives a connection attempt.
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTimeoutMs);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxBackoffMs);
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  return grpc::CreateCustomChannel("dns:///" + address, grpc::InsecureChannelCredentials(), args);
}

bool reached_server(const grpc::ClientContext& context) {
  const std::string peer = context.peer();
  return peer.rfind("ipv4:", 0) == 0 || peer.rfind("ipv6:", 0) == 0 || peer.rfind("unix:", 0) == 0;
}

Endpoint::Endpoint(const std::string& server_address)
    : address(server_address),
      channel(make_channel(server_address)),
      chat(v1::Chat::NewStub(channel)),
      cluster(v1::Cluster::NewStub(channel)) {}

bool reached_server(const grpc::ClientContext& context, const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::CANCELLED ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED || reached_server(context);
}

EndpointPtr ChannelPool::get(const std::string& address) {
  MutexLock lock(mutex_);
  const auto found = endpoints_.find(address);
  if (found != endpoints_.end()) return found->second;
  auto endpoint = std::make_shared<Endpoint>(address);
  if (endpoints_.size() < kMaxPooled) endpoints_.emplace(address, endpoint);
  return endpoint;
}

void ChannelPool::keep_only(const std::vector<std::string>& addresses) {
  std::vector<EndpointPtr> dropped;  // Destroyed outside the lock.
  MutexLock lock(mutex_);
  for (auto it = endpoints_.begin(); it != endpoints_.end();) {
    if (std::find(addresses.begin(), addresses.end(), it->first) == addresses.end()) {
      dropped.push_back(std::move(it->second));
      it = endpoints_.erase(it);
    } else {
      ++it;
    }
  }
}

}  // namespace starling::sdk
