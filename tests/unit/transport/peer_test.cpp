// Peer links, votes, lists and joining, between real servers over fake nodes.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "server/transport/join_client.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

core::Message heartbeat(core::NodeId from, core::NodeId to, std::uint64_t round) {
  core::Message message;
  message.cluster = 7;
  message.epoch = 1;
  message.from = from;
  message.to = to;
  message.term = 3;
  message.body = core::HeartbeatRequest{round, 5};
  return message;
}

class Peers : public TransportTest {
 protected:
  Peers() : other_(12) { start_other("127.0.0.1:0"); }
  ~Peers() override { stop_other(); }

  void start_other(const std::string& listen) {
    ServerOptions options = test_options(12);
    options.listen = listen;
    std::string error;
    // While it was down, somebody else's connection may have been given its port.
    ASSERT_TRUE(eventually([&] {
      other_server_ = Server::start(options, other_, error);
      return other_server_ != nullptr;
    })) << error;
  }
  void stop_other() { other_server_.reset(); }
  void link_both() {
    server_->set_peers({{12, other_server_->bound_address(), true}});
    other_server_->set_peers({{11, server_->bound_address(), true}});
    ASSERT_TRUE(eventually([&] {
      return contains(backend_.peer_events(), "connected 12") &&
             contains(other_.peer_events(), "connected 11");
    }));
  }
  FakeBackend other_;
  std::unique_ptr<Server> other_server_;
};

TEST_F(Peers, MessagesArriveInOrder) {
  link_both();
  for (std::uint64_t i = 0; i < 500; ++i) server_->send(heartbeat(11, 12, i));
  ASSERT_TRUE(eventually([&] { return other_.delivered().size() == 500; }));
  const std::vector<core::Message> got = other_.delivered();
  for (std::uint64_t i = 0; i < 500; ++i) {
    EXPECT_EQ(std::get<core::HeartbeatRequest>(got[i].body).round, i);
    EXPECT_EQ(got[i].term, 3u);
  }
}

// R3.6: a server of an earlier epoch hears of the later one as soon as it dials, and no link comes
// about; of another cluster's epoch it hears nothing.
TEST_F(Peers, ALaterEpochIsToldAndNotSpokenTo) {
  stop_other();
  ServerOptions options = test_options(12);
  options.epoch = 2;
  std::string error;
  other_server_ = Server::start(options, other_, error);
  ASSERT_TRUE(other_server_) << error;
  FakeBackend stranger(13);
  options.cluster = 8;
  options.id = 13;
  const auto elsewhere = Server::start(options, stranger, error);
  ASSERT_TRUE(elsewhere) << error;
  const std::string address = other_server_->bound_address();
  server_->set_peers({{12, address, true}, {13, elsewhere->bound_address(), true}});
  other_server_->set_peers({{11, server_->bound_address(), true}});
  ASSERT_TRUE(eventually([&] { return backend_.newer_epochs().size() >= 2; }));
  for (const std::string& heard : backend_.newer_epochs()) EXPECT_EQ(heard, address);
  server_->send(heartbeat(11, 12, 1));
  core::Message late = heartbeat(12, 11, 1);
  late.epoch = 2;
  other_server_->send(late);
  EXPECT_TRUE(backend_.peer_events().empty());
  EXPECT_TRUE(other_.newer_epochs().empty());
  EXPECT_TRUE(other_.delivered().empty());
  EXPECT_TRUE(backend_.delivered().empty());
}

TEST_F(Peers, EntriesArriveWhole) {
  link_both();
  core::Message message = heartbeat(11, 12, 0);
  core::AppendRequest append;
  append.prev_index = 4;
  append.prev_term = 2;
  append.commit = 3;
  for (core::Index i = 5; i < 25; ++i) {
    auto entry = std::make_shared<core::Entry>();
    entry->term = 3;
    entry->index = i;
    entry->kind = core::EntryKind::kCommand;
    entry->stamp_ms = 1000 + static_cast<core::WallMs>(i);
    entry->data = std::string(1000 * i, '\xfe');
    append.entries.push_back(entry);
  }
  message.body = append;
  server_->send(message);
  ASSERT_TRUE(eventually([&] { return !other_.delivered().empty(); }));
  const core::Message delivered = other_.delivered().front();
  const auto& got = std::get<core::AppendRequest>(delivered.body);
  EXPECT_EQ(got.prev_index, 4u);
  EXPECT_EQ(got.commit, 3u);
  ASSERT_EQ(got.entries.size(), append.entries.size());
  for (std::size_t i = 0; i < got.entries.size(); ++i) {
    EXPECT_EQ(got.entries[i]->data, append.entries[i]->data);
    EXPECT_EQ(got.entries[i]->stamp_ms, append.entries[i]->stamp_ms);
  }
}

TEST_F(Peers, ALostPeerIsNoticedAndFoundAgain) {
  link_both();
  const std::string address = other_server_->bound_address();
  stop_other();
  ASSERT_TRUE(eventually([&] { return contains(backend_.peer_events(), "unreachable 12"); }));
  start_other(address);
  ASSERT_TRUE(eventually([&] {
    const auto events = backend_.peer_events();
    return std::count(events.begin(), events.end(), "connected 12") == 2;
  }));
}

