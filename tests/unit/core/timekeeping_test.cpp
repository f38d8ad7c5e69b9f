// R4.4 while nobody writes: when an entry is due that says what time it is, and what comes of it.
#include "server/core/timekeeping.h"

#include <limits>

#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

constexpr WallMs kLag = 60'000;
constexpr WallMs kDayMs = 86'400'000;
constexpr TimeUs kMinuteUs = 60'000'000;

TimeView lagging(WallMs by_ms) { return {kWallMs, kWallMs + by_ms, true, false}; }

TEST(TimeEntry, IsDueOnceTimeLags) {
  EXPECT_FALSE(time_entry_due(lagging(0), kLag));
  EXPECT_FALSE(time_entry_due(lagging(kLag - 1), kLag));
  EXPECT_TRUE(time_entry_due(lagging(kLag), kLag));
  EXPECT_TRUE(time_entry_due(lagging(365 * kDayMs), kLag));
}

TEST(TimeEntry, IsNotDueWhileSomethingIsUnderWay) {
  TimeView view = lagging(kLag);
  view.settled = false;
  EXPECT_FALSE(time_entry_due(view, kLag));
}

TEST(TimeEntry, IsNotDueDuringAHandover) {
  TimeView view = lagging(kLag);
  view.transferring = true;
  EXPECT_FALSE(time_entry_due(view, kLag));
}

TEST(TimeEntry, HasNoUseForATimeThatDoesNotMove) {
  EXPECT_FALSE(time_entry_due(lagging(-kDayMs), kLag));
  constexpr WallMs kLeast = std::numeric_limits<WallMs>::min();
  constexpr WallMs kMost = std::numeric_limits<WallMs>::max();
  EXPECT_FALSE(time_entry_due({kMost, kMost, true, false}, kLag));
  EXPECT_FALSE(time_entry_due({kLeast, kLeast, true, false}, kLag));
  EXPECT_TRUE(time_entry_due({kLeast, kMost, true, false}, kLag));
}

// A cluster whose first entries are committed everywhere.
class Timekeeping : public ::testing::Test {
 protected:
  Timekeeping() {
    cluster.commit("a");
    cluster.run_for(300'000);  // The followers' clocks are known.
    before_ = cluster.nodes.at(1).applied.size();
  }
  void all_clocks_ahead(WallMs by_ms) {
    for (auto& [id, node] : cluster.nodes) node.clock_ahead_ms = by_ms;
  }
  // At the server whose replicated time is the least.
  WallMs time_ms() const {
    WallMs least = std::numeric_limits<WallMs>::max();
    for (const auto& [id, node] : cluster.nodes) {
      least = std::min(least, node.applied.back()->stamp_ms);
    }
    return least;
  }
  WallMs truth_ms() const {
    return kWallMs + cluster.now_us / 1000 + cluster.nodes.at(1).clock_ahead_ms;
  }
  std::size_t made() const { return cluster.nodes.at(1).applied.size() - before_; }

  Cluster cluster{{1, 2, 3}};

 private:
  std::size_t before_ = 0;
};

TEST_F(Timekeeping, TimeGoesOnWhileNobodyWrites) {
  const Term term = cluster.term(1);
  for (int minute = 1; minute <= 30; ++minute) {
    cluster.run_for(kMinuteUs);
    EXPECT_GE(time_ms(), truth_ms() - kLag - 200);
    EXPECT_LE(time_ms(), truth_ms());
  }
  EXPECT_GE(made(), 29u);
  EXPECT_LE(made(), 30u) << "one entry a minute";
  EXPECT_EQ(cluster.nodes.at(3).applied.back()->kind, EntryKind::kNoop);
  EXPECT_EQ(cluster.term(1), term);
}

TEST_F(Timekeeping, WritesMakeItNeedless) {
  for (int i = 0; i < 10; ++i) {
    cluster.run_for(kMinuteUs / 2);
    cluster.commit("b");
  }
  EXPECT_EQ(made(), 10u);
}

TEST_F(Timekeeping, AfterALongRestOneEntryIsEnough) {
  all_clocks_ahead(2 * kDayMs);
  cluster.run_for(300'000);
  EXPECT_GE(time_ms(), truth_ms() - 300);
  EXPECT_EQ(made(), 1u);
}

TEST_F(Timekeeping, ANewLeaderMakesUpForIt) {
  cluster.kill(1);
  for (const NodeId id : {2, 3}) cluster.nodes.at(id).clock_ahead_ms = 2 * kDayMs;
  const NodeId next = cluster.await_leader();
  cluster.run_for(300'000);
  EXPECT_GE(cluster.nodes.at(next).applied.back()->stamp_ms, kWallMs + 2 * kDayMs);
}

TEST_F(Timekeeping, OneClockAheadIsNoReason) {
  for (const NodeId wrong : {1, 2}) {  // The leader's or a follower's.
    cluster.nodes.at(wrong).clock_ahead_ms = 365 * kDayMs;
    cluster.run_for(kMinuteUs / 4);
    EXPECT_EQ(made(), 0u);
    cluster.nodes.at(wrong).clock_ahead_ms = 0;
  }
}

TEST_F(Timekeeping, ClocksThatGoBackAreNoReason) {
  all_clocks_ahead(-kDayMs);
  cluster.run_for(10 * kMinuteUs);
  EXPECT_EQ(made(), 0u);
}

// A leader of three, the second of which answers its heartbeats and stores nothing.
TEST(TimeEntry, DoesNotPileUpWhereNothingCommits) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.settle({2});
  const Index settled = solo.core.state().last_index;
  const auto beats = [&](WallMs ms) {
    for (WallMs passed = 0; passed < ms; passed += 50) {
      solo.wall_ms += 50;
      solo.after(50'000);
      solo.finish_disk();
      std::uint64_t round = 0;
      for (const auto& [to, beat] : solo.take<HeartbeatRequest>()) {
        if (to == 2) round = std::max(round, beat.round);
      }
      if (round == 0) continue;
      HeartbeatResponse response;
      response.round = round;
      response.clock_ms = solo.wall_ms;
      solo.receive(2, solo.core.state().term, response);
    }
  };
  beats(kLag - 100);
  EXPECT_EQ(solo.core.state().last_index, settled);
  beats(5 * kLag);
  ASSERT_EQ(solo.core.state().role, Role::kLeader);
  EXPECT_EQ(solo.core.state().last_index, settled + 1);
  solo.ack(2, settled + 1);
  beats(100);
  EXPECT_EQ(solo.core.state().last_index, settled + 2) << "that one's stamp was old already";
}

TEST(TimeEntry, WaitsForTheEndOfAHandover) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.run_for(300'000);
  const Index last = cluster.nodes.at(1).core->state().last_index;
  // The target is not heard from, so the handover is given up after an election minimum.
  cluster.drop = [](const Message& m) { return m.from == 3 || m.to == 3; };
  cluster.step(1, Transfer{3});
  for (auto& [id, node] : cluster.nodes) node.clock_ahead_ms = kDayMs;
  cluster.run_for(200'000);
  ASSERT_TRUE(cluster.nodes.at(1).core->state().transferring);
  EXPECT_EQ(cluster.nodes.at(1).core->state().last_index, last);
  cluster.run_for(200'000);
  ASSERT_FALSE(cluster.nodes.at(1).core->state().transferring);
  EXPECT_EQ(cluster.nodes.at(1).core->state().last_index, last + 1);
}

}  // namespace
}  // namespace starling::core::testing
