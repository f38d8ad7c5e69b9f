// The looks of presence streams at the store: few at once, paced, and never in the way of reads.
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <condition_variable>

#include "server/transport/chat_service.h"
#include "tests/unit/transport/presence_fixture.h"

namespace starling::transport {
namespace {

// Looks until it is let go.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++inside_;
    open_.wait(lock, [this] { return opened_; });
    --inside_;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    opened_ = true;
    open_.notify_all();
  }
  int inside() {
    const std::lock_guard lock(mutex_);
    return inside_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable open_;
  int inside_ = 0;
  bool opened_ = false;
};

class One final : public Looker {
 public:
  explicit One(std::function<void()> what) : what_(std::move(what)) {}
  void look() override { what_(); }

 private:
  const std::function<void()> what_;
};

std::shared_ptr<One> at(Gate& gate) {
  return std::make_shared<One>([&gate] { gate.pass(); });
}

struct LookQueueTest : testing::Test {
  // Ends all that is under way before what it uses goes.
  struct Parts {
    Parts(int threads, std::size_t queue, std::size_t at_once)
        : pool(threads, queue), looks(pool, scheduler, at_once) {}
    ~Parts() {
      scheduler.stop();
      pool.stop();
    }
    WorkPool pool;
    Scheduler scheduler;
    LookQueue looks;
  };
};

TEST_F(LookQueueTest, AFewAtOnceAndOtherWorkGoesOn) {
  Gate gate;
  Parts parts(4, 100, 2);
  std::vector<std::shared_ptr<One>> all;
  for (int i = 0; i < 50; ++i) {
    all.push_back(at(gate));
    parts.looks.add(i, all.back());
  }
  EXPECT_TRUE(eventually([&] { return gate.inside() == 2; }));
  for (int i = 0; i < 200; ++i) {
    std::promise<void> ran;
    ASSERT_TRUE(parts.pool.submit([&] { ran.set_value(); }));
    ran.get_future().wait();
  }
  EXPECT_EQ(gate.inside(), 2);
  EXPECT_EQ(parts.looks.waiting(), 48U);
  gate.open();
  EXPECT_TRUE(eventually([&] { return parts.looks.waiting() == 0 && gate.inside() == 0; }));
}

// The pool has no place for a while: nobody is forgotten, and whoever came first is first.
TEST_F(LookQueueTest, FirstComeFirstServed) {
  Gate gate;
  Parts parts(1, 1, 1);
  ASSERT_TRUE(parts.pool.submit([&] { gate.pass(); }));
  ASSERT_TRUE(eventually([&] { return gate.inside() == 1; }));
  ASSERT_TRUE(parts.pool.submit([] {}));
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::shared_ptr<One>> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(std::make_shared<One>([&, i] {
      const std::lock_guard lock(mutex);
      order.push_back(i);
    }));
    parts.looks.add(i, all.back());
  }
  EXPECT_EQ(parts.looks.waiting(), 10U);
  all[3].reset();  // It is gone before its turn.
  gate.open();
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 9;
  }));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 4, 5, 6, 7, 8, 9}));
}

// Whoever has many looks to do has one at a time, and after it the others' turns come.
TEST_F(LookQueueTest, AnAccountTakesTurnsWithTheOthers) {
  Gate gate;
  Parts parts(2, 100, 2);
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::shared_ptr<One>> all;
  const auto add = [&](int account, int number) {
    all.push_back(std::make_shared<One>([&, number] {
      gate.pass();
      const std::lock_guard lock(mutex);
      order.push_back(number);
    }));
    parts.looks.add(account, all.back());
  };
  for (int i = 0; i < 5; ++i) add(1, 10 + i);
  ASSERT_TRUE(eventually([&] { return gate.inside() == 1; }));
  for (int i = 0; i < 100; ++i) {
    std::promise<void> ran;
    ASSERT_TRUE(parts.pool.submit([&] { ran.set_value(); }));
    ran.get_future().wait();
  }
  EXPECT_EQ(gate.inside(), 1) << "there is place for two, but both are one account's";
  add(2, 20);
  ASSERT_TRUE(eventually([&] { return gate.inside() == 2; }));
  add(3, 30);
  gate.open();
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 7;
  }));
  const auto place = [&](int number) { return std::find(order.begin(), order.end(), number); };
  EXPECT_LT(place(30), place(12)) << "the third of the first account's comes after the third's";
  EXPECT_EQ(parts.looks.waiting(), 0U);
}

