// Handing over: the target is told to stand when it has everything, not before (R3.7).
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

TEST(Transfer, WaitsForATargetThatLacksEntries) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.settle({2});
  solo.step(Transfer{3});
  EXPECT_TRUE(solo.take<TimeoutNow>().empty()) << "3 has acknowledged nothing yet";
  EXPECT_TRUE(solo.core.state().transferring);
  solo.ack(3, 1);
  EXPECT_TRUE(solo.take<TimeoutNow>().empty()) << "the no-op is missing";
  solo.ack(3, solo.core.state().last_index);
  const auto told = solo.take<TimeoutNow>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].first, 3u);
}

TEST(Transfer, ProposesNothingMeanwhileAndGivesUpInTime) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.settle({2});
  solo.step(Transfer{3});
  solo.propose(7);
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kTransferring);
  for (int i = 0; i < 6; ++i) {
    solo.receive(2, 2, HeartbeatResponse{0, solo.wall_ms});
    solo.after(50'000);
  }
  ASSERT_EQ(solo.transfers.size(), 1u);
  EXPECT_EQ(solo.transfers[0].result, TransferResult::kTimedOut);
  EXPECT_EQ(solo.core.state().role, Role::kLeader);
  solo.propose(8);
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kNone);
}

}  // namespace
}  // namespace starling::core::testing
