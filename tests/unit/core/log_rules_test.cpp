// R2, R3.1 and R5.1, rule by rule, on one core driven by hand.
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

Restored three(const std::vector<Term>& terms = {}, Term term = 1) {
  return restored_from({term, kNoNode}, log_of(voters({1, 2, 3}), terms));
}

Index last_match(Solo& solo) {
  const auto responses = solo.take<AppendResponse>();
  return responses.empty() ? 0 : responses.back().second.match;
}

TEST(Log, AStaleCompletionMakesNothingNewDurable) {
  Solo solo(options_for(1), three({2}, 2));
  solo.receive(3, 2, AppendRequest{2, 2, {entry(2, 3), entry(2, 4), entry(2, 5)}, 0});
  // Before that is on the disk, a new leader replaces 4 and 5.
  solo.receive(2, 4, AppendRequest{3, 2, {entry(4, 4), entry(4, 5)}, 0});
  ASSERT_EQ(solo.disk.size(), 3u);  // Entries of term 2, the new term, entries of term 4.
  solo.finish_one();
  EXPECT_EQ(solo.core.state().durable_index, 3u);
  solo.finish_one();
  EXPECT_EQ(last_match(solo), 3u);  // Durable and equal: no more.
  solo.finish_one();
  EXPECT_EQ(solo.core.state().durable_index, 5u);
  EXPECT_EQ(last_match(solo), 5u);
}

TEST(Log, ACompletionOfAnotherTermOrIndexIsNotBelieved) {
  Solo solo(options_for(1), three({2}, 2));
  solo.receive(3, 2, AppendRequest{2, 2, {entry(2, 3)}, 0});
  solo.step(EntriesPersisted{1, 3});
  solo.step(EntriesPersisted{2, 4});
  EXPECT_EQ(solo.core.state().durable_index, 2u);
  EXPECT_TRUE(solo.take<AppendResponse>().empty());
}

TEST(Log, AFollowerAcknowledgesOnlyWhatIsDurableAndVerified) {
  Solo solo(options_for(1), three({2, 2, 2}, 2));
  solo.receive(3, 2, AppendRequest{2, 2, {}, 0});
  EXPECT_EQ(last_match(solo), 2u);  // 3 and 4 are durable, but the leader has not vouched for them.
  solo.receive(3, 2, AppendRequest{4, 2, {entry(2, 5)}, 0});
  EXPECT_TRUE(solo.take<AppendResponse>().empty());
  solo.finish_disk();
  EXPECT_EQ(last_match(solo), 5u);
}

TEST(Log, WhatIsThereAlreadyIsNeitherWrittenNorCutAgain) {
  Solo solo(options_for(1), three({2, 2, 2}, 2));
  solo.receive(3, 2, AppendRequest{1, 1, {entry(2, 2), entry(2, 3)}, 0});
  EXPECT_TRUE(solo.disk.empty());
  EXPECT_EQ(solo.core.state().last_index, 4u);
  EXPECT_EQ(last_match(solo), 3u);
}

TEST(Log, AMismatchIsAnsweredWithAHint) {
  Solo solo(options_for(1), three({2, 2, 2}, 4));
  solo.receive(3, 4, AppendRequest{9, 4, {}, 0});
  solo.receive(3, 4, AppendRequest{4, 1, {}, 0});
  const auto responses = solo.take<AppendResponse>();
  ASSERT_EQ(responses.size(), 2u);
  EXPECT_FALSE(responses[0].second.success);
  EXPECT_EQ(responses[0].second.hint_index, 4u);
  EXPECT_EQ(responses[0].second.hint_term, 2u);
  EXPECT_EQ(responses[1].second.hint_index, 1u);  // Past the whole run of term 2.
}

TEST(Log, ACommittedEntryIsNeverOverwritten) {
  Solo solo(options_for(1), three({2, 2}, 2));
  solo.receive(3, 2, AppendRequest{3, 2, {}, 3});
  ASSERT_EQ(solo.core.state().commit_index, 3u);
  solo.receive(2, 5, AppendRequest{2, 2, {entry(5, 3)}, 0});
  EXPECT_EQ(solo.core.state().fault, Fault::kDiverged);
}