// Feeds the services with what is applied. There are no other servers.
class Feed final : public Transport, public PresenceSender {
 public:
  explicit Feed(Services& services) : services_(services) {}
  void send(const core::Message&) override {}
  void set_peers(const std::vector<core::Member>&) override {}
  std::vector<core::NodeId> unreached() override { return {}; }
  void publish_events(const std::vector<chat::Event>& events, std::uint64_t index) override {
    services_.hub.publish(events, index);
    services_.presence.applied(events);
  }
  void publish_list(const ServerList&, bool) override {}
  void beat(const Beat&) override {}
  void set_draining() override {}
  void send_presence(const PresenceNewsPtr&) override {}
  void send_presence(core::NodeId, const PresenceNewsPtr&) override {}

 private:
  Services& services_;
};

// A chat service whose parts the test can reach, over the same store.
class Looks : public TransportTest {
 protected:
  Looks() : services_(test_options(), backend_), service_(services_), feed_(services_) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    own_ = builder.BuildAndStart();
    services_.presence.start(feed_);
    backend_.attach(&feed_);
    chat_ = pb::Chat::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                  grpc::InsecureChannelCredentials()));
    ada_ = account("ada");
    bob_ = account("bob");
    eve_ = account("eve");
    joe_ = account("joe");
    auto create = write_request<pb::CreateGroupRequest>();
    create.set_title("a group");
    create.add_names("bob");
    create.add_names("eve");
    pb::CreateGroupResponse made;
    expect_ok(call(&pb::Chat::Stub::CreateGroup, create, made, ada_.bearer));
    club_ = made.conversation().id();
  }
  ~Looks() override {
    gate_.open();
    lives_.clear();
    backend_.attach(nullptr);
    services_.streams.end_all(draining());
    own_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
    own_->Wait();
    services_.presence.stop();
    services_.hub.stop();
    services_.watchers.stop();
    services_.scheduler.stop();
    services_.hashers.stop();
    services_.disk.stop();
    services_.searchers.stop();
  }

  // So many streams of that account, which have been told how the watched ones are.
  void open(const Session& who, int count, const std::vector<std::int64_t>& watched) {
    const std::size_t before = lives_.size();
    for (int i = 0; i < count; ++i) {
      lives_.push_back(std::make_unique<Live>(*chat_, who));
      lives_.back()->watch(watched);
    }
    for (std::size_t i = before; i < lives_.size(); ++i) {
      for (const std::int64_t account : watched) {
        EXPECT_TRUE(eventually([&] { return !lives_[i]->history(account).empty(); }));
      }
    }
  }
  // From here on every look waits.
  void hold_looks() {
    for (int i = 0; i < 2; ++i) {
      holders_.push_back(at(gate_));
      services_.looks.add(-1 - i, holders_.back());
    }
    ASSERT_TRUE(eventually([&] { return gate_.inside() == 2; }));
  }
  void rename() {
    auto request = write_request<pb::RenameGroupRequest>();
    request.set_conversation_id(club_);
    request.set_title("another name");
    pb::RenameGroupResponse response;
    expect_ok(call(&pb::Chat::Stub::RenameGroup, request, response, ada_.bearer));
  }
  void add_joe() {
    auto request = write_request<pb::AddMembersRequest>();
    request.set_conversation_id(club_);
    request.add_names("joe");
    pb::AddMembersResponse response;
    expect_ok(call(&pb::Chat::Stub::AddMembers, request, response, ada_.bearer));
  }
  void remove(const Session& whom) {
    auto request = write_request<pb::RemoveMemberRequest>();
    request.set_conversation_id(club_);
    request.set_account_id(whom.account);
    pb::RemoveMemberResponse response;
    expect_ok(call(&pb::Chat::Stub::RemoveMember, request, response, ada_.bearer));
  }

  Services services_;
  ChatService service_;
  Feed feed_;
  std::unique_ptr<grpc::Server> own_;
  Gate gate_;
  std::vector<std::shared_ptr<One>> holders_;
  std::vector<std::unique_ptr<Live>> lives_;
  Session ada_, bob_, eve_, joe_;
  std::int64_t club_ = 0;
};

TEST_F(Looks, OneEventOfAGroupIsNoFlood) {
  const Live eve(*chat_, eve_);
  const Live joe(*chat_, joe_);
  open(ada_, 30, {bob_.account, eve_.account});
  open(bob_, 10, {ada_.account, joe_.account});
  hold_looks();
  rename();
  add_joe();
  // Whoever watches the one that came looks, and nobody else; the new name made nobody look.
  ASSERT_TRUE(eventually([&] { return services_.looks.waiting() >= 10; }));
  EXPECT_EQ(services_.looks.waiting(), 10U);
  remove(eve_);
  ASSERT_TRUE(eventually([&] { return services_.looks.waiting() == 40; }));
  add_joe();  // Nothing new.
  // Meanwhile others read and log in, with a session that has to be looked up.
  const Session fresh = log_in("ada");
  pb::ListMessagesRequest request;
  request.set_conversation_id(club_);
  pb::ListMessagesResponse response;
  expect_ok(call(&pb::Chat::Stub::ListMessages, request, response, fresh.bearer));
  EXPECT_EQ(services_.looks.waiting(), 40U);
  gate_.open();
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(lives_[i]->sees(eve_.account, kOffline));
  for (int i = 30; i < 40; ++i) EXPECT_TRUE(lives_[i]->sees(joe_.account, kOnline));
}

