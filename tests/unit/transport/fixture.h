// A server on a free loopback port over a FakeBackend, and raw calls to it.
#pragma once

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <future>

#include "server/transport/wire.h"
#include "starling/v1/chat.grpc.pb.h"
#include "starling/v1/cluster.grpc.pb.h"
#include "starling/v1/peer.grpc.pb.h"
#include "tests/unit/transport/fake_backend.h"

namespace starling::transport {

inline ServerOptions test_options(core::NodeId id = 11) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.cluster = 7;
  options.epoch = 1;
  options.id = id;
  options.hash = {1, 8192};
  options.login_burst = 100;
  return options;
}

inline std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// What came of a call.
struct Answer {
  bool answered = false;  // A message came (for a stream: the first).
  grpc::Status status;
  grpc::ByteBuffer bytes;
  pb::ErrorDetail detail() const {
    pb::ErrorDetail out;
    out.ParseFromString(status.error_details());
    return out;
  }
};

// Any method, by its path, with raw bytes: sends one message, takes the first answer.
class RawCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  static Answer run(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                    const std::string& request, const std::string& authorization, bool streams) {
    RawCall call(streams);
    if (!authorization.empty()) call.context_.AddMetadata("authorization", authorization);
    call.context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::Slice slice(request);
    call.out_ = grpc::ByteBuffer(&slice, 1);
    grpc::GenericStub stub(channel);
    stub.PrepareBidiStreamingCall(&call.context_, path, grpc::StubOptions(), &call);
    if (streams) {
      call.StartWrite(&call.out_);
    } else {
      call.StartWriteLast(&call.out_, grpc::WriteOptions());
    }
    call.StartRead(&call.in_);
    call.StartCall();
    call.done_.get_future().wait();
    return call.answer_;
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    answer_.answered = true;
    answer_.bytes.Swap(&in_);
    if (streams_) context_.TryCancel();
  }
  void OnDone(const grpc::Status& status) override {
    answer_.status = status;
    done_.set_value();
  }

 private:
  explicit RawCall(bool streams) : streams_(streams) {}
  const bool streams_;
  grpc::ClientContext context_;
  grpc::ByteBuffer out_;
  grpc::ByteBuffer in_;
  Answer answer_;
  std::promise<void> done_;
};

struct Session {
  std::string name;
  std::string bearer;
  std::int64_t account = 0;
};

class TransportTest : public ::testing::Test {
 protected:
  explicit TransportTest(ServerOptions options = test_options()) {
    std::string error;
    server_ = Server::start(options, backend_, error);
    if (!server_) {
      ADD_FAILURE() << error;
      std::abort();
    }
    backend_.attach(server_.get());
    channel_ = grpc::CreateChannel(server_->bound_address(), grpc::InsecureChannelCredentials());
    chat_ = pb::Chat::NewStub(channel_);
    cluster_ = pb::Cluster::NewStub(channel_);
  }
  ~TransportTest() override {
    server_->shutdown(std::chrono::steady_clock::now() + std::chrono::seconds(5));
    backend_.attach(nullptr);
  }

  static std::string request_id() {
    static std::atomic<std::uint64_t> next{1};
    std::string id(16, '\x5a');
    const std::uint64_t number = next.fetch_add(1);
    for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<char>(number >> (8 * i));
    return id;
  }
  template <typename Request>
  Request write_request() const {
    Request request;
    request.mutable_write()->set_request_id(request_id());
    request.mutable_write()->set_as_of_ms(now_ms() + backend_.stamp_offset());
    return request;
  }

  Session account(const std::string& name) {
    auto create = write_request<pb::CreateAccountRequest>();
    create.set_name(name);
    create.set_password("correct horse");
    pb::CreateAccountResponse created;
    expect_ok(call(&pb::Chat::Stub::CreateAccount, create, created, ""));
    return log_in(name);
  }
  Session log_in(const std::string& name) {
    pb::LogInRequest request;
    request.set_name(name);
    request.set_password("correct horse");
    pb::LogInResponse response;
    expect_ok(call(&pb::Chat::Stub::LogIn, request, response, ""));
    return {name, "Bearer " + response.token(), response.account().id()};
  }
  std::int64_t open_direct(const Session& who, const std::string& with) {
    auto request = write_request<pb::OpenDirectRequest>();
    request.set_name(with);
    pb::OpenDirectResponse response;
    expect_ok(call(&pb::Chat::Stub::OpenDirect, request, response, who.bearer));
    return response.conversation().id();
  }
  std::int64_t send(const Session& who, std::int64_t conversation, const std::string& body) {
    auto request = write_request<pb::SendRequest>();
    request.set_conversation_id(conversation);
    request.set_body(body);
    pb::SendResponse response;
    expect_ok(call(&pb::Chat::Stub::Send, request, response, who.bearer));
    return response.message().seq();
  }

  template <typename Request, typename Response>
  grpc::Status call(grpc::Status (pb::Chat::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                    const Request& request, Response& response, const std::string& bearer) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!bearer.empty()) context.AddMetadata("authorization", bearer);
    return (chat_.get()->*method)(&context, request, &response);
  }
  static void expect_ok(const grpc::Status& status) {
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
  }
  static pb::ErrorDetail detail_of(const grpc::Status& status) {
    pb::ErrorDetail detail;
    EXPECT_TRUE(detail.ParseFromString(status.error_details()));
    return detail;
  }

  FakeBackend backend_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::Chat::Stub> chat_;
  std::unique_ptr<pb::Cluster::Stub> cluster_;
};

}  // namespace starling::transport
