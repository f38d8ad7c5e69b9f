// What the core does when a disk or a peer has not kept its word.
#include <limits>

#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

Restored three(const std::vector<Term>& terms = {}, Term term = 1) {
  return restored_from({term, kNoNode}, log_of(voters({1, 2, 3}), terms));
}

// R2.7: the leader remembers what a follower acknowledged; one that has less is no voter any more.
TEST(LostLog, AFollowerThatLostWhatItVouchedForHasNoSay) {
  Solo solo(options_for(2), three({2, 2}, 2));  // It has 3 entries; it once acknowledged 5.
  solo.receive(1, 2, AppendRequest{5, 2, {}, 5, /*known_durable=*/5});
  EXPECT_EQ(solo.core.state().fault, Fault::kLogLost);
  EXPECT_TRUE(solo.state_changed);
  solo.sent.clear();
  solo.now_us += 10'000'000;
  solo.receive(3, 3, VoteRequest{false, false, 9, 2});
  EXPECT_TRUE(solo.sent.empty());
  EXPECT_TRUE(solo.disk.empty()) << "no vote is given";
}

TEST(LostLog, ALeaderTellsWhatItKnowsToBeDurable) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});  // The no-op at 2 is acknowledged.
  solo.step(PeerConnected{2});
  const auto probes = solo.take<AppendRequest>();
  ASSERT_FALSE(probes.empty());
  EXPECT_EQ(probes.back().first, 2u);
  EXPECT_EQ(probes.back().second.known_durable, 2u);
}

TEST(LostLog, AsMuchAsIsKnownIsEnough) {
  Solo solo(options_for(2), three({2, 2}, 2));
  solo.receive(1, 2, AppendRequest{3, 2, {}, 3, /*known_durable=*/3});
  EXPECT_EQ(solo.core.state().fault, Fault::kNone);
  EXPECT_EQ(solo.take<AppendResponse>().back().second.match, 3u);
}

// Nothing that a peer can write into a message ends the process.
TEST(ForgedMessages, ALeaderDoesNotBelieveThem) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  solo.receive(3, 2, HeartbeatRequest{1, 0});
  solo.receive(9, 2, AppendRequest{1, 1, {}, 0});
  solo.receive(2, 2, HeartbeatResponse{1, std::numeric_limits<WallMs>::max()});
  solo.receive(3, std::numeric_limits<Term>::max(), HeartbeatResponse{0, 0});
  EXPECT_EQ(solo.core.state().role, Role::kLeader);
  EXPECT_EQ(solo.core.state().term, 2u);
  solo.wall_ms = 1'000;
  solo.step(Propose{{{1, "x"}}});
  EXPECT_LE(solo.take<AppendRequest>().back().second.entries.back()->stamp_ms, kMaxWallMs);
}

TEST(ForgedMessages, AnUnreadableConfigurationIsNotTaken) {
  Solo solo(options_for(2), three());
  solo.receive(1, 2, AppendRequest{1, 1, {entry(2, 2, "?", EntryKind::kConfiguration)}, 0});
  EXPECT_EQ(solo.core.state().last_index, 1u);
}

TEST(ForgedMessages, ATermHasOneLeader) {
  Solo solo(options_for(2), three());
  solo.receive(1, 2, AppendRequest{1, 1, {entry(2, 2)}, 0});
  solo.receive(3, 2, AppendRequest{1, 1, {entry(2, 2), entry(2, 3)}, 0});
  EXPECT_EQ(solo.core.state().leader, 1u);
  EXPECT_EQ(solo.core.state().last_index, 2u);
}

TEST(ForgedMessages, WhatContradictsACommittedEntryEndsTheSay) {
  Solo solo(options_for(2), three());
  solo.receive(1, 2, AppendRequest{1, 1, {entry(2, 2)}, 2});
  solo.finish_disk();
  ASSERT_EQ(solo.core.state().commit_index, 2u);
  solo.receive(1, 2, AppendRequest{2, 1, {}, 2});
  EXPECT_EQ(solo.core.state().fault, Fault::kDiverged);
}

}  // namespace
}  // namespace starling::core::testing
