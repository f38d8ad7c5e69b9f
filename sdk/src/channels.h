// One gRPC channel for each server's address, with the settings that keep a half-open connection
// from holding an operation.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sdk/src/thread_annotations.h"
#include "starling/v1/chat.grpc.pb.h"
#include "starling/v1/cluster.grpc.pb.h"

namespace starling::sdk {

std::shared_ptr<grpc::Channel> make_channel(const std::string& address);

// Whether a live connection has taken the call, so that the server may have seen it: gRPC names the
// peer of a call by its socket address from then on. For a call that is still under way.
bool reached_server(const grpc::ClientContext& context);
// The same for one that ended. gRPC forgets the peer of a call that ends on this side, by its
// deadline or by cancelling: such a call counts as taken.
bool reached_server(const grpc::ClientContext& context, const grpc::Status& status);

// A server as it is dialled.
struct Endpoint {
  explicit Endpoint(const std::string& server_address);
  std::string address;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Chat::Stub> chat;
  std::unique_ptr<v1::Cluster::Stub> cluster;
};
using EndpointPtr = std::shared_ptr<Endpoint>;

// Thread-safe. Bounded: keep_only follows the server list, and past kMaxPooled nothing is kept.
class ChannelPool {
 public:
  EndpointPtr get(const std::string& address) STARLING_EXCLUDES(mutex_);
  // Drops the channels of addresses that are not listed; calls under way keep theirs.
  void keep_only(const std::vector<std::string>& addresses) STARLING_EXCLUDES(mutex_);
  // Starts connecting, so that a failover finds the connection made.
  void warm(const std::string& address) STARLING_EXCLUDES(mutex_) {
    get(address)->channel->GetState(true);
  }
  void clear() STARLING_EXCLUDES(mutex_) { keep_only({}); }

 private:
  Mutex mutex_;
  std::map<std::string, EndpointPtr> endpoints_ STARLING_GUARDED_BY(mutex_);
};

}  // namespace starling::sdk
