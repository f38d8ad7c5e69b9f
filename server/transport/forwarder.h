// Calls passed on to the primary, one hop (DESIGN 5).
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <map>
#include <memory>
#include <string>

#include "server/transport/call.h"
#include "server/transport/mutex.h"
#include "server/transport/pending.h"

namespace starling::transport {

// Thread contract: every call is thread-safe.
class Forwarder {
 public:
  explicit Forwarder(Pending& pending) : pending_(pending) {}

  // Answers `call` with what the server at `address` says. `write`: when that server is lost, the
  // call may have happened.
  void forward(const std::shared_ptr<UnaryCall>& call, const std::string& address, bool write);
  // The channel to the primary: kept while its address stays.
  std::shared_ptr<grpc::Channel> channel(const std::string& address);
  // Gives up what is under way to any other address.
  void primary_changed(const std::string& address);
  // Gives up what is under way, and takes a new channel for what comes.
  void renew();
  // Gives up everything, and refuses what comes after.
  void stop();

 private:
  struct InFlight {
    Pending::Token token;  // Goes last: see Pending.
    grpc::ClientContext context;
    std::shared_ptr<UnaryCall> call;
    std::string address;
    grpc::ByteBuffer response;
    bool write = false;
  };
  void done(InFlight* key, const grpc::Status& status);
  void cancel_others(const std::string* address);

  Pending& pending_;
  Mutex mutex_;
  std::string address_ STARLING_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::Channel> channel_ STARLING_GUARDED_BY(mutex_);
  std::map<InFlight*, std::shared_ptr<InFlight>> in_flight_ STARLING_GUARDED_BY(mutex_);
  bool stopped_ STARLING_GUARDED_BY(mutex_) = false;
};

// A channel among servers: short backoff, keepalive, its own connection; past the link faults, if
// there are any. All that a server says to another goes over one of these. kBulk: for what comes
// faster than it can be stored; a mebibyte of it waits here, and gRPC would let that grow to many.
enum class ChannelUse { kMessages, kBulk };
std::shared_ptr<grpc::Channel> make_server_channel(const std::string& address,
                                                   std::size_t max_message_bytes,
                                                   ChannelUse use = ChannelUse::kMessages);

}  // namespace starling::transport