TEST(Log, ApplyWaitsForTheOwnDisk) {
  Solo solo(options_for(1), three({2}, 2));
  solo.receive(3, 2, AppendRequest{2, 2, {entry(2, 3)}, 3});
  EXPECT_EQ(solo.core.state().commit_index, 3u);
  EXPECT_EQ(solo.applied.size(), 2u);
  solo.finish_disk();
  EXPECT_EQ(solo.applied.size(), 3u);
}

TEST(Log, WhatIsAppliedIsNotGivenOutAgainAfterARestart) {
  Solo solo(options_for(1), restored_from({2, 0}, log_of(voters({1, 2, 3}), {2, 2}), 2));
  EXPECT_EQ(solo.core.state().commit_index, 2u);
  solo.receive(3, 2, AppendRequest{3, 2, {}, 3});
  ASSERT_EQ(solo.applied.size(), 1u);
  EXPECT_EQ(solo.applied[0]->index, 3u);
}

// Raft, figure 8: an entry of an old term on a majority is not committed by that.
TEST(Commit, OldTermsCommitOnlyBelowACurrentEntry) {
  Solo solo(options_for(1), three({2}, 3));
  solo.elect({2});
  solo.finish_disk();
  ASSERT_EQ(solo.core.state().last_index, 3u);
  solo.ack(2, 2);
  EXPECT_EQ(solo.core.state().commit_index, 0u);
  EXPECT_TRUE(solo.applied.empty());
  solo.ack(2, 3);
  EXPECT_EQ(solo.core.state().commit_index, 3u);
  EXPECT_EQ(solo.applied.size(), 3u);
}

TEST(Commit, ALeaderCountsItselfByWhatIsDurable) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  solo.propose(1);
  solo.ack(2, 3);
  EXPECT_EQ(solo.core.state().commit_index, 2u);
  solo.ack(3, 3);  // Two others hold it: committed, but not applied here yet (R2.3).
  EXPECT_EQ(solo.core.state().commit_index, 3u);
  EXPECT_EQ(solo.applied.size(), 2u);
  solo.finish_disk();
  EXPECT_EQ(solo.applied.size(), 3u);
}

TEST(Commit, ASingleVoterCommitsWhenItsDiskHasIt) {
  Solo solo(options_for(1), restored_from({1, 0}, log_of(voters({1}))));
  solo.after(0);
  EXPECT_EQ(solo.core.state().role, Role::kCandidate);  // The own vote counts when durable.
  solo.finish_disk();
  EXPECT_TRUE(solo.core.state().noop_committed);
  solo.propose(1);
  EXPECT_EQ(solo.core.state().commit_index, 2u);
  solo.finish_disk();
  EXPECT_EQ(solo.core.state().commit_index, 3u);
  solo.step(Read{4});
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].ok);
}

TEST(Replication, TheLeaderSendsWhileItsOwnDiskWrites) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  EXPECT_FALSE(solo.disk.empty());
  EXPECT_EQ(solo.take<AppendRequest>().size(), 2u);
}

// A new leader knows nothing of a follower that comes late: it asks at the end of its log, and does
// not send all of it again.
TEST(Replication, AFollowerOfWhichNothingIsKnownIsAskedAtTheEnd) {
  Solo solo(options_for(1),
            restored_from({2, kNoNode}, log_of(voters({1, 2, 3}), {2, 2, 2, 2, 2, 2})));
  solo.elect({2});
  solo.settle({2});
  const Index end = solo.core.state().last_index - 1;
  solo.step(PeerUnreachable{3});
  solo.step(PeerConnected{3});
  const auto probes = solo.take<AppendRequest>();
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes[0].second.prev_index, end);
  solo.receive(2, 3, HeartbeatResponse{0, solo.wall_ms});
  solo.after(130'000);  // It does not answer.
  const auto again = solo.take<AppendRequest>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.prev_index, end);
  solo.ack(3, 4);
  EXPECT_EQ(solo.take<AppendRequest>()[0].second.prev_index, 4u) << "from where it stands";
}