TEST_F(Peers, AnotherServerAtThePeersAddressIsNoPeer) {
  server_->set_peers({{99, other_server_->bound_address(), true}});
  core::Message vote = heartbeat(11, 99, 0);
  vote.body = core::VoteRequest{true, false, 1, 1};
  server_->send(vote);
  server_->set_peers({{12, other_server_->bound_address(), true}});
  ASSERT_TRUE(eventually([&] { return contains(backend_.peer_events(), "connected 12"); }));
  EXPECT_FALSE(contains(backend_.peer_events(), "connected 99"));
  EXPECT_TRUE(other_.delivered().empty());
}

TEST_F(Peers, AVoteComesBackToItsAsker) {
  other_.on_deliver = [this](const core::Message& message) {
    if (!std::holds_alternative<core::VoteRequest>(message.body)) return;
    core::Message answer = heartbeat(12, 11, 0);
    answer.term = message.term;
    answer.body = core::VoteResponse{true, true};
    other_server_->send(answer);
  };
  link_both();
  core::Message vote = heartbeat(11, 12, 0);
  vote.term = 9;
  vote.body = core::VoteRequest{true, false, 8, 2};
  server_->send(vote);
  ASSERT_TRUE(eventually([&] { return !backend_.delivered().empty(); }));
  const core::Message got = backend_.delivered().front();
  EXPECT_EQ(got.term, 9u);
  EXPECT_EQ(got.from, 12u);
  EXPECT_TRUE(std::get<core::VoteResponse>(got.body).granted);
}

TEST_F(Peers, TheListGoesToThePeers) {
  link_both();
  ServerList list = backend_.server_list();
  list.version = 5;
  server_->publish_list(list, true);
  ASSERT_TRUE(eventually([&] { return !other_.lists().empty(); }));
  EXPECT_EQ(other_.lists().back().version, 5u);
  EXPECT_EQ(other_.lists().back().servers, list.servers);
}

TEST_F(Peers, AMessageForAnotherServerEndsTheStream) {
  const auto stub = pb::Peer::NewStub(channel_);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stream = stub->Replicate(&context);
  pb::PeerHello hello;
  ASSERT_TRUE(stream->Read(&hello));
  EXPECT_EQ(hello.server_id(), 11u);
  EXPECT_EQ(hello.cluster_id(), 7u);
  pb::PeerMessage message;
  message.set_cluster_id(7);
  message.set_epoch(1);
  message.set_from_id(12);
  message.set_to_id(13);
  message.mutable_timeout_now();
  stream->Write(message);
  EXPECT_FALSE(stream->Read(&hello));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_WRONG_CLUSTER);
  EXPECT_TRUE(backend_.delivered().empty());
}

JoinRequest join_request(const std::string& target) {
  JoinRequest request;
  request.targets = {target};
  request.id = 50;
  request.address = "127.0.0.1:5150";
  request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  return request;
}

TEST_F(Peers, AJoinerGetsTheWholeLogThroughAHint) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  for (int i = 0; i < 200; ++i) send(ada, conversation, std::string(16'000, 'x'));
  other_.set_status([&](NodeStatus& status) {
    status.role = ServerRole::kBackup;
    status.primary = 11;
    status.primary_address = server_->bound_address();
  });
  core::Index through = 0;
  std::vector<core::EntryPtr> log;
  int chunks = 0;
  JoinCallbacks callbacks;
  callbacks.on_header = [&](const ServerList& list, core::Index index) {
    EXPECT_EQ(list.cluster, 7u);
    through = index;
    return true;
  };
  callbacks.on_entries = [&](const std::vector<core::EntryPtr>& entries) {
    ++chunks;
    log.insert(log.end(), entries.begin(), entries.end());
    return true;
  };
  std::string error;
  EXPECT_EQ(join_network(join_request(other_server_->bound_address()), callbacks, error),
            JoinError::kNone)
      << error;
  EXPECT_EQ(through, backend_.applied_index());
  ASSERT_EQ(log.size(), through);
  for (std::size_t i = 0; i < log.size(); ++i) EXPECT_EQ(log[i]->index, i + 1);
  EXPECT_GT(chunks, 2);
}

TEST_F(Peers, JoiningWhatIsNoStarlingServerIsToldApart) {
  JoinCallbacks callbacks;
  callbacks.on_header = [](const ServerList&, core::Index) { return true; };
  callbacks.on_entries = [](const std::vector<core::EntryPtr>&) { return true; };
  std::string error;
  const std::string address = other_server_->bound_address();
  stop_other();
  EXPECT_EQ(join_network(join_request(address), callbacks, error), JoinError::kUnreachable);
  EXPECT_NE(error.find(address), std::string::npos) << error;

  grpc::ServerBuilder builder;  // A gRPC server that serves something else.
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  pb::Peer::Service unrelated;
  builder.RegisterService(&unrelated);
  const auto stranger = builder.BuildAndStart();
  EXPECT_EQ(join_network(join_request("127.0.0.1:" + std::to_string(port)), callbacks, error),
            JoinError::kNotStarling);
  stranger->Shutdown(std::chrono::system_clock::now());
}

}  // namespace
}  // namespace starling::transport
