// R1, rule by rule, on one core driven by hand.
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

// Node `id` of three, in term 2, with entries of the given terms, having just heard leader 3.
Solo follower(NodeId id, const std::vector<Term>& terms = {2}) {
  Solo solo(options_for(id), restored_from({2, kNoNode}, log_of(voters({1, 2, 3}), terms)));
  solo.receive(3, 2, HeartbeatRequest{1, 0});
  solo.finish_disk();
  solo.sent.clear();
  return solo;
}

bool granted(Solo& solo) {
  const auto responses = solo.take<VoteResponse>();
  EXPECT_EQ(responses.size(), 1u);
  return !responses.empty() && responses[0].second.granted;
}

TEST(Election, RefusalByOwnEvidenceChangesNoTerm) {
  Solo solo = follower(1);
  solo.receive(2, 3, VoteRequest{true, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  solo.receive(2, 30, VoteRequest{false, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  EXPECT_EQ(solo.core.state().term, 2u);
  EXPECT_EQ(solo.core.state().leader, 3u);
  EXPECT_TRUE(solo.disk.empty());
}

TEST(Election, ABrokenLinkIsEvidenceUntilTheLeaderIsHeardAgain) {
  Solo solo = follower(1);
  solo.step(PeerUnreachable{2});  // Not the leader.
  solo.receive(2, 3, VoteRequest{true, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  solo.step(PeerUnreachable{3});
  solo.receive(2, 3, VoteRequest{true, false, 9, 9});
  EXPECT_TRUE(granted(solo));
  EXPECT_EQ(solo.core.state().term, 2u);  // Pre-vote traffic never changes it.
  solo.receive(3, 2, HeartbeatRequest{2, 0});
  solo.sent.clear();
  solo.receive(2, 3, VoteRequest{true, false, 9, 9});
  EXPECT_FALSE(granted(solo));
}

TEST(Election, SilenceForTheElectionMinimumIsEvidence) {
  Solo solo = follower(2);
  solo.after(249'999);
  solo.receive(1, 3, VoteRequest{true, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  solo.after(1);
  solo.receive(1, 3, VoteRequest{true, false, 9, 9});
  EXPECT_TRUE(granted(solo));
}

TEST(Election, AFreshStartCountsAsHavingHeardALeader) {
  Solo solo(options_for(1), restored_from({2, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.receive(2, 3, VoteRequest{false, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  EXPECT_EQ(solo.core.state().term, 2u);
}

TEST(Election, AHandoverSkipsTheEvidence) {
  Solo solo = follower(1);
  solo.receive(2, 3, VoteRequest{false, true, 9, 9});
  EXPECT_TRUE(solo.take<VoteResponse>().empty());  // The vote is not durable yet (R2.1).
  solo.finish_disk();
  EXPECT_TRUE(granted(solo));
}

TEST(Election, AStaleLogGetsNoVoteButItsTermIsObeyed) {
  for (const VoteRequest& stale :
       {VoteRequest{false, false, 9, 1}, VoteRequest{false, false, 1, 2}}) {
    Solo solo = follower(1, {2, 2});
    solo.step(PeerUnreachable{3});
    solo.receive(2, 7, stale);
    solo.finish_disk();
    EXPECT_FALSE(granted(solo));
    EXPECT_EQ(solo.core.state().term, 7u);
  }
}

TEST(Election, OneVoteForEachTermEvenAfterARestart) {
  Solo solo = follower(1);
  solo.step(PeerUnreachable{3});
  solo.receive(2, 3, VoteRequest{false, false, 9, 9});
  EXPECT_TRUE(solo.sent.empty());
  const HardState written = std::get<PersistHardState>(solo.disk.front()).hard_state;
  EXPECT_EQ(written, (HardState{3, 2}));
  solo.finish_disk();
  EXPECT_TRUE(granted(solo));
  solo.receive(3, 3, VoteRequest{false, false, 9, 9});
  EXPECT_FALSE(granted(solo));
  solo.receive(2, 3, VoteRequest{false, false, 9, 9});  // Asked again: the same answer.
  EXPECT_TRUE(granted(solo));
  Solo again(options_for(1), restored_from(written, log_of(voters({1, 2, 3}), {2})));
  again.after(250'000);
  again.receive(3, 3, VoteRequest{false, false, 9, 9});
  EXPECT_FALSE(granted(again));
}

TEST(Election, ACandidateSpeaksOnlyOfDurableEntriesAndAfterItsVoteIsDurable) {
  Solo solo = follower(1, {2});
  AppendRequest request{2, 2, {entry(2, 3)}, 0};
  solo.receive(3, 2, request);
  solo.step(PeerUnreachable{3});
  solo.after(5'000);  // The first attempt waits a moment for the disk,
  EXPECT_TRUE(solo.take<VoteRequest>().empty());
  solo.after(20'000);  // but not for ever.
  auto asked = solo.take<VoteRequest>();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].second.last_index, 2u);
  EXPECT_EQ(solo.core.state().term, 2u);
  solo.receive(2, 3, VoteResponse{true, true});
  EXPECT_EQ(solo.core.state().role, Role::kCandidate);
  EXPECT_TRUE(solo.take<VoteRequest>().empty());
  solo.finish_disk();
  EXPECT_EQ(solo.take<VoteRequest>().size(), 2u);
}

TEST(Election, AnEntryThatGetsDurableStartsTheAttemptThatWaitedForIt) {
  Solo solo = follower(1, {2});
  solo.receive(3, 2, AppendRequest{2, 2, {entry(2, 3)}, 0});
  solo.step(PeerUnreachable{3});
  solo.after(5'000);
  solo.finish_disk();
  const auto asked = solo.take<VoteRequest>();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].second.last_index, 3u);
}

TEST(Election, AVoterComparesWithAllItHasInMemory) {
  Solo solo = follower(1, {2});
  solo.receive(3, 2, AppendRequest{2, 2, {entry(2, 3)}, 0});
  solo.step(PeerUnreachable{3});
  solo.receive(2, 3, VoteRequest{true, false, 2, 2});
  EXPECT_FALSE(granted(solo));
  solo.receive(2, 3, VoteRequest{true, false, 3, 2});
  EXPECT_TRUE(granted(solo));
}

TEST(Election, RankDelaysTheFirstAttemptOnly) {
  Solo second = follower(2);
  second.step(PeerUnreachable{3});
  const TimeUs first_try = second.core.next_deadline_us() - second.now_us;
  EXPECT_GE(first_try, 10'000);  // Node 1 is before it; the lost node 3 does not count.
  EXPECT_LE(first_try, 15'000);
  Solo first = follower(1);
  first.step(PeerUnreachable{3});
  EXPECT_LE(first.core.next_deadline_us() - first.now_us, 5'000);
  // No answer at all: later attempts are random over the election time, whatever the rank.
  first.after(5'000);
  const TimeUs later = first.core.next_deadline_us() - first.now_us;
  EXPECT_GE(later, 200'000);
  EXPECT_LT(later, 500'000);
}

// A hint: it stands later, votes as always, and stands all the same when nobody else does.
TEST(Election, AReluctantServerStandsLaterAndVotesAsAlways) {
  Options options = options_for(1);
  options.reluctance = 4;
  Solo solo(options, restored_from({2, kNoNode}, log_of(voters({1, 2, 3}), {2})));
  solo.receive(3, 2, HeartbeatRequest{1, 0});
  solo.finish_disk();
  solo.sent.clear();
  solo.step(PeerUnreachable{3});
  const TimeUs first_try = solo.core.next_deadline_us() - solo.now_us;
  EXPECT_GE(first_try, 40'000);  // By its address alone it would be the first.
  EXPECT_LE(first_try, 45'000);
  solo.receive(2, 3, VoteRequest{true, false, 2, 2});
  EXPECT_TRUE(granted(solo));
  solo.after(first_try);
  EXPECT_EQ(solo.take<VoteRequest>().size(), 2u);
  const TimeUs later = solo.core.next_deadline_us() - solo.now_us;
  EXPECT_GE(later, 200'000);  // Only the first attempt is delayed.
  EXPECT_LT(later, 500'000);
}

TEST(Election, RepeatedNewsOfTheBrokenLinkDelaysNothing) {
  Solo solo = follower(2);
  solo.step(PeerUnreachable{3});
  const TimeUs at = solo.core.next_deadline_us();
  solo.after(3'000, PeerUnreachable{3});
  EXPECT_EQ(solo.core.next_deadline_us(), at);
}

TEST(Election, ARefusedFirstTryIsRepeatedSoonAFewTimesOnly) {
  Solo solo = follower(1);
  solo.step(PeerUnreachable{3});
  int quick = 0;
  for (int i = 0; i < 20; ++i) {
    solo.after(solo.core.next_deadline_us() - solo.now_us);
    solo.receive(2, 2, VoteResponse{true, false});
    EXPECT_EQ(solo.core.state().role, Role::kFollower);
    if (solo.core.next_deadline_us() - solo.now_us < 100'000) ++quick;
  }
  EXPECT_GE(quick, 3);
  EXPECT_LE(quick, 5);
  EXPECT_EQ(solo.core.state().term, 2u);
}

TEST(Election, ARefusalWithAHigherTermIsObeyed) {
  Solo solo = follower(1);
  solo.step(PeerUnreachable{3});
  solo.after(5'000);
  solo.receive(2, 8, VoteResponse{true, false});
  EXPECT_EQ(solo.core.state().term, 8u);
}

TEST(Election, ALeaderWithALiveQuorumRefusesAndStays) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.settle({2});
  solo.receive(3, 9, VoteRequest{false, false, 99, 8});
  EXPECT_FALSE(granted(solo));
  EXPECT_EQ(solo.core.state().role, Role::kLeader);
  EXPECT_EQ(solo.core.state().term, 2u);
}

TEST(Election, CheckQuorumEndsAReignWithoutContact) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.settle({2});
  solo.after(249'000);
  EXPECT_EQ(solo.core.state().role, Role::kLeader);
  solo.receive(3, 2, HeartbeatResponse{1, 0});  // Any message counts as a contact.
  solo.after(249'000);
  EXPECT_EQ(solo.core.state().role, Role::kLeader);
  // What comes too late does not count: time is looked at first.
  solo.now_us += 1'000;
  solo.receive(3, 2, HeartbeatResponse{2, 0});
  EXPECT_EQ(solo.core.state().role, Role::kFollower);
  EXPECT_EQ(solo.core.state().term, 2u);
}

TEST(Election, ALearnerAnswersVoteRequestsButDoesNotStand) {
  Solo solo(options_for(4), restored_from({2, kNoNode}, log_of(voters({1, 2, 3}, {4}), {2})));
  solo.after(2'000'000);
  EXPECT_EQ(solo.core.state().role, Role::kFollower);
  EXPECT_TRUE(solo.sent.empty());
  solo.receive(1, 3, VoteRequest{false, false, 2, 2});
  solo.finish_disk();
  EXPECT_TRUE(granted(solo));
}

TEST(Election, AFailedDiskHasNoSay) {
  Solo solo = follower(1);
  solo.step(PersistFailed{});
  EXPECT_EQ(solo.core.state().fault, Fault::kDisk);
  solo.after(2'000'000);
  solo.receive(2, 3, VoteRequest{false, false, 99, 9});
  solo.receive(2, 3, AppendRequest{2, 2, {entry(3, 3)}, 0});
  EXPECT_TRUE(solo.sent.empty());
  EXPECT_TRUE(solo.disk.empty());
  Solo leader(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  leader.elect({2});
  leader.step(PersistFailed{});
  EXPECT_EQ(leader.core.state().role, Role::kFollower);
  leader.propose(5);
  EXPECT_EQ(leader.proposals.back().refusal, Refusal::kNotLeader);
}

TEST(Election, AHigherTermInAnAnswerEndsAReign) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}))));
  solo.elect({2});
  solo.receive(3, 5, AppendResponse{});
  EXPECT_EQ(solo.core.state().role, Role::kFollower);
  EXPECT_EQ(solo.core.state().term, 5u);
}

TEST(Election, AStaleLeaderIsToldTheNewTerm) {
  Solo solo = follower(1);
  solo.sent.clear();
  solo.receive(2, 1, HeartbeatRequest{4, 0});
  solo.receive(2, 1, AppendRequest{1, 1, {}, 0});
  ASSERT_EQ(solo.sent.size(), 2u);
  for (const Message& m : solo.sent) EXPECT_EQ(m.term, 2u);
  EXPECT_EQ(solo.core.state().leader, 3u);
}

TEST(Election, MessagesForSomebodyElseAreDropped) {
  for (const int wrong : {0, 1, 2, 3}) {
    Solo solo = follower(1);
    Message m{kCluster, 1, 2, 1, 9, AppendRequest{2, 2, {}, 0}};
    if (wrong == 1) m.cluster = 78;
    if (wrong == 2) m.epoch = 2;
    if (wrong == 3) m.to = 4;  // A wiped server at an old address.
    solo.step(Receive{m});
    EXPECT_EQ(solo.core.state().term, wrong == 0 ? 9u : 2u);
  }
}

TEST(Election, VotesOfStrangersDoNotCount) {
  Solo solo(options_for(1), restored_from({1, kNoNode}, log_of(voters({1, 2, 3}, {4}))));
  solo.after(255'001);
  ASSERT_EQ(solo.core.state().role, Role::kPreCandidate);
  solo.receive(4, 2, VoteResponse{true, true});  // A learner.
  solo.receive(9, 2, VoteResponse{true, true});  // Nobody.
  EXPECT_EQ(solo.core.state().role, Role::kPreCandidate);
  solo.receive(3, 2, VoteResponse{true, true});
  EXPECT_EQ(solo.core.state().role, Role::kCandidate);
}

TEST(Election, TimeoutNowIsObeyedFromTheLeaderOnly) {
  Solo solo = follower(1);
  solo.receive(2, 2, TimeoutNow{});
  EXPECT_EQ(solo.core.state().role, Role::kFollower);
  solo.receive(3, 2, TimeoutNow{});
  EXPECT_EQ(solo.core.state().role, Role::kCandidate);
  solo.finish_disk();
  const auto asked = solo.take<VoteRequest>();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_TRUE(asked[0].second.transfer);
}

}  // namespace
}  // namespace starling::core::testing