TEST(Replication, PipelinesUpToTheWindowThenWaits) {
  Options options = options_for(1);
  options.max_in_flight = 3;
  Solo solo(options, three());
  solo.elect({2});
  solo.settle({2});
  for (std::uint64_t i = 0; i < 6; ++i) solo.propose(i);
  auto requests = solo.take<AppendRequest>();
  ASSERT_EQ(requests.size(), 3u);  // To 2; 3 has not answered its probe.
  EXPECT_EQ(requests[2].second.prev_index, 4u);
  solo.ack(2, 3);
  requests = solo.take<AppendRequest>();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].second.prev_index, 5u);
  EXPECT_EQ(requests[0].second.entries.size(), 3u);  // What piled up goes as one batch.
}

TEST(Replication, BatchesKeepToTheirLimits) {
  Options options = options_for(1);
  options.max_batch_entries = 4;
  options.max_batch_bytes = 1'000;
  Solo solo(options, three());
  solo.elect({2});
  solo.settle({2});
  Propose many;
  for (std::uint64_t i = 0; i < 6; ++i) many.proposals.push_back({i, "x"});
  many.proposals.push_back({6, std::string(5'000, 'x')});
  many.proposals.push_back({7, "x"});
  solo.step(many);
  std::vector<std::size_t> sizes;
  for (const auto& [to, request] : solo.take<AppendRequest>())
    sizes.push_back(request.entries.size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{4, 2, 1, 1}));
  std::size_t writes = solo.disk.size();
  EXPECT_EQ(writes, 1u);  // One write for the whole batch.
}

TEST(Replication, AReconnectIsProbedAtOnce) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  solo.propose(1);
  solo.sent.clear();
  solo.step(PeerUnreachable{2});
  solo.propose(2);
  EXPECT_TRUE(solo.take<AppendRequest>().empty());
  solo.step(PeerConnected{2});
  const auto requests = solo.take<AppendRequest>();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].second.prev_index, 2u);
  EXPECT_EQ(requests[0].second.entries.size(), 2u);
}

TEST(Replication, ResendsSlowDownWhileNothingMoves) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  int probes = 0;
  for (int i = 0; i < 200; ++i) {  // Ten seconds; node 2 answers heartbeats only.
    solo.after(50'000);
    solo.receive(2, 2, HeartbeatResponse{solo.take<HeartbeatRequest>().empty() ? 0u : 1u, 0});
  }
  solo.propose(1);
  solo.sent.clear();
  for (int i = 0; i < 200; ++i) {
    solo.after(50'000);
    for (const Message& m : solo.sent) {
      const auto* request = std::get_if<AppendRequest>(&m.body);
      if (request == nullptr || m.to != 2) continue;
      ++probes;
      if (probes > 1) {
        EXPECT_TRUE(request->entries.empty());
      }
    }
    solo.sent.clear();
    solo.receive(2, 2, HeartbeatResponse{1, 0});
    solo.finish_disk();
  }
  EXPECT_GE(probes, 6);
  EXPECT_LE(probes, 9);
}

TEST(Replication, OverloadIsRefusedAndRecovers) {
  Options options = options_for(1);
  options.max_uncommitted_bytes = 1'000;
  Solo solo(options, three());
  solo.elect({2});
  solo.settle({2});
  solo.step(Applied{2});
  solo.propose(1, std::string(2'000, 'x'));
  solo.propose(2);
  EXPECT_EQ(solo.proposals[0].refusal, Refusal::kNone);
  EXPECT_EQ(solo.proposals[1].refusal, Refusal::kOverloaded);
  solo.finish_disk();
  solo.ack(2, 3);
  solo.step(Applied{3});
  solo.propose(3);
  EXPECT_EQ(solo.proposals[2].refusal, Refusal::kNone);
}

TEST(Membership, NothingBeforeTheNoopAndThePreviousChangeHaveCommitted) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.finish_disk();
  const ChangeMembership add{1, MembershipOp::kAddLearner, 4, address_of(4)};
  solo.step(add);
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kBusy);
  solo.ack(2, 2);
  solo.step(add);
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kNone);
  EXPECT_EQ(solo.core.configuration_index(), 3u);  // Counts from append.
  solo.step(ChangeMembership{2, MembershipOp::kRemove, 2, ""});
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kBusy);
  solo.finish_disk();
  solo.ack(2, 3);
  solo.step(ChangeMembership{3, MembershipOp::kRemove, 2, ""});
  EXPECT_EQ(solo.proposals.back().refusal, Refusal::kNone);
}

