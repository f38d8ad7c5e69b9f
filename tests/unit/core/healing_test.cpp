// Which dead server may be removed, and when (R3.4).
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

constexpr TimeUs kDead = 2'000'000;

class Healing : public ::testing::Test {
 protected:
  void lead(const std::vector<NodeId>& ids, const std::vector<NodeId>& alive) {
    solo_ =
        std::make_unique<Solo>(options_for(1), restored_from({1, kNoNode}, log_of(voters(ids))));
    solo_->elect({alive.begin(), alive.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2)});
    solo_->settle(alive);
  }
  // `alive` answer every 50 ms for so long; they say that they do not reach `unreached`.
  void pass(TimeUs us, const std::vector<NodeId>& alive, const std::vector<NodeId>& unreached) {
    for (TimeUs gone = 0; gone < us; gone += 50'000) {
      solo_->after(50'000);
      for (const NodeId peer : alive) {
        solo_->receive(peer, solo_->core.state().term,
                       HeartbeatResponse{0, solo_->wall_ms, 0, unreached});
      }
    }
  }
  NodeId removable() const { return solo_->core.removable(kDead); }
  void remove(NodeId id) {
    solo_->step(ChangeMembership{1, MembershipOp::kRemove, id, ""});
    ASSERT_EQ(solo_->proposals.back().refusal, Refusal::kNone);
  }

  std::unique_ptr<Solo> solo_;
};

TEST_F(Healing, OneThatNobodyReachesIsRemovable) {
  lead({1, 2, 3, 4, 5}, {2, 3, 4});
  pass(kDead - 300'000, {2, 3, 4}, {5});
  EXPECT_EQ(removable(), kNoNode);
  pass(400'000, {2, 3, 4}, {5});
  EXPECT_EQ(removable(), 5u);
}

TEST_F(Healing, OneThatAVoterReachesIsNot) {
  lead({1, 2, 3, 4, 5}, {2, 3, 4});
  pass(2 * kDead, {2, 3}, {5});
  pass(100'000, {4}, {});  // It reaches everybody.
  pass(kDead - 300'000, {2, 3}, {5});
  EXPECT_EQ(removable(), kNoNode) << "the last that reached it did so less than the time ago";
}

TEST_F(Healing, ThreeVotersStay) {
  lead({1, 2, 3}, {2});
  pass(3 * kDead, {2}, {3});
  EXPECT_EQ(removable(), kNoNode);
}

// A leader that nobody has answered yet: its own reign is all that it knows, and no reason to think
// that it is the others who are gone.
TEST_F(Healing, NeedsAMajorityThatIsHeard) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3, 4, 5}))));
  solo.elect({2, 3});
  solo.finish_disk();
  solo.after(150'000);
  ASSERT_EQ(solo.core.state().role, Role::kLeader);
  EXPECT_EQ(solo.core.removable(100'000), kNoNode);
  solo.receive(2, 2, HeartbeatResponse{0, solo.wall_ms, 0, {3, 4, 5}});
  EXPECT_EQ(solo.core.removable(100'000), kNoNode) << "two of five are no majority";
  solo.receive(3, 2, HeartbeatResponse{0, solo.wall_ms, 0, {4, 5}});
  EXPECT_NE(solo.core.removable(100'000), kNoNode);
}

TEST_F(Healing, OneRemovalInTheTime) {
  lead({1, 2, 3, 4, 5}, {2, 3, 4});
  pass(2 * kDead, {2, 3}, {4, 5});
  const NodeId first = removable();
  ASSERT_NE(first, kNoNode);
  remove(first);
  solo_->settle({2, 3});
  pass(kDead / 2, {2, 3}, {4, 5});
  EXPECT_EQ(removable(), kNoNode);
  pass(kDead, {2, 3}, {4, 5});
  EXPECT_EQ(removable(), first == 4u ? 5u : 4u);
}

TEST_F(Healing, ANewReignCountsFromItsBeginning) {
  lead({1, 2, 3, 4, 5}, {2, 3, 4});
  EXPECT_EQ(removable(), kNoNode);
  pass(200'000, {2, 3, 4}, {5});
  EXPECT_EQ(solo_->core.removable(100'000), 5u);
}

// It may be back before its removal has committed: it is not to hear of it, and asks to be let in.
TEST_F(Healing, WhoIsRemovedAsDeadIsNotToldSo) {
  lead({1, 2, 3, 4, 5}, {2, 3, 4});
  pass(2 * kDead, {2, 3, 4}, {5});
  solo_->step(PeerConnected{5});
  solo_->sent.clear();
  solo_->step(ChangeMembership{1, MembershipOp::kRemoveDead, 5, ""});
  ASSERT_EQ(solo_->proposals.back().refusal, Refusal::kNone);
  solo_->settle({2, 3, 4});
  pass(200'000, {2, 3, 4}, {});
  for (const Message& message : solo_->sent) EXPECT_NE(message.to, 5u);
  EXPECT_EQ(solo_->core.configuration().find(5), nullptr);
}

TEST_F(Healing, OnlyALeaderRemoves) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3, 4, 5}))));
  solo.receive(2, 2, HeartbeatRequest{1, 0});
  EXPECT_EQ(solo.core.removable(0), kNoNode);
}

TEST_F(Healing, AFollowerSaysWhomItDoesNotReach) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3, 4, 5}))));
  solo.step(Unreached{{4, 5}});
  solo.receive(2, 2, HeartbeatRequest{1, 0});
  solo.finish_disk();
  const auto answers = solo.take<HeartbeatResponse>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].second.unreached, (std::vector<NodeId>{4, 5}));
}

}  // namespace
}  // namespace starling::core::testing
