// The Presence stream: who sees whom, typing, away, the end of a session; on one server, and
// between two.
#include <grpcpp/security/server_credentials.h>

#include <map>

#include "server/transport/convert.h"
#include "tests/unit/transport/presence_fixture.h"

namespace starling::transport {
namespace {

TEST_F(Presence, TellsWhoIsThereAndWhoGoes) {
  Live ada(*chat_, ada_);
  ada.watch({bob_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  EXPECT_EQ(ada.last_seen(bob_.account), 0);
  {
    Live bob(*chat_, bob_);
    EXPECT_TRUE(ada.sees(bob_.account, kOnline));
    bob.away(true);
    EXPECT_TRUE(ada.sees(bob_.account, kAway));
    bob.away(false);
    EXPECT_TRUE(ada.sees(bob_.account, kOnline));
    bob.goodbye();
    EXPECT_TRUE(bob.status().ok());
  }
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  EXPECT_GT(ada.last_seen(bob_.account), now_ms() - 60'000);
  EXPECT_LE(ada.last_seen(bob_.account), now_ms());
}

TEST_F(Presence, ABrokenStreamMayComeBackUnnoticed) {
  Live ada(*chat_, ada_);
  ada.watch({bob_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  auto bob = std::make_unique<Live>(*chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  bob->break_off();
  bob = std::make_unique<Live>(*chat_, bob_);
  settle(ada, *bob, bob_.account);
  EXPECT_EQ(ada.history(bob_.account), (std::vector<int>{kOffline, kOnline, kAway, kOnline}));
  bob->break_off();
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
}

TEST_F(Presence, StrangersAndBlockedOnesLookLikeNobody) {
  Live bob(*chat_, bob_);
  Live eve(*chat_, eve_);
  eve.watch({bob_.account, ada_.account, 999'999});
  for (const std::int64_t id : {bob_.account, ada_.account, std::int64_t{999'999}}) {
    EXPECT_TRUE(eve.sees(id, kOffline));
    EXPECT_EQ(eve.last_seen(id), 0);
  }
  // Once they share a conversation they see each other; no longer when one blocks the other.
  open_direct(eve_, "bob");
  EXPECT_TRUE(eve.sees(bob_.account, kOnline));
  for (const auto& [who, whom] : {std::pair(bob_, "eve"), std::pair(eve_, "bob")}) {
    block(who, whom, true);
    EXPECT_TRUE(eve.sees(bob_.account, kOffline));
    EXPECT_EQ(eve.last_seen(bob_.account), 0);
    block(who, whom, false);
    EXPECT_TRUE(eve.sees(bob_.account, kOnline));
  }
}

TEST_F(Presence, WhoLeavesTheGroupSeesNobodyOfIt) {
  const std::int64_t club = group(ada_, {"eve"});
  Live ada(*chat_, ada_);
  Live eve(*chat_, eve_);
  eve.watch({ada_.account});
  EXPECT_TRUE(eve.sees(ada_.account, kOnline));
  auto remove = write_request<pb::RemoveMemberRequest>();
  remove.set_conversation_id(club);
  remove.set_account_id(eve_.account);
  pb::RemoveMemberResponse response;
  expect_ok(call(&pb::Chat::Stub::RemoveMember, remove, response, ada_.bearer));
  EXPECT_TRUE(eve.sees(ada_.account, kOffline));
}

TEST_F(Presence, TypingReachesTheMembersAndNobodyElse) {
  const std::int64_t club = group(ada_, {"bob"});
  const std::int64_t other = group(ada_, {"bob", "eve"});
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  Live eve(*chat_, eve_);
  ada.typing(direct_);
  EXPECT_TRUE(bob.typed(direct_, ada_.account));
  ada.typing(club);
  EXPECT_TRUE(bob.typed(club, ada_.account));
  eve.typing(club);  // She is not in it.
  block(bob_, "ada", true);
  Live again(*chat_, ada_);  // A session of its own: nothing is throttled.
  again.typing(direct_);
  again.typing(club);
  again.typing(other);
  EXPECT_TRUE(eve.typed(other, ada_.account));  // So those before it have been told too.
  block(bob_, "ada", false);
  again.typing(group(ada_, {"bob"}));
  EXPECT_TRUE(eventually([&] { return bob.typing_count() >= 3; }));
  EXPECT_EQ(bob.typing_count(), 3U) << "none while she was blocked";
  EXPECT_EQ(ada.typing_count(), 0U);
  EXPECT_EQ(eve.typing_count(), 1U);
}

TEST_F(Presence, ManyListsDoNotEndTheReading) {
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  for (int i = 0; i < 4; ++i) {
    ada.watch({bob_.account, 1'000 + i});
    EXPECT_TRUE(ada.sees(1'000 + i, kOffline));
  }
  ada.typing(direct_);
  EXPECT_TRUE(bob.typed(direct_, ada_.account));
}

TEST_F(Presence, TypingIsToldEveryTwoSecondsAtMost) {
  const std::int64_t club = group(ada_, {"bob"});
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) ada.typing(direct_);
  ada.typing(club);
  EXPECT_TRUE(bob.typed(club, ada_.account));
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
  EXPECT_LE(bob.typing_count(), 2U + static_cast<std::size_t>(seconds.count() / 2));
}

TEST_F(Presence, ANewListTakesThePlaceOfTheOld) {
  open_direct(ada_, "eve");
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  ada.watch({bob_.account, bob_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  ada.watch({eve_.account});
  EXPECT_TRUE(ada.sees(eve_.account, kOffline));
  bob.away(true);
  Live eve(*chat_, eve_);
  settle(ada, eve, eve_.account);
  EXPECT_EQ(ada.history(bob_.account), (std::vector<int>{kOnline}));
}

TEST_F(Presence, RevocationEndsAnOpenStream) {
  Live ada(*chat_, ada_);
  ada.watch({bob_.account});
  Live bob(*chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  pb::LogOutResponse out;
  expect_ok(call(&pb::Chat::Stub::LogOut, write_request<pb::LogOutRequest>(), out, bob_.bearer));
  EXPECT_EQ(bob.status().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
}

TEST_F(Presence, BadRequestsAreNamed) {
  for (const auto& [field, change] :
       std::map<std::string, std::function<void(pb::PresenceRequest&)>>{
           {"watch.account_ids",
            [](pb::PresenceRequest& r) {
              for (int i = 1; i <= 501; ++i) r.mutable_watch()->add_account_ids(i);
            }},
           {"typing", [](pb::PresenceRequest& r) { r.set_typing(-1); }}}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", ada_.bearer);
    const auto stream = chat_->Presence(&context);
    pb::PresenceRequest request;
    change(request);
    stream->Write(request);
    pb::PresenceResponse response;
    while (stream->Read(&response)) {
    }
    const grpc::Status status = stream->Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(detail_of(status).field(), field);
  }
}

TEST_F(Presence, AStreamIsBeatingAndEndsWithTheServer) {
  Live ada(*chat_, ada_);
  const int before = ada.messages();
  EXPECT_TRUE(eventually([&] { return ada.messages() >= before + 2; }));
  server_->shutdown(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(ada.status().error_code(), grpc::StatusCode::UNAVAILABLE);
}

// Not every speaker of the cluster's language is one of its servers.
TEST_F(Presence, OnlyMembersOfTheClusterAreBelieved) {
  open_direct(ada_, "eve");
  server_->set_peers({{12, "127.0.0.1:1", true}});
  Live ada(*chat_, ada_);
  ada.watch({bob_.account, eve_.account});
  EXPECT_TRUE(ada.sees(eve_.account, kOffline));
  const auto peer = pb::Peer::NewStub(channel_);
  grpc::ClientContext context;
  const auto stream = peer->Replicate(&context);
  const auto say = [&](core::NodeId from, const Session& online) {
    pb::PeerMessage message;
    message.set_cluster_id(7);
    message.set_epoch(1);
    message.set_from_id(from);
    message.set_to_id(11);
    presence::News news;
    news.boot = news.version = news.base = 1;
    news.whole = true;
    news.pages = 1;
    news.entries.push_back({online.account, {presence::State::kOnline, 0}});
    to_wire(news, *message.mutable_presence());
    ASSERT_TRUE(stream->Write(message));
  };
  say(99, bob_);
  say(12, eve_);
  EXPECT_TRUE(ada.sees(eve_.account, kOnline));
  EXPECT_EQ(ada.history(bob_.account), std::vector<int>{kOffline});
  server_->set_peers({});  // It left: what it says counts no more, what it said is over soon.
  say(12, bob_);
  EXPECT_TRUE(ada.sees(eve_.account, kOffline));
  EXPECT_EQ(ada.history(bob_.account), std::vector<int>{kOffline});
  context.TryCancel();
  stream->Finish();
}

// What is left unread is one message under way, and the latest of each account behind it.
TEST_F(Presence, ASlowReaderGetsTheLatest) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", ada_.bearer);
  const auto slow = chat_->Presence(&context);
  pb::PresenceRequest request;
  request.mutable_watch()->add_account_ids(bob_.account);
  ASSERT_TRUE(slow->Write(request));
  Live watcher(*chat_, ada_);
  watcher.watch({bob_.account});
  Live bob(*chat_, bob_);
  for (int i = 0; i < 100; ++i) {
    bob.away(true);
    bob.away(false);
  }
  settle(watcher, bob, bob_.account);
  bob.away(true);
  EXPECT_TRUE(watcher.sees(bob_.account, kAway));
  pb::PresenceResponse response;
  int state = -1;
  while (state != kAway && slow->Read(&response)) {
    for (const auto& info : response.presence()) state = info.state();
  }
  EXPECT_EQ(state, kAway);
}

// Two servers over one store: what one knows the other one tells.
class TwoServers : public Presence {
 protected:
  TwoServers() { start_other(); }
  ~TwoServers() override { stop_other(); }
  void stop_other() {
    other_.attach(nullptr);
    other_server_.reset();
  }
  void start_other() {
    std::string error;
    other_server_ = Server::start(test_options(12), other_, error);
    ASSERT_TRUE(other_server_) << error;
    other_.attach(other_server_.get());
    other_chat_ = pb::Chat::NewStub(
        grpc::CreateChannel(other_server_->bound_address(), grpc::InsecureChannelCredentials()));
    backend_.copy_log_to(other_);
    link();
  }
  void link() {
    server_->set_peers({{12, other_server_->bound_address(), true}});
    other_server_->set_peers({{11, server_->bound_address(), true}});
  }
  FakeBackend other_{12};
  std::unique_ptr<Server> other_server_;
  std::unique_ptr<pb::Chat::Stub> other_chat_;
};

TEST_F(TwoServers, WhatOneKnowsTheOtherTells) {
  Live ada(*chat_, ada_);
  ada.watch({bob_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  Live bob(*other_chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  bob.away(true);
  EXPECT_TRUE(ada.sees(bob_.account, kAway));
  bob.typing(direct_);
  EXPECT_TRUE(ada.typed(direct_, bob_.account));
  bob.goodbye();
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  EXPECT_GT(ada.last_seen(bob_.account), now_ms() - 60'000);
}

TEST_F(TwoServers, WhoIsOnlineAtAServerThatGoesIsOfflineSoonAndMayComeBackElsewhere) {
  Live ada(*chat_, ada_);
  ada.watch({bob_.account, ada_.account});
  auto bob = std::make_unique<Live>(*other_chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  stop_other();
  EXPECT_TRUE(ada.sees(bob_.account, kOffline));
  EXPECT_GT(ada.last_seen(bob_.account), 0);
  Live again(*chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
}

TEST_F(TwoServers, AServerThatComesLaterKnowsWhoIsOnlineAndWhoWas) {
  stop_other();
  Live bob(*chat_, bob_);
  {
    Live eve(*chat_, eve_);
    eve.goodbye();
    EXPECT_TRUE(eve.status().ok());
  }
  open_direct(ada_, "eve");
  backend_.copy_log_to(other_);
  start_other();
  Live ada(*other_chat_, ada_);
  ada.watch({bob_.account, eve_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  EXPECT_TRUE(ada.sees(eve_.account, kOffline));
  EXPECT_TRUE(eventually([&] { return ada.last_seen(eve_.account) != 0; }));
}

TEST_F(TwoServers, AJoinerIsToldTheActiveClients) {
  Live bob(*other_chat_, bob_);
  Live ada(*chat_, ada_);
  ada.watch({bob_.account});
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));
  grpc::ClientContext context;
  pb::JoinNetworkRequest request;
  request.set_server_id(99);
  request.set_address("127.0.0.1:5199");
  request.set_protocol_version(kProtocolVersion);
  const auto reader = cluster_->JoinNetwork(&context, request);
  pb::JoinNetworkResponse response;
  ASSERT_TRUE(reader->Read(&response));
  std::map<std::int64_t, std::uint64_t> where;
  for (const pb::ActiveClient& client : response.active_clients()) {
    if (client.account_id() != 0) where[client.account_id()] = client.server_id();
  }
  EXPECT_EQ(where, (std::map<std::int64_t, std::uint64_t>{{ada_.account, 11}, {bob_.account, 12}}));
  context.TryCancel();
}

}  // namespace
}  // namespace starling::transport