TEST(Membership, ImpossibleChangesAreRefused) {
  Solo solo(options_for(1), restored_from({1, 0}, log_of(voters({1}))));
  solo.after(0);
  solo.finish_disk();
  for (const auto& change : {ChangeMembership{1, MembershipOp::kRemove, 1, ""},
                             ChangeMembership{2, MembershipOp::kPromote, 9, ""},
                             ChangeMembership{3, MembershipOp::kRemove, 9, ""},
                             ChangeMembership{4, MembershipOp::kAddLearner, 0, "a:1"}}) {
    solo.step(change);
    EXPECT_EQ(solo.proposals.back().refusal, Refusal::kInvalid) << change.id;
  }
}

TEST(Membership, AConfigurationRollsBackWithItsEntry) {
  Solo solo(options_for(1), three({2}, 2));
  const Configuration wider = voters({1, 2, 3}, {4});
  solo.receive(3, 2,
               AppendRequest{2, 2, {entry(2, 3, encode(wider), EntryKind::kConfiguration)}, 0});
  EXPECT_EQ(solo.core.configuration(), wider);
  EXPECT_TRUE(solo.state_changed);
  solo.receive(2, 3, AppendRequest{2, 2, {entry(3, 3)}, 0});
  EXPECT_EQ(solo.core.configuration(), voters({1, 2, 3}));
  EXPECT_EQ(solo.core.configuration_index(), 1u);
}

TEST(Reads, OnlyARoundStartedAfterTheReadConfirmsIt) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});  // Round 1 is under way, unanswered.
  solo.step(Read{7});
  EXPECT_TRUE(solo.take<HeartbeatRequest>().empty());
  solo.receive(2, 2, HeartbeatResponse{1, 0});
  EXPECT_TRUE(solo.reads.empty());  // Began before the read arrived: proves nothing.
  const auto round = solo.take<HeartbeatRequest>();
  ASSERT_EQ(round.size(), 2u);  // The next one starts at once.
  EXPECT_EQ(round[0].second.round, 2u);
  solo.receive(3, 2, HeartbeatResponse{2, 0});
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].ok);
  EXPECT_EQ(solo.reads[0].index, 2u);
}

