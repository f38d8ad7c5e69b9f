// Presence watches: what they say and tell, whatever becomes of their servers.
#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "sdk/src/typing_queue.h"
#include "tests/unit/sdk/session_test.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

class PresenceTest : public SessionTest {
 protected:
  explicit PresenceTest(int servers = 3) : SessionTest(servers) {}
  void begin() {
    auto made = session.watch_presence(
        [this](const Presence& presence) {
          const std::lock_guard lock(mutex);
          told.push_back(presence);
        },
        [this](const Typing& typing) {
          const std::lock_guard lock(mutex);
          typed.push_back(typing);
        });
    ASSERT_TRUE(made.ok()) << made.error().message;
    live = std::move(*made);
    ASSERT_TRUE(eventually([this] { return !live.server().empty(); }));
  }
  std::vector<Presence> all_told() {
    const std::lock_guard lock(mutex);
    return told;
  }
  bool last_is(const Presence& wanted) {
    return eventually([&] {
      const std::lock_guard lock(mutex);
      return !told.empty() && told.back() == wanted;
    });
  }
  fake::Server& answering() {
    for (std::size_t i = 0; i < 3; ++i) {
      if (cluster[i].address() == live.server()) return cluster[i];
    }
    ADD_FAILURE() << "nobody answers";
    return cluster[0];
  }
  std::vector<std::int64_t> places() {  // Where somebody was told to type.
    const std::lock_guard lock(mutex);
    std::vector<std::int64_t> all;
    for (const Typing& typing : typed) all.push_back(typing.conversation_id);
    return all;
  }
  int asked_for(v1::PresenceRequest::WhatCase what) {
    int count = 0;
    for (const auto& request : cluster.answers.asked<v1::PresenceRequest>()) {
      count += request.what_case() == what ? 1 : 0;
    }
    return count;
  }
  void refuse_presence() {
    for (std::size_t i = 0; i < 3; ++i) {
      cluster[i].on_unary([](const std::string& method) {
        return method == "Presence" ? fake::refusal(grpc::StatusCode::UNAUTHENTICATED,
                                                    v1::REASON_UNAUTHENTICATED, false)
                                    : grpc::Status::OK;
      });
    }
  }

  std::mutex mutex;
  std::vector<Presence> told;
  std::vector<Typing> typed;
  PresenceWatch live;
};

TEST_F(PresenceTest, TellsEachOnceAndThenItsChanges) {
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  begin();
  live.watch({8, 0, -3});
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
  live.watch({7, 8});
  EXPECT_TRUE(last_is({7, PresenceState::kOffline, 0})) << "how 8 is was told before";
  cluster.set_presence(8, v1::PRESENCE_STATE_AWAY);
  EXPECT_TRUE(last_is({8, PresenceState::kAway, 0}));
  cluster.set_presence(8, v1::PRESENCE_STATE_OFFLINE, 1'700'000'000'000);
  EXPECT_TRUE(last_is({8, PresenceState::kOffline, 1'700'000'000'000}));
  EXPECT_EQ(all_told().size(), 4U);
  EXPECT_THAT(live.current(), ElementsAre(Presence{7, PresenceState::kOffline, 0},
                                          Presence{8, PresenceState::kOffline, 1'700'000'000'000}));
  EXPECT_TRUE(live.status().ok());
  live.watch({});
  EXPECT_TRUE(live.current().empty());
}

TEST_F(PresenceTest, GoesOnElsewhereAndSaysAgainWhatItSaid) {
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  begin();
  live.watch({8});
  live.set_away(true);
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
  EXPECT_TRUE(eventually([&] { return asked_for(v1::PresenceRequest::kAway) == 1; }));
  answering().kill();
  EXPECT_TRUE(eventually([&] {
    return asked_for(v1::PresenceRequest::kAway) == 2 &&
           asked_for(v1::PresenceRequest::kWatch) >= 2;
  }));
  cluster.set_presence(8, v1::PRESENCE_STATE_AWAY);
  EXPECT_TRUE(last_is({8, PresenceState::kAway, 0}));
  EXPECT_EQ(all_told().size(), 2U) << "that it is still online is no news";
}

TEST_F(PresenceTest, LeavesAServerThatHangs) {
  begin();
  live.watch({8});
  EXPECT_TRUE(last_is({8, PresenceState::kOffline, 0}));
  answering().hung = true;
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
}

