// A log that no longer begins at the beginning: who needs a snapshot, who is asked to fetch one,
// and what is taken from a leader whose log reaches further back (dissertation 5.1 to 5.3).
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

// As restored_from(), compacted: the log begins behind `base`, and all up to it is applied.
Restored compacted(const HardState& hard_state, const std::vector<EntryPtr>& log, Index base) {
  Restored restored = restored_from(hard_state, log, base);
  restored.base_index = base;
  restored.base_term = log[base - 1]->term;
  restored.term_runs.clear();
  for (std::size_t i = base; i < log.size(); ++i) {
    if (restored.term_runs.empty() || restored.term_runs.back().second != log[i]->term) {
      restored.term_runs.emplace_back(log[i]->index, log[i]->term);
    }
  }
  return restored;
}

std::vector<EntryPtr> log_with(const std::vector<Term>& terms) {
  return log_of(voters({1, 2, 3}), terms);
}

// Leads term 4; its log held 2 to 6 of terms 2 2 3 3 3 and begins behind 5.
Solo leader_without_its_beginning() {
  Solo solo(options_for(1), compacted({3, kNoNode}, log_with({2, 2, 3, 3, 3}), 5));
  solo.elect({2});
  solo.settle({2});
  return solo;
}

AppendResponse rejected(Index prev, Index hint_index, Term hint_term) {
  AppendResponse response;
  response.rejected_prev = prev;
  response.hint_index = hint_index;
  response.hint_term = hint_term;
  return response;
}

TEST(Snapshot, ALaggardIsToldToFetchOneAndThenGetsTheRest) {
  Solo solo = leader_without_its_beginning();
  solo.receive(3, 4, rejected(6, 3, 2));  // It ends at 3.
  const auto asked = solo.take<InstallSnapshot>();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].first, 3u);
  EXPECT_EQ(asked[0].second.index, 5u);
  EXPECT_EQ(asked[0].second.term, 3u);
  solo.after(5'000);
  EXPECT_TRUE(solo.take<InstallSnapshot>().empty()) << "once, until its patience ends";
  solo.ack(3, 6);
  const auto rest = solo.take<AppendRequest>();
  ASSERT_FALSE(rest.empty());
  EXPECT_EQ(rest[0].second.prev_index, 6u);
}

// Where it stands is not known yet: it is asked at the end of the log, and needs no snapshot.
TEST(Snapshot, OneThatHasJustConnectedIsNotSentForOne) {
  Solo solo = leader_without_its_beginning();
  solo.step(PeerConnected{3});
  ASSERT_EQ(solo.sent.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<AppendRequest>(solo.sent[0].body));
  solo.ack(3, 7);
  EXPECT_TRUE(solo.take<InstallSnapshot>().empty());
}