// R5.3: a follower vouches from the time of its own answer, once a later round is confirmed.
TEST(Reads, OfAStatedAgeAreAnsweredFromTheOwnAnswerEchoed) {
  Solo solo(options_for(1), three({2}, 2));
  solo.receive(3, 2, HeartbeatRequest{5, 0, 0, 0});
  solo.after(40'000);
  solo.receive(3, 2, HeartbeatRequest{5, 0, 0, 0});  // Comes twice: the first answer counts.
  solo.after(60'000);
  solo.receive(3, 2, HeartbeatRequest{6, 0, 4, 9});  // A round that it did not answer.
  solo.step(Read{1, 1'000'000});
  EXPECT_TRUE(solo.reads.empty());  // Asks the leader.
  solo.receive(3, 2, HeartbeatRequest{7, 0, 5, 2});
  EXPECT_EQ(solo.core.state().fresh_index, 2u);
  solo.reads.clear();
  solo.step(Read{2, 100'001});
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_TRUE(solo.reads[0].ok);
  EXPECT_EQ(solo.reads[0].index, 2u);
  solo.reads.clear();
  solo.step(Read{3, 100'000});  // 100 ms old by now: not younger than that.
  EXPECT_TRUE(solo.reads.empty());
}

TEST(Reads, ALeaderTellsOfAnAnswerOnlyAfterALaterConfirmedRound) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  solo.take<HeartbeatRequest>();
  solo.receive(3, 2, HeartbeatResponse{1, 0, 77});  // Confirms round 1, started before the no-op.
  EXPECT_EQ(solo.core.state().fresh_us, 0);
  const auto tell = [&] {
    solo.after(50'000);
    HeartbeatRequest to_three;
    for (const auto& [to, request] : solo.take<HeartbeatRequest>()) {
      if (to == 3) to_three = request;
    }
    return to_three;
  };
  EXPECT_EQ(tell().fresh_round, 0u);  // Round 2 has only begun.
  EXPECT_EQ(tell().fresh_round, 0u);  // Nobody has answered it.
  solo.receive(2, 2, HeartbeatResponse{3, 0});
  const HeartbeatRequest told = tell();
  EXPECT_EQ(told.fresh_round, 1u);
  EXPECT_EQ(told.fresh_index, 2u);
  EXPECT_EQ(told.fresh_boot, 77u);
  EXPECT_GT(solo.core.state().fresh_us, 0);
}

// Answered before this start, and answered again now as a late copy: what the leader tells counts
// from the first answer, which was earlier than this node knows.
TEST(Reads, AFollowerTakesNoFreshnessFromAnEarlierStart) {
  Options options = options_for(1);
  options.boot = 2;
  Solo solo(options, three({2}, 2));
  solo.receive(3, 2, HeartbeatRequest{5, 0, 0, 0, 0});
  const auto answers = solo.take<HeartbeatResponse>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].second.boot, 2u);
  solo.after(10'000);
  solo.receive(3, 2, HeartbeatRequest{6, 0, 5, 2, 1});
  EXPECT_EQ(solo.core.state().fresh_us, 0);
  solo.receive(3, 2, HeartbeatRequest{7, 0, 5, 2, 2});
  EXPECT_GT(solo.core.state().fresh_us, 0);
}

TEST(Reads, WaitForTheNoopOfTheTerm) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.finish_disk();
  solo.step(Read{7});
  solo.receive(2, 2, HeartbeatResponse{1, 0});
  solo.receive(2, 2, HeartbeatResponse{2, 0});  // A round that never was.
  EXPECT_TRUE(solo.reads.empty());
  solo.ack(2, 2);
  EXPECT_TRUE(solo.reads.empty());
  const auto round = solo.take<HeartbeatRequest>().back().second.round;
  solo.receive(2, 2, HeartbeatResponse{2, 0});
  EXPECT_GE(round, 0u);
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_EQ(solo.reads[0].index, 2u);
}

TEST(Reads, FailWhenTheReignEnds) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  solo.settle({2});
  solo.step(Read{7});
  solo.receive(3, 2, ReadIndexRequest{8});
  solo.sent.clear();
  solo.receive(3, 9, HeartbeatResponse{1, 0});
  ASSERT_EQ(solo.reads.size(), 1u);
  EXPECT_FALSE(solo.reads[0].ok);
  const auto answers = solo.take<ReadIndexResponse>();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_FALSE(answers[0].second.ok);
}

TEST(Reads, QuorumContactIsTheStartOfTheAnsweredRound) {
  Solo solo(options_for(1), three());
  solo.elect({2});
  EXPECT_EQ(solo.core.state().quorum_contact_us, 0);
  const TimeUs started = solo.now_us;
  solo.now_us += 30'000;
  solo.receive(2, 2, HeartbeatResponse{1, 0});
  EXPECT_EQ(solo.core.state().quorum_contact_us, started);
}

}  // namespace
}  // namespace starling::core::testing
