// Shutting down while other servers hang: nothing of theirs is waited for longer than asked.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "server/transport/hash.h"
#include "server/transport/peer_link_impl.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

constexpr std::chrono::seconds kLongTimeout{60};

// A peer that takes a link and every call, and answers none until it is given up.
class HungPeer final : public pb::Peer::Service {
 public:
  HungPeer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    // As a real peer: the links' signs of life are welcome.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 200);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~HungPeer() override { server_->Shutdown(std::chrono::system_clock::now()); }

  const std::string& address() const { return address_; }
  int called() const { return called_.load(); }
  int given_up() const { return given_up_.load(); }

  grpc::Status Replicate(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<pb::PeerHello, pb::PeerMessage>* stream) override {
    pb::PeerHello hello;
    hello.set_cluster_id(7);
    hello.set_epoch(1);
    hello.set_server_id(12);
    hello.set_protocol_version(kProtocolVersion);
    stream->Write(hello);
    pb::PeerMessage message;
    while (stream->Read(&message)) {
    }
    return grpc::Status::OK;
  }
  grpc::Status RequestVote(grpc::ServerContext* context, const pb::PeerMessage*,
                           pb::PeerMessage*) override {
    return hang(*context);
  }
  grpc::Status UpdateServerList(grpc::ServerContext* context, const pb::UpdateServerListRequest*,
                                pb::UpdateServerListResponse*) override {
    return hang(*context);
  }

 private:
  grpc::Status hang(grpc::ServerContext& context) {
    ++called_;
    const bool ended = eventually([&] { return context.IsCancelled(); });
    // Not by its deadline, which is far away.
    if (ended && context.deadline() > std::chrono::system_clock::now() + kLongTimeout / 2) {
      ++given_up_;
    }
    return grpc::Status::CANCELLED;
  }

  std::atomic<int> called_{0};
  std::atomic<int> given_up_{0};
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

ServerOptions patient_options() {
  ServerOptions options = test_options();
  options.peer_call_timeout = kLongTimeout;
  return options;
}

class Shutdown : public TransportTest {
 protected:
  Shutdown() : TransportTest(patient_options()) {}
};

TEST_F(Shutdown, CallsToAPeerThatHangsAreGivenUp) {
  HungPeer peer;
  server_->set_peers({{12, peer.address(), true}});
  ASSERT_TRUE(eventually([&] { return !backend_.peer_events().empty(); }));
  server_->publish_list(backend_.server_list(), true);
  core::Message vote;
  vote.cluster = 7;
  vote.epoch = 1;
  vote.from = 11;
  vote.to = 12;
  vote.term = 3;
  vote.body = core::VoteRequest{true, false, 1, 1};
  server_->send(vote);
  ASSERT_TRUE(eventually([&] { return peer.called() == 2; }));
  server_->shutdown(std::chrono::steady_clock::now() + std::chrono::seconds(1));
  EXPECT_TRUE(eventually([&] { return peer.given_up() == 2; }));
}

TEST_F(Shutdown, ACallPassedOnToAHungPrimaryIsAnswered) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  FakeBackend backup(12);
  backup.set_status([&](NodeStatus& status) {
    status.role = ServerRole::kBackup;
    status.primary_address = server_->bound_address();
  });
  std::string error;
  const auto relay = Server::start(test_options(12), backup, error);
  ASSERT_TRUE(relay) << error;
  const auto stub = pb::Chat::NewStub(
      grpc::CreateChannel(relay->bound_address(), grpc::InsecureChannelCredentials()));
  backend_.hold_proposals(true);
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(conversation);
  request.set_body("held");
  auto status = std::async(std::launch::async, [&] {
    grpc::ClientContext context;
    context.AddMetadata("authorization", ada.bearer);
    context.set_deadline(std::chrono::system_clock::now() + kLongTimeout);
    pb::SendResponse response;
    return stub->Send(&context, request, &response);
  });
  ASSERT_TRUE(eventually([&] { return backend_.waiting_work() != 0; }));
  relay->shutdown(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
  const grpc::Status answer = status.get();
  EXPECT_EQ(answer.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(detail_of(answer).reason(), pb::REASON_PRIMARY_LOST);
  EXPECT_TRUE(detail_of(answer).may_have_happened());
  backend_.hold_proposals(false);
}

TEST(Links, AClosedLinkStaysClosed) {
  ASSERT_TRUE(init_secrets());
  FakeBackend backend;
  Services services(test_options(), backend);
  const auto link = std::make_shared<PeerLink>(services, core::Member{12, "127.0.0.1:1", true});
  link->close();
  link->open();
  EXPECT_TRUE(services.pending.wait(std::chrono::steady_clock::now())) << "it makes an attempt";
}

}  // namespace
}  // namespace starling::transport