TEST_F(PresenceTest, LeavesAServerThatIsCutOff) {
  begin();
  live.watch({8});
  EXPECT_TRUE(last_is({8, PresenceState::kOffline, 0}));
  const std::string before = live.server();
  answering().cut_off = true;
  EXPECT_TRUE(eventually([&] { return !live.server().empty() && live.server() != before; }));
}

TEST_F(PresenceTest, WithoutAServerNobodyIsOnline) {
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  begin();
  live.watch({8});
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
  for (std::size_t i = 0; i < 3; ++i) cluster[i].kill();
  EXPECT_TRUE(last_is({8, PresenceState::kOffline, 0}));
  cluster[1].start();
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
}

TEST_F(PresenceTest, TypingIsSaidEveryTwoSecondsAtMost) {
  begin();
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 1'000; ++i) live.typing(5);
  live.typing(6);
  live.typing(0);
  EXPECT_TRUE(eventually([&] { return asked_for(v1::PresenceRequest::kTyping) >= 2; }));
  const auto passed = std::chrono::steady_clock::now() - begun;
  EXPECT_LE(asked_for(v1::PresenceRequest::kTyping), 2 + passed / 2s);
}

TEST_F(PresenceTest, TellsWhoTypes) {
  begin();
  answering().types = 5;
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return typed.size() == 1 && typed[0].conversation_id == 5 && typed[0].account_id == 9;
  }));
}

// A server reads nothing behind a list that has to wait, and lists that come quickly do.
TEST_F(PresenceTest, ManyListsDoNotHoldUpTyping) {
  cluster.set_presence(77, v1::PRESENCE_STATE_AWAY);
  begin();
  for (int i = 0; i < 100; ++i) {
    live.watch({8, 9 + i % 2});
    live.watch({8, 9 + i % 2});
    std::this_thread::sleep_for(1ms);  // So that they are not all taken as one.
  }
  live.watch({8, 77});
  live.typing(5);
  EXPECT_TRUE(eventually([&] { return asked_for(v1::PresenceRequest::kTyping) == 1; }));
  EXPECT_TRUE(last_is({77, PresenceState::kAway, 0}));
  EXPECT_LE(asked_for(v1::PresenceRequest::kWatch), 10);
}

TEST(TypingQueue, TellsWhatStillHolds) {
  using sdk::TimePoint;
  sdk::TypingQueue queue;
  const TimePoint begun{};
  queue.add({1, 9}, begun);
  queue.add({2, 9}, begun + 1s);
  EXPECT_EQ(queue.take(begun + 6s)->conversation_id, 2) << "the first is six seconds old";
  EXPECT_FALSE(queue.take(begun + 6s).has_value());
  queue.add({3, 9}, begun + 7s);
  EXPECT_EQ(queue.take(begun + 12'999ms)->conversation_id, 3);
  EXPECT_TRUE(queue.empty());
}

// The callback hangs: of what was typed meanwhile the newest is told.
TEST_F(PresenceTest, MuchTypingPushesOutTheOldest) {
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  auto made = session.watch_presence(nullptr, [&, opened](const Typing& typing) {
    {
      const std::lock_guard lock(mutex);
      typed.push_back(typing);
    }
    opened.wait();
  });
  ASSERT_TRUE(made.ok()) << made.error().message;
  live = std::move(*made);
  ASSERT_TRUE(eventually([&] { return !live.server().empty(); }));
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  live.watch({8});
  const auto type = [&](std::int64_t conversation) {
    answering().types = conversation;
    ASSERT_TRUE(eventually([&] { return answering().types == 0; }));
  };
  type(1);
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return typed.size() == 1;
  }));
  type(2);
  for (std::int64_t i = 0; i < 80; ++i) type(100 + i);
  type(999);
  cluster.set_presence(8, v1::PRESENCE_STATE_AWAY);  // It comes behind all of them.
  EXPECT_TRUE(eventually([&] {
    const auto now = live.current();
    return now.size() == 1 && now[0].state == PresenceState::kAway;
  }));
  gate.set_value();
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return typed.back().conversation_id == 999;
  }));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(typed.size(), 65U) << "the first, and the newest of those that came meanwhile";
  EXPECT_NE(typed[1].conversation_id, 2);
}