TEST(Snapshot, WhoIsAskedInVainIsAskedAgain) {
  Solo solo = leader_without_its_beginning();
  solo.receive(3, 4, rejected(6, 3, 2));
  solo.sent.clear();
  int asked = 0;
  for (int i = 0; i < 200; ++i) {
    solo.receive(2, 4, HeartbeatResponse{0, solo.wall_ms});
    solo.after(10'000);
    asked += static_cast<int>(solo.take<InstallSnapshot>().size());
  }
  EXPECT_GE(asked, 2);
  EXPECT_LE(asked, 20);
}

// What the leader gives up while a follower reads it from the leader's disk.
TEST(Snapshot, CompactionOvertakesAFollower) {
  Options options = options_for(1);
  options.cache_bytes = 0;
  Solo solo(options, restored_from({3, kNoNode}, log_with({2, 2, 3, 3, 3}), 6));
  solo.elect({2});
  solo.settle({2});
  solo.receive(3, 4, rejected(6, 3, 2));
  ASSERT_FALSE(solo.read_log.empty());
  EXPECT_EQ(solo.read_log.back().from, 4u);
  solo.step(Compacted{5});
  EXPECT_EQ(solo.core.state().base_index, 5u);
  solo.receive(2, 4, HeartbeatResponse{0, solo.wall_ms});
  solo.after(130'000);  // Its answer never comes.
  EXPECT_EQ(solo.take<InstallSnapshot>().size(), 1u);
}

// The log was compacted up to the very entry that was being read: what comes before it is not known
// any more, so the entries alone would contradict what has committed at the follower.
TEST(Snapshot, WhatWasReadWhileItWasCompactedAwayIsNotSent) {
  Options options = options_for(1);
  options.cache_bytes = 0;
  Solo solo(options, restored_from({3, kNoNode}, log_with({2, 2, 3, 3, 3}), 6));
  solo.elect({2});
  solo.settle({2});
  solo.receive(3, 4, rejected(6, 3, 2));
  ASSERT_FALSE(solo.read_log.empty());
  ASSERT_EQ(solo.read_log.back().from, 4u);
  solo.step(Compacted{4});
  solo.sent.clear();
  solo.step(LogRead{3, 4, {entry(3, 4), entry(3, 5)}});
  for (const Message& message : solo.sent) {
    EXPECT_FALSE(std::holds_alternative<AppendRequest>(message.body));
  }
  EXPECT_EQ(solo.take<InstallSnapshot>().size(), 1u);
}

TEST(Snapshot, AFollowerFetchesWhatItDoesNotHave) {
  Solo solo(options_for(3), restored_from({4, kNoNode}, log_with({2, 2})));
  Effects effects;
  solo.core.step(
      {solo.now_us, solo.wall_ms, Receive{{kCluster, 1, 1, 3, 4, InstallSnapshot{5, 3}}}}, effects);
  ASSERT_EQ(effects.fetch_snapshot.size(), 1u);
  EXPECT_EQ(effects.fetch_snapshot[0].from, 1u);
  EXPECT_EQ(effects.fetch_snapshot[0].index, 5u);
  EXPECT_TRUE(effects.messages.empty());
}

TEST(Snapshot, AFollowerThatHasItSaysSo) {
  Solo solo(options_for(3), restored_from({4, kNoNode}, log_with({2, 2, 3, 3, 3})));
  solo.receive(1, 4, InstallSnapshot{5, 3});
  const auto answers = solo.take<AppendResponse>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_TRUE(answers[0].second.success);
  EXPECT_EQ(answers[0].second.match, 5u) << "not 6: that may be nobody's";
}

TEST(Snapshot, AnotherTermAtThatIndexIsNotIt) {
  Solo solo(options_for(3), restored_from({4, kNoNode}, log_with({2, 2, 2, 2, 2})));
  Effects effects;
  solo.core.step(
      {solo.now_us, solo.wall_ms, Receive{{kCluster, 1, 1, 3, 4, InstallSnapshot{5, 3}}}}, effects);
  EXPECT_EQ(effects.fetch_snapshot.size(), 1u);
  EXPECT_TRUE(effects.messages.empty());
}

TEST(Snapshot, AnOldLeaderIsToldSo) {
  Solo solo(options_for(3), restored_from({5, kNoNode}, log_with({2, 2})));
  solo.receive(1, 4, InstallSnapshot{5, 3});
  EXPECT_EQ(solo.sent.size(), 1u);
  EXPECT_EQ(solo.sent.back().term, 5u);
}

// Its own log begins behind 5; the leader, after a restart, probes further back.
TEST(Snapshot, EntriesBelowTheBaseAreKnownAlready) {
  Solo solo(options_for(3), compacted({4, kNoNode}, log_with({2, 2, 3, 3, 3}), 5));
  solo.receive(1, 4, AppendRequest{2, 2, {entry(2, 3), entry(3, 4)}, 4});
  EXPECT_EQ(solo.take<AppendResponse>().back().second.match, 5u);
  solo.receive(1, 4, AppendRequest{3, 2, {entry(3, 4), entry(3, 5), entry(3, 6), entry(4, 7)}, 6});
  solo.finish_disk();
  EXPECT_EQ(solo.take<AppendResponse>().back().second.match, 7u);
  EXPECT_EQ(solo.core.state().commit_index, 6u);
}

TEST(Snapshot, AnotherHistoryBelowTheBaseIsABrokenPromise) {
  Solo solo(options_for(3), compacted({4, kNoNode}, log_with({2, 2, 3, 3, 3}), 5));
  solo.receive(1, 4, AppendRequest{3, 2, {entry(2, 4), entry(2, 5), entry(4, 6)}, 6});
  EXPECT_EQ(solo.core.state().fault, Fault::kDiverged);
}

TEST(Snapshot, ItVotesByItsBaseWhenNothingIsBehindIt) {
  Restored only_base;
  only_base.hard_state = {3, kNoNode};
  only_base.base_index = only_base.last_index = only_base.applied_index = 9;
  only_base.base_term = 3;
  only_base.configurations = {{1, voters({1, 2, 3})}};
  Solo solo(options_for(3), only_base);
  solo.now_us += 10'000'000;
  solo.receive(1, 4, VoteRequest{false, false, 8, 3});
  solo.finish_disk();
  ASSERT_FALSE(solo.sent.empty());
  EXPECT_FALSE(std::get<VoteResponse>(solo.sent.back().body).granted);
  solo.sent.clear();
  solo.receive(2, 5, VoteRequest{false, false, 9, 3});
  solo.finish_disk();
  ASSERT_FALSE(solo.sent.empty());
  EXPECT_TRUE(std::get<VoteResponse>(solo.sent.back().body).granted);
}

}  // namespace
}  // namespace starling::core::testing
