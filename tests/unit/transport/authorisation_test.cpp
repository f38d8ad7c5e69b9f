// Who may call what: one row for every RPC of the three services, as their descriptors name them.
// An RPC without a row fails the test.
#include <google/protobuf/descriptor.h>

#include <map>
#include <set>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

enum class Access {
  kOpen,     // Anybody.
  kSession,  // A live session.
  kPeer,     // A server of this cluster that means this server.
};

struct Ids {
  std::int64_t own = 0;      // A conversation of the caller's,
  std::int64_t foreign = 0;  // and one of two others.
};
using Build = std::function<std::string(const Ids&, std::int64_t conversation)>;

struct Row {
  Access access;
  Build build;                // A good request, about this conversation where there is one.
  bool conversation = false;  // The request names one.
};

std::string id16() {
  static std::atomic<int> next{1};
  std::string id(16, 'r');
  const int number = next.fetch_add(1);
  for (std::size_t i = 0; i < 4; ++i) id[i] = static_cast<char>(number >> (8 * i));
  return id;
}

template <typename Request>
Build made(std::function<void(Request&, std::int64_t)> fill) {
  return [fill](const Ids&, std::int64_t conversation) {
    Request request;
    fill(request, conversation);
    return request.SerializeAsString();
  };
}

template <typename Request>
void header(Request& request) {
  request.mutable_write()->set_request_id(id16());
  request.mutable_write()->set_as_of_ms(now_ms());
}

const std::map<std::string, Row>& rows() {
  using Id = std::int64_t;
  static const std::map<std::string, Row> table = {
      {"Chat/CreateAccount", {Access::kOpen, made<pb::CreateAccountRequest>([](auto& r, Id) {
                                header(r);
                                r.set_name("table");
                                r.set_password("correct horse");
                              })}},
      {"Chat/LogIn", {Access::kOpen, made<pb::LogInRequest>([](auto& r, Id) {
                        r.set_name("ada");
                        r.set_password("correct horse");
                      })}},
      {"Chat/LogOut", {Access::kSession, made<pb::LogOutRequest>([](auto& r, Id) { header(r); })}},
      {"Chat/ListAccounts", {Access::kSession, made<pb::ListAccountsRequest>([](auto&, Id) {})}},
      {"Chat/DeleteAccount", {Access::kSession, made<pb::DeleteAccountRequest>([](auto& r, Id) {
                                header(r);
                                r.set_password("correct horse");
                              })}},
      {"Chat/OpenDirect", {Access::kSession, made<pb::OpenDirectRequest>([](auto& r, Id) {
                             header(r);
                             r.set_name("bob");
                           })}},
      {"Chat/ListConversations",
       {Access::kSession, made<pb::ListConversationsRequest>([](auto&, Id) {})}},
      {"Chat/Send",
       {Access::kSession, made<pb::SendRequest>([](auto& r, Id c) {
          header(r);
          r.set_conversation_id(c);
          r.set_body("x");
        }),
        true}},
      {"Chat/SendStream",
       {Access::kSession, made<pb::SendRequest>([](auto& r, Id c) {
          header(r);
          r.set_conversation_id(c);
          r.set_body("x");
        }),
        true}},
      {"Chat/ListMessages",
       {Access::kSession,
        made<pb::ListMessagesRequest>([](auto& r, Id c) { r.set_conversation_id(c); }), true}},
      {"Chat/ReadUnread",
       {Access::kSession,
        made<pb::ReadUnreadRequest>([](auto& r, Id c) { r.set_conversation_id(c); }), true}},
      {"Chat/MarkRead",
       {Access::kSession, made<pb::MarkReadRequest>([](auto& r, Id c) {
          r.set_conversation_id(c);
          r.set_seq(1);
        }),
        true}},
      {"Chat/DeleteMessages",
       {Access::kSession, made<pb::DeleteMessagesRequest>([](auto& r, Id c) {
          header(r);
          r.set_conversation_id(c);
          r.add_seqs(1);
        }),
        true}},
      {"Chat/Subscribe", {Access::kSession, made<pb::SubscribeRequest>([](auto&, Id) {})}},
      {"Chat/Void",
       {Access::kSession, made<pb::VoidRequest>([](auto& r, Id) { r.set_request_id(id16()); })}},
      {"Cluster/HealthCheck", {Access::kOpen, made<pb::HealthCheckRequest>([](auto&, Id) {})}},
      {"Cluster/WatchServers", {Access::kOpen, made<pb::WatchServersRequest>([](auto&, Id) {})}},
      {"Cluster/JoinNetwork", {Access::kOpen, made<pb::JoinNetworkRequest>([](auto& r, Id) {
                                 r.set_server_id(99);
                                 r.set_address("127.0.0.1:5199");
                                 r.set_protocol_version(kProtocolVersion);
                               })}},
      {"Cluster/LeaveNetwork",
       {Access::kOpen, made<pb::LeaveNetworkRequest>([](auto& r, Id) { r.set_server_id(99); })}},
      {"Cluster/TransferPrimary",
       {Access::kOpen, made<pb::TransferPrimaryRequest>([](auto&, Id) {})}},
      {"Peer/Replicate",
       {Access::kPeer, made<pb::PeerMessage>([](auto& r, Id) { r.mutable_timeout_now(); })}},
      {"Peer/RequestVote",
       {Access::kPeer, made<pb::PeerMessage>([](auto& r, Id) { r.mutable_vote_request(); })}},
      {"Peer/UpdateServerList",
       {Access::kPeer, made<pb::UpdateServerListRequest>([](auto&, Id) {})}},
      {"Peer/FetchSnapshot", {Access::kPeer, made<pb::FetchSnapshotRequest>([](auto&, Id) {})}},
  };
  return table;
}