// Notices and messages do not travel together: what was typed may be told after it was sent.
TEST_F(PresenceTest, TypingIsNotToldAfterItsMessage) {
  begin();
  auto events = session.subscribe(std::nullopt);
  ASSERT_TRUE(events.ok()) << events.error().message;
  v1::Event event;
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_conversation_id(5);
  event.mutable_message()->set_conversation_id(5);
  event.mutable_message()->set_sender_id(9);
  cluster.add_event(event);
  ASSERT_TRUE(events->next(20s).ok());
  const auto wrote = std::chrono::steady_clock::now();
  const auto types_in = [&](std::int64_t conversation) {
    answering().types = conversation;
    EXPECT_TRUE(eventually([&] { return answering().types == 0; }));
  };
  types_in(5);
  types_in(6);  // Of another conversation: it is told, and behind the one before.
  EXPECT_TRUE(eventually([&] { return !places().empty(); }));
  if (std::chrono::steady_clock::now() - wrote < 1s) {
    EXPECT_THAT(places(), ElementsAre(6));
  }
  EXPECT_TRUE(eventually([&] {  // What is typed later is told again.
    types_in(5);
    return places().back() == 5;
  }));
  EXPECT_GE(std::chrono::steady_clock::now() - wrote, 900ms);
}

TEST_F(PresenceTest, NoTypingIsSaidJustBehindAMessage) {
  begin();
  const auto sent = std::chrono::steady_clock::now();
  ASSERT_TRUE(session.send(5, "hello").ok());
  EXPECT_TRUE(eventually([&] {
    live.typing(5);
    return asked_for(v1::PresenceRequest::kTyping) == 1;
  }));
  EXPECT_GE(std::chrono::steady_clock::now() - sent, 1s) << "the others would not believe it yet";
}

TEST_F(PresenceTest, EndsWithItsSession) {
  cluster.set_presence(8, v1::PRESENCE_STATE_ONLINE);
  begin();
  live.watch({8});
  EXPECT_TRUE(last_is({8, PresenceState::kOnline, 0}));
  refuse_presence();
  answering().kill();
  EXPECT_TRUE(last_is({8, PresenceState::kOffline, 0}));
  EXPECT_TRUE(eventually([&] { return !live.status().ok(); }));
  EXPECT_EQ(live.status().error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(live.server(), "");
}

// Whatever it says then, it says to a call that gRPC may have freed a moment ago.
TEST_F(PresenceTest, MayBeClosedInAnyMomentOfItsEnd) {
  refuse_presence();
  constexpr int kRounds = 500;
  constexpr int kSteps = 100;  // Of twenty microseconds: a refusal takes less than all of them.
  for (int round = 0; round < kRounds; ++round) {
    auto made = session.watch_presence(nullptr, nullptr);
    ASSERT_TRUE(made.ok()) << made.error().message;
    std::this_thread::sleep_for(20us * (round % kSteps));
    made->set_away(true);
    made->close();
    EXPECT_FALSE(made->status().ok());
  }
}

TEST_F(PresenceTest, SaysGoodbye) {
  begin();
  fake::Server& server = answering();
  live.close();
  EXPECT_EQ(live.status().error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(eventually([&] { return server.presences == 0; }));
  EXPECT_EQ(server.goodbyes, 1);
  live.watch({8});
  live.close();
  // So does one that goes with its client.
  begin();
  fake::Server& other = answering();
  const int before = other.goodbyes;
  client->close();
  EXPECT_EQ(live.status().error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(eventually([&] { return other.goodbyes == before + 1; }));
}

TEST_F(PresenceTest, AServerThatHangsDoesNotHoldUpTheEnd) {
  begin();
  answering().hung = true;
  const auto begun = std::chrono::steady_clock::now();
  client->close();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
}

TEST(PresenceWatchTest, AnEmptyOneDoesNothing) {
  PresenceWatch none;
  none.watch({1});
  none.set_away(true);
  none.typing(1);
  none.close();
  EXPECT_TRUE(none.current().empty());
  EXPECT_EQ(none.status().error().code, ErrorCode::kCancelled);
  EXPECT_EQ(Session().watch_presence(nullptr, nullptr).error().code, ErrorCode::kUnauthenticated);
}

}  // namespace
}  // namespace starling
