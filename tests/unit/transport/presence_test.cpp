// The Presence stream: who sees whom, typing, away, the end of a session; on one server, and
// between two.
#include <grpcpp/security/server_credentials.h>

#include <map>
#include <thread>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

constexpr auto kOnline = pb::PRESENCE_STATE_ONLINE;
constexpr auto kAway = pb::PRESENCE_STATE_AWAY;
constexpr auto kOffline = pb::PRESENCE_STATE_OFFLINE;

// One client's stream, read all the time.
class Live {
 public:
  Live(pb::Chat::Stub& chat, const Session& who) {
    context_.AddMetadata("authorization", who.bearer);
    stream_ = chat.Presence(&context_);
    reader_ = std::thread([this] {
      pb::PresenceResponse response;
      while (stream_->Read(&response)) {
        const std::lock_guard lock(mutex_);
        ++messages_;
        for (const auto& info : response.presence()) {
          states_[info.account_id()] = info;
          history_[info.account_id()].push_back(info.state());
        }
        for (const auto& notice : response.typing()) {
          typing_.emplace_back(notice.conversation_id(), notice.account_id());
        }
      }
      status_ = stream_->Finish();
      ended_.store(true);
    });
    EXPECT_TRUE(eventually([&] { return messages() > 0 || ended_.load(); }));
  }
  ~Live() {
    context_.TryCancel();
    reader_.join();
  }
  void watch(const std::vector<std::int64_t>& ids) {
    pb::PresenceRequest request;
    request.mutable_watch()->mutable_account_ids()->Add(ids.begin(), ids.end());
    write(request);
  }
  void away(bool away) {
    pb::PresenceRequest request;
    request.set_away(away);
    write(request);
  }
  void typing(std::int64_t conversation) {
    pb::PresenceRequest request;
    request.set_typing(conversation);
    write(request);
  }
  void goodbye() { stream_->WritesDone(); }
  void break_off() { context_.TryCancel(); }
  bool ended() const { return ended_.load(); }
  grpc::Status status() {
    EXPECT_TRUE(eventually([&] { return ended_.load(); }));
    return status_;
  }
  bool sees(std::int64_t account, pb::PresenceState state) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      const auto found = states_.find(account);
      return found != states_.end() && found->second.state() == state;
    });
  }
  std::int64_t last_seen(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    return states_[account].last_seen_ms();
  }
  std::vector<int> history(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    return history_[account];
  }
  int messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::size_t typing_count() {
    const std::lock_guard lock(mutex_);
    return typing_.size();
  }
  bool typed(std::int64_t conversation, std::int64_t account) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return std::find(typing_.begin(), typing_.end(), std::pair(conversation, account)) !=
             typing_.end();
    });
  }

 private:
  void write(const pb::PresenceRequest& request) { EXPECT_TRUE(stream_->Write(request)); }

  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<pb::PresenceRequest, pb::PresenceResponse>> stream_;
  std::mutex mutex_;
  std::map<std::int64_t, pb::PresenceInfo> states_;
  std::map<std::int64_t, std::vector<int>> history_;
  std::vector<std::pair<std::int64_t, std::int64_t>> typing_;
  int messages_ = 0;
  grpc::Status status_;
  std::atomic<bool> ended_{false};
  std::thread reader_;
};

class Presence : public TransportTest {
 protected:
  explicit Presence(const ServerOptions& options = test_options()) : TransportTest(options) {
    ada_ = account("ada");
    bob_ = account("bob");
    eve_ = account("eve");
    direct_ = open_direct(ada_, "bob");
  }
  void block(const Session& who, const std::string& whom, bool on) {
    auto request = write_request<pb::SetBlockRequest>();
    request.set_name(whom);
    request.set_blocked(on);
    pb::SetBlockResponse response;
    expect_ok(call(&pb::Chat::Stub::SetBlock, request, response, who.bearer));
  }
  std::int64_t group(const Session& owner, const std::vector<std::string>& names) {
    auto create = write_request<pb::CreateGroupRequest>();
    create.set_title("a group");
    create.mutable_names()->Add(names.begin(), names.end());
    pb::CreateGroupResponse made;
    expect_ok(call(&pb::Chat::Stub::CreateGroup, create, made, owner.bearer));
    return made.conversation().id();
  }
  // Whatever was to come by now has come: behind it comes what this changes.
  void settle(Live& watcher, Live& other, std::int64_t account) {
    other.away(true);
    EXPECT_TRUE(watcher.sees(account, kAway));
    other.away(false);
    EXPECT_TRUE(watcher.sees(account, kOnline));
  }
  Session ada_, bob_, eve_;
  std::int64_t direct_ = 0;
};

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
  EXPECT_TRUE(eventually([&] { return bob.typing_count() >= 3; }));
  EXPECT_EQ(bob.typing_count(), 3U) << "in the group, not in the direct conversation";
  EXPECT_EQ(ada.typing_count(), 0U);
  EXPECT_EQ(eve.typing_count(), 0U);
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

class FewPresences : public Presence {
 protected:
  FewPresences()
      : Presence([] {
          ServerOptions options = test_options();
          options.max_presence_streams = 1;
          return options;
        }()) {}
};

TEST_F(FewPresences, PastTheLimitAStreamMayBeTriedAgain) {
  Live ada(*chat_, ada_);
  Live bob(*chat_, bob_);
  EXPECT_EQ(bob.status().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(detail_of(bob.status()).retryable());
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