struct Method {
  std::string key;
  std::string path;
  bool streams = false;
};

std::vector<Method> methods() {
  std::vector<Method> out;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* name : {"Chat", "Cluster", "Peer"}) {
    const auto* service = pool->FindServiceByName(std::string("starling.v1.") + name);
    if (service == nullptr) continue;
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      out.push_back({std::string(name) + "/" + method->name(),
                     "/" + service->full_name() + "/" + method->name(),
                     method->client_streaming() || method->server_streaming()});
    }
  }
  return out;
}

class AuthorisationTest : public TransportTest {
 protected:
  AuthorisationTest() {
    ada_ = account("ada");
    bob_ = account("bob");
    eve_ = account("eve");
    ids_.foreign = open_direct(ada_, "bob");
    send(ada_, ids_.foreign, "the secret");
    ids_.own = open_direct(eve_, "ada");
  }
  Answer run(const Method& method, const std::string& authorization, std::int64_t conversation) {
    return RawCall::run(channel_, method.path, rows().at(method.key).build(ids_, conversation),
                        authorization, method.streams);
  }
  Session ada_, bob_, eve_;
  Ids ids_;
};

TEST_F(AuthorisationTest, EveryRpcHasARow) {
  std::set<std::string> seen;
  for (const Method& method : methods()) {
    EXPECT_TRUE(rows().contains(method.key)) << method.key << " has no row";
    seen.insert(method.key);
  }
  EXPECT_EQ(seen.size(), rows().size());
  EXPECT_GE(seen.size(), 23u);
}

TEST_F(AuthorisationTest, NoGoodTokenNoAnswer) {
  const Session revoked = log_in("eve");
  pb::LogOutResponse out;
  expect_ok(call(&pb::Chat::Stub::LogOut, write_request<pb::LogOutRequest>(), out, revoked.bearer));
  const std::map<std::string, std::string> tokens = {
      {"none", ""},
      {"garbage", "Bearer garbage"},
      {"not bearer", "Basic " + eve_.bearer.substr(7)},
      {"unknown", "Bearer " + std::string(43, 'A')},
      {"revoked", revoked.bearer},
  };
  for (const Method& method : methods()) {
    if (!rows().contains(method.key) || rows().at(method.key).access != Access::kSession) continue;
    for (const auto& [what, token] : tokens) {
      const Answer answer = run(method, token, ids_.own);
      EXPECT_FALSE(answer.answered) << method.key << " answered with token: " << what;
      EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
          << method.key << " with token " << what << ": " << answer.status.error_message();
      EXPECT_EQ(answer.detail().reason(), pb::REASON_UNAUTHENTICATED) << method.key;
    }
  }
}

// A server that cannot reach a quorum cannot say that a token is no good, nor may it answer.
TEST_F(AuthorisationTest, UnknownTokensAreNotRefusedForGoodByAServerThatCannotKnow) {
  const std::string unknown = "Bearer " + std::string(43, 'A');
  const std::map<WaitError, pb::Reason> failures = {{WaitError::kTimeout, pb::REASON_LAGGING},
                                                    {WaitError::kNoPrimary, pb::REASON_NO_PRIMARY},
                                                    {WaitError::kDraining, pb::REASON_DRAINING}};
  for (const auto& [failure, reason] : failures) {
    backend_.set_barrier(failure);
    for (const Method& method : methods()) {
      if (!rows().contains(method.key) || rows().at(method.key).access != Access::kSession)
        continue;
      const Answer answer = run(method, unknown, ids_.own);
      EXPECT_FALSE(answer.answered) << method.key;
      EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE) << method.key;
      EXPECT_EQ(answer.detail().reason(), reason) << method.key;
      EXPECT_TRUE(answer.detail().retryable()) << method.key;
    }
  }
  // What is known here needs no quorum.
  pb::ListConversationsResponse response;
  expect_ok(call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), response,
                 ada_.bearer));
}

class FewLookUps : public TransportTest {
 protected:
  FewLookUps()
      : TransportTest([] {
          ServerOptions options = test_options();
          options.catch_ups_per_second = 0;
          return options;
        }()) {}
};

