// Implements server/transport/call.h.
#include "server/transport/call.h"

#include <algorithm>

namespace starling::transport {

bool is_forwarded(const grpc::CallbackServerContext& context) {
  return context.client_metadata().contains(kForwardedKey);
}

Deadline deadline_of(const grpc::CallbackServerContext& context, std::chrono::milliseconds most) {
  const auto now = std::chrono::steady_clock::now();
  // A call without a deadline says "for ever", which no duration holds: compare before subtracting.
  const auto wall = std::chrono::system_clock::now();
  const auto until = context.deadline();
  if (until >= wall + most) return now + most;
  return now + std::max(std::chrono::duration_cast<std::chrono::milliseconds>(until - wall),
                        std::chrono::milliseconds(0));
}

bool is_late(const grpc::CallbackServerContext& context) {
  return context.deadline() <= std::chrono::system_clock::now();
}

bool is_given_up(const grpc::CallbackServerContext& context) {
  return context.IsCancelled() || is_late(context);
}

std::string peer_host(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();  // "ipv4:127.0.0.1:40000"
  const std::size_t colon = peer.rfind(':');
  return colon == std::string::npos ? peer : peer.substr(0, colon);
}

}  // namespace starling::transport
