// A unary operation of one method of the chat service.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "sdk/src/caller.h"
#include "sdk/src/random.h"
#include "starling/v1/chat.grpc.pb.h"

namespace starling::sdk {

using ChatAsync = v1::Chat::StubInterface::async_interface;

template <typename Request, typename Response>
using ChatMethod = void (ChatAsync::*)(grpc::ClientContext*, const Request*, Response*,
                                       std::function<void(grpc::Status)>);

template <typename Request, typename Response>
class UnaryOperation : public Operation {
 public:
  using Done = std::function<void(Result<Response>)>;

  // `done` runs on the loop's thread, or inside submit() when the client is closed.
  UnaryOperation(ChatMethod<Request, Response> method, Request request, Done done)
      : method_(method), request_(std::move(request)), done_(std::move(done)) {
    write = kWrites || kRepeatable;
    if constexpr (std::is_same_v<Request, v1::LogOutRequest>) {
      done_when = v1::REASON_UNAUTHENTICATED;
    }
    if constexpr (kWrites) {
      if (request_.write().request_id().empty()) {
        request_.mutable_write()->set_request_id(new_request_id());
      }
    }
  }

 private:
  static constexpr bool kWrites = requires(Request & r) { r.mutable_write(); };
  // Writes that need no request id, since doing them again does nothing more.
  static constexpr bool kRepeatable = std::is_same_v<Request, v1::LogInRequest> ||
                                      std::is_same_v<Request, v1::LogOutRequest> ||
                                      std::is_same_v<Request, v1::EndSessionRequest> ||
                                      std::is_same_v<Request, v1::MarkReadRequest> ||
                                      std::is_same_v<Request, v1::MarkDeliveredRequest> ||
                                      std::is_same_v<Request, v1::HideMessagesRequest>;
  static constexpr bool kReads = requires(Request & r) { r.mutable_read(); };

  void prepare(const View& view) override {
    if constexpr (kWrites) request_.mutable_write()->set_as_of_ms(view.as_of_ms());
    if constexpr (kReads) *request_.mutable_read()->mutable_after() = view.token();
  }
  void issue(Endpoint& endpoint, grpc::ClientContext* context,
             std::function<void(grpc::Status)> done) override {
    response_.Clear();
    (endpoint.chat->async()->*method_)(context, &request_, &response_, std::move(done));
  }
  const v1::ResponseHeader* header() const override {
    return response_.has_header() ? &response_.header() : nullptr;
  }
  void succeed() override { answer(std::move(response_)); }
  void fail(Error error) override { answer(std::move(error)); }
  void answer(Result<Response> result) {
    const Done done = std::move(done_);
    done_ = nullptr;
    if (done) done(std::move(result));
  }

  const ChatMethod<Request, Response> method_;
  Request request_;
  Response response_;
  Done done_;
};

}  // namespace starling::sdk
