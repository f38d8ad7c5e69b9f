// One unary call under way: it is answered exactly once, from whatever thread has the answer.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "server/transport/auth.h"
#include "server/transport/errors.h"
#include "server/transport/wire.h"

namespace starling::transport {

// The metadata of a call that another server passed on: it is not passed on again. Anybody can set
// it: it spares a log-in one count (from_member) and grants nothing else.
inline constexpr char kForwardedKey[] = "starling-forwarded";

bool is_forwarded(const grpc::CallbackServerContext& context);
// When the caller gives up, but at most `most` from now.
Deadline deadline_of(const grpc::CallbackServerContext& context, std::chrono::milliseconds most);
bool is_late(const grpc::CallbackServerContext& context);  // Its deadline has passed.
// Whether nobody waits for the answer any more: the caller is gone, or it is too late.
bool is_given_up(const grpc::CallbackServerContext& context);
// The caller's address without its port.
std::string peer_host(const grpc::CallbackServerContext& context);

// Thread contract: handed from thread to thread, one at a time; answer() and fail() once.
class UnaryCall {
 public:
  UnaryCall(const char* path, grpc::CallbackServerContext* context,
            const grpc::ByteBuffer* request_bytes, grpc::ByteBuffer* response_bytes)
      : path_(path),
        context_(context),
        request_bytes_(request_bytes),
        response_bytes_(response_bytes),
        reactor_(context->DefaultReactor()) {}
  virtual ~UnaryCall() = default;

  const char* path() const { return path_; }
  const grpc::CallbackServerContext& context() const { return *context_; }
  const grpc::ByteBuffer* request_bytes() const { return request_bytes_; }
  grpc::ServerUnaryReactor* reactor() const { return reactor_; }

  void answer(const google::protobuf::Message& response) {
    serialize(response, *response_bytes_);
    finish(grpc::Status::OK);
  }
  void answer_bytes(grpc::ByteBuffer& response) {
    response_bytes_->Swap(&response);
    finish(grpc::Status::OK);
  }
  void fail(const Failure& failure) { finish(to_status(failure)); }
  void finish(const grpc::Status& status) {
    if (!finished_.exchange(true)) reactor_->Finish(status);
  }

  Credential credential;  // Set by the service before its handlers run.
  Identity identity;      // Set by authentication.
  bool forwarded = false;

 private:
  const char* path_;
  grpc::CallbackServerContext* context_;
  const grpc::ByteBuffer* request_bytes_;
  grpc::ByteBuffer* response_bytes_;
  grpc::ServerUnaryReactor* reactor_;
  std::atomic<bool> finished_{false};
};

template <typename Request>
class Call final : public UnaryCall {
 public:
  using UnaryCall::UnaryCall;
  Request request;
};

template <typename Request>
using CallPtr = std::shared_ptr<Call<Request>>;

}  // namespace starling::transport
