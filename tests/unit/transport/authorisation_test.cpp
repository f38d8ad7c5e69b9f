// Who may call what: one row for every RPC of the three services, as their descriptors name them,
// and of gRPC's own. An RPC without a row fails the build, and here.
#include <google/protobuf/descriptor.h>

#include <map>
#include <set>

#include "tests/unit/transport/authorisation_rows.h"
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

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
  out.push_back({"Health/Check", "/grpc.health.v1.Health/Check", false});
  out.push_back({"Health/Watch", "/grpc.health.v1.Health/Watch", true});
  out.push_back({"ServerReflection/ServerReflectionInfo",
                 "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", true});
  return out;
}

class AuthorisationTest : public TransportTest {
 protected:
  AuthorisationTest() {
    ada_ = account("ada");
    bob_ = account("bob");
    eve_ = account("eve");
    account("dan");
    ids_.foreign = open_direct(ada_, "bob");
    send(ada_, ids_.foreign, "the secret");
    ids_.own = open_direct(eve_, "ada");
  }
  Answer run(const Method& method, const std::string& authorization, std::int64_t conversation) {
    return RawCall::run(channel_, method.path, rows().at(method.key).build(ids_, conversation),
                        authorization, method.streams);
  }
  // Every call about a conversation, by somebody who is not in it.
  void expect_no_way_in(const Session& stranger) {
    int tried = 0;
    for (const Method& method : methods()) {
      if (!rows().contains(method.key) || !rows().at(method.key).conversation) continue;
      ++tried;
      const Answer answer = run(method, stranger.bearer, ids_.foreign);
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
      EXPECT_EQ(code, grpc::StatusCode::NOT_FOUND) << method.key;
    }
    EXPECT_EQ(tried, 19);
  }
  std::int64_t group_of_ada() {
    auto create = write_request<pb::CreateGroupRequest>();
    create.set_title("a group");
    create.add_names("bob");
    create.add_names("eve");
    pb::CreateGroupResponse made;
    expect_ok(call(&pb::Chat::Stub::CreateGroup, create, made, ada_.bearer));
    send(ada_, made.conversation().id(), "to the group");
    return made.conversation().id();
  }
  std::int64_t account_id(const std::string& name) {
    pb::GetAccountRequest request;
    request.set_name(name);
    pb::GetAccountResponse response;
    expect_ok(call(&pb::Chat::Stub::GetAccount, request, response, ada_.bearer));
    return response.account().id();
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
  EXPECT_GE(seen.size(), 49u);
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

TEST_F(AuthorisationTest, SomebodyElsesConversationDoesNotExist) { expect_no_way_in(eve_); }

TEST_F(AuthorisationTest, NorDoesTheGroupThatOneWasRemovedFrom) {
  ids_.foreign = group_of_ada();
  auto remove = write_request<pb::RemoveMemberRequest>();
  remove.set_conversation_id(ids_.foreign);
  remove.set_account_id(account_id("eve"));
  pb::RemoveMemberResponse response;
  expect_ok(call(&pb::Chat::Stub::RemoveMember, remove, response, ada_.bearer));
  expect_no_way_in(eve_);
}

TEST_F(AuthorisationTest, MembersHaveNotTheirAdminsPower) {
  const std::int64_t group = group_of_ada();
  int tried = 0;
  for (const Method& method : methods()) {
    if (!rows().contains(method.key) || !rows().at(method.key).needs_power) continue;
    ++tried;
    const Answer answer = run(method, eve_.bearer, group);
    EXPECT_FALSE(answer.answered) << method.key;
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method.key;
    EXPECT_EQ(answer.detail().reason(), pb::REASON_PERMISSION_DENIED) << method.key;
  }
  EXPECT_EQ(tried, 5);
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
    // Whoever serves that at all: the services of gRPC are not ours to forget.
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method.key;
  }
}

TEST_F(AuthorisationTest, RevocationEndsAnOpenSubscription) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", eve_.bearer);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
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