// From the event until the look is done, whatever happens to those concerned is not told.
TEST_F(Looks, NothingIsToldOfWhomOneMaySeeNoLonger) {
  open(ada_, 1, {bob_.account, eve_.account});
  Live& ada = *lives_.front();
  hold_looks();
  auto block = write_request<pb::SetBlockRequest>();
  block.set_name("ada");
  block.set_blocked(true);
  pb::SetBlockResponse response;
  expect_ok(call(&pb::Chat::Stub::SetBlock, block, response, eve_.bearer));
  ASSERT_TRUE(eventually([&] { return services_.looks.waiting() == 1; }));
  const Live eve(*chat_, eve_);
  const Live bob(*chat_, bob_);
  EXPECT_TRUE(ada.sees(bob_.account, kOnline));  // Eve was online before.
  EXPECT_EQ(ada.history(eve_.account).size(), 1U);
  gate_.open();
  EXPECT_TRUE(eventually([&] { return services_.looks.waiting() == 0; }));
  auto again = write_request<pb::SetBlockRequest>();
  again.set_name("ada");
  expect_ok(call(&pb::Chat::Stub::SetBlock, again, response, eve_.bearer));
  EXPECT_TRUE(ada.sees(eve_.account, kOnline));
}

// What the hub tells one stream.
class Told final : public PresenceListener {
 public:
  void touched(const std::vector<chat::AccountId>&) override {}
  void typing(chat::ConversationId, chat::AccountId, std::chrono::steady_clock::time_point,
              std::uint64_t sight) override {
    typing_sight = sight;
    ++typed;
  }
  void sight_changed(const SightChange& change) override {
    number = change.number;
    ++changes;
  }
  void look_again(std::uint64_t) override { ++all; }
  void beat() override {}
  std::atomic<std::uint64_t> typing_sight{0};
  std::atomic<std::uint64_t> number{0};
  std::atomic<int> typed{0};
  std::atomic<int> changes{0};
  std::atomic<int> all{0};
};

// Many small changes in one batch, as an import makes them, are still only about those concerned.
TEST_F(Looks, ManyChangesAmongOthersMakeNobodyLook) {
  const auto told = std::make_shared<Told>();
  presence::SessionKey key = 0;
  ASSERT_EQ(services_.presence.add(ada_.account, told, {10, 10}, key), Place::kGiven);
  const auto block = [](chat::AccountId by, chat::AccountId whom) {
    chat::Event event;
    event.kind = chat::EventKind::kBlock;
    event.subject = whom;
    event.audience = std::make_shared<const std::vector<chat::AccountId>>(std::vector{by});
    return event;
  };
  std::vector<chat::Event> changes;
  for (int i = 0; i < 1'000; ++i) changes.push_back(block(1'000'000 + i, 2'000'000 + i));
  services_.presence.applied(changes);
  services_.presence.applied({block(eve_.account, ada_.account)});
  EXPECT_TRUE(eventually([&] { return told->changes + told->all > 0; }));
  EXPECT_EQ(told->changes, 1);
  EXPECT_EQ(told->all, 0);
  services_.presence.remove(key, true);
}

// A stream tells by that which notices were found out too early for what it has heard since.
TEST_F(Looks, ATypingNoticeTellsWhichChangesItKnows) {
  const auto told = std::make_shared<Told>();
  presence::SessionKey key = 0;
  ASSERT_EQ(services_.presence.add(ada_.account, told, {10, 10}, key), Place::kGiven);
  add_joe();
  ASSERT_TRUE(eventually([&] { return told->changes > 0; }));
  EXPECT_GT(told->number, 0U);
  services_.presence.typing(joe_.account, club_);
  ASSERT_TRUE(eventually([&] { return told->typed > 0; }));
  EXPECT_GE(told->typing_sight, told->number);
  services_.presence.remove(key, true);
}

TEST_F(Looks, AStreamThatAsksAllTheTimeLooksNowAndThen) {
  constexpr int kLists = 6;
  Live ada(*chat_, ada_);
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < kLists; ++i) ada.watch({bob_.account, 1'000 + i});
  EXPECT_TRUE(ada.sees(1'000 + kLists - 1, kOffline));
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            (kLists - 1) * std::chrono::milliseconds(240));
  ada.watch({});  // Nothing to look at: nothing to wait for.
  ada.watch({eve_.account});
  EXPECT_TRUE(ada.sees(eve_.account, kOffline));
}

}  // namespace
}  // namespace starling::transport