TEST_F(FewLookUps, PastTheLimitAnUnknownTokenMayBeTriedAgain) {
  pb::ListConversationsResponse response;
  const grpc::Status status =
      call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), response,
           "Bearer " + std::string(43, 'A'));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_OVERLOADED);
  EXPECT_TRUE(detail_of(status).retryable());
}

TEST_F(AuthorisationTest, ExpiredTokenNoAnswer) {
  backend_.set_time_offset(chat::kSessionLifetimeMs + 60'000);
  for (const Method& method : methods()) {
    if (!rows().contains(method.key) || rows().at(method.key).access != Access::kSession) continue;
    const Answer answer = run(method, eve_.bearer, ids_.own);
    EXPECT_FALSE(answer.answered) << method.key;
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method.key;
  }
}

TEST_F(AuthorisationTest, SomebodyElsesConversationGivesNoContent) {
  int tried = 0;
  for (const Method& method : methods()) {
    if (!rows().contains(method.key) || !rows().at(method.key).conversation) continue;
    ++tried;
    const Answer answer = run(method, eve_.bearer, ids_.foreign);
    auto code = static_cast<grpc::StatusCode>(answer.status.error_code());
    if (method.streams) {  // SendStream says it in its answer.
      pb::SendStreamResponse response;
      std::string field;
      ASSERT_TRUE(answer.answered && parse(answer.bytes, response, field)) << method.key;
      code = static_cast<grpc::StatusCode>(response.code());
      EXPECT_FALSE(response.has_sent());
    } else {
      EXPECT_FALSE(answer.answered) << method.key;
    }
    EXPECT_TRUE(code == grpc::StatusCode::PERMISSION_DENIED || code == grpc::StatusCode::NOT_FOUND)
        << method.key << ": " << code;
  }
  EXPECT_EQ(tried, 6);
}

TEST_F(AuthorisationTest, PeersMustMeanThisServer) {
  struct Envelope {
    std::uint64_t cluster, epoch, from, to;
  };
  for (const Envelope& wrong :
       {Envelope{8, 1, 12, 11}, Envelope{7, 2, 12, 11}, Envelope{7, 1, 12, 13},
        Envelope{7, 1, 0, 11}, Envelope{7, 1, 11, 11}}) {
    for (const Method& method : methods()) {
      if (!rows().contains(method.key) || rows().at(method.key).access != Access::kPeer) continue;
      std::string bytes;
      if (method.key == "Peer/UpdateServerList") {
        pb::UpdateServerListRequest request;
        request.set_cluster_id(wrong.cluster);
        request.set_epoch(wrong.epoch);
        request.set_from_id(wrong.from);
        request.set_to_id(wrong.to);
        bytes = request.SerializeAsString();
      } else {
        pb::PeerMessage request;
        request.set_cluster_id(wrong.cluster);
        request.set_epoch(wrong.epoch);
        request.set_from_id(wrong.from);
        request.set_to_id(wrong.to);
        if (method.key == "Peer/RequestVote") {
          request.mutable_vote_request();
        } else {
          request.mutable_timeout_now();
        }
        bytes = request.SerializeAsString();
      }
      if (method.streams) continue;  // The hello comes first: see the peer tests.
      const Answer answer = RawCall::run(channel_, method.path, bytes, "", false);
      EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method.key;
      EXPECT_EQ(answer.detail().reason(), pb::REASON_WRONG_CLUSTER) << method.key;
    }
  }
  EXPECT_TRUE(backend_.delivered().empty());
  EXPECT_TRUE(backend_.lists().empty());
}

TEST_F(AuthorisationTest, OpenCallsAnswerWithoutAToken) {
  Beat beat;  // WatchServers begins with one.
  beat.interval_ms = 60'000;
  server_->beat(beat);
  for (const Method& method : methods()) {
    if (!rows().contains(method.key) || rows().at(method.key).access != Access::kOpen) continue;
    const Answer answer = run(method, "", 0);
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method.key;
  }
}

TEST_F(AuthorisationTest, RevocationEndsAnOpenSubscription) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", eve_.bearer);
  const auto reader = chat_->Subscribe(&context, pb::SubscribeRequest());
  pb::SubscribeResponse response;
  ASSERT_TRUE(reader->Read(&response));
  pb::LogOutResponse out;
  expect_ok(call(&pb::Chat::Stub::LogOut, write_request<pb::LogOutRequest>(), out, eve_.bearer));
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TransportTest, WithoutAQuorumTokensExpireByTheServersOwnClock) {
  // A history whose clock stands where the session, by the wall clock, has run out already.
  backend_.set_stamp_offset(-chat::kSessionLifetimeMs - 3'600'000);
  const Session late = account("late");
  const auto list = [&] {
    pb::ListConversationsResponse response;
    return call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), response,
                late.bearer);
  };
  expect_ok(list());
  backend_.set_status([](NodeStatus& status) { status.has_quorum = false; });
  EXPECT_EQ(list().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

}  // namespace
}  // namespace starling::transport
