// The core among its like: election, failover, commit, recovery, membership, transfer, reads.
#include "tests/unit/core/harness.h"

namespace starling::core::testing {
namespace {

TEST(Cluster, LowestAddressBecomesLeaderAndCommits) {
  Cluster cluster({1, 2, 3});
  EXPECT_EQ(cluster.await_leader(), 1u);
  cluster.commit("hello");
  for (auto& [id, node] : cluster.nodes) {
    ASSERT_EQ(node.applied.size(), 3u);
    EXPECT_EQ(node.applied[1]->kind, EntryKind::kNoop);
    EXPECT_EQ(node.applied[2]->data, "hello");
  }
}

TEST(Cluster, SingleVoterLeadsAtOnce) {
  Cluster cluster({1});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() == 1; }, 10'000));
}

TEST(Cluster, BackupsApplyWithinTwoMillisecondsOfTheCommit) {
  Cluster cluster({1, 2, 3});
  cluster.commit("first");
  cluster.step(1, Propose{{{50, "second"}}});
  cluster.run_for(3'000);  // 0.5 there, 0.3 disk, 0.5 back, 0.5 news of the commit.
  EXPECT_TRUE(cluster.applied_everywhere(4));
}

TEST(Cluster, FailoverAfterABrokenLinkTakesMilliseconds) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Cluster cluster({1, 2, 3, 4, 5}, [&](Options& o) { o.seed = seed; });
    cluster.commit("before");
    cluster.kill(1);
    const TimeUs killed = cluster.now_us;
    ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() != kNoNode; }, 1'000'000));
    EXPECT_LT(cluster.now_us - killed, 15'000) << "seed " << seed;
    EXPECT_EQ(cluster.leader(), 2u);
    cluster.commit("after");
  }
}

TEST(Cluster, OneAfterTheOtherDownToThreeOfFive) {
  Cluster cluster({1, 2, 3, 4, 5});
  cluster.commit("a");
  cluster.kill(1);
  cluster.commit("b");
  cluster.kill(cluster.await_leader());
  cluster.commit("c");
  cluster.start(1);
  cluster.commit("d");
  EXPECT_EQ(cluster.nodes.at(1).applied.back()->data, "d");
  EXPECT_EQ(cluster.nodes.at(1).core->state().role, Role::kFollower);  // Never preempts (R1.4).
}

TEST(Cluster, SilentLeaderIsReplacedAndObeysLater) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.drop = [](const Message& m) { return m.from == 1 || m.to == 1; };
  ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() == 2; }, 1'000'000));
  cluster.run_for(300'000);
  EXPECT_NE(cluster.nodes.at(1).core->state().role, Role::kLeader);  // Check-quorum (R1.6).
  cluster.drop = nullptr;
  cluster.commit("b");
  EXPECT_EQ(cluster.nodes.at(1).applied.back()->data, "b");
}

TEST(Cluster, FlappingLinkOfOneBackupChangesNoTerm) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  const Term term = cluster.term(1);
  for (int i = 0; i < 600; ++i) {  // A minute.
    cluster.step(2, PeerUnreachable{1});
    cluster.run_for(100'000);
  }
  cluster.commit("b");
  for (const NodeId id : {1, 2, 3}) EXPECT_EQ(cluster.term(id), term);
}

TEST(Cluster, LowestAddressWithAStaleLogFlappingForEverHarmsNothing) {
  Cluster cluster({1, 2, 3});
  cluster.kill(1);
  cluster.commit("a");
  const Term term = cluster.term(2);
  cluster.drop = [](const Message& m) {  // Node 1 never gets an entry.
    return m.to == 1 && std::holds_alternative<AppendRequest>(m.body);
  };
  cluster.start(1);
  for (int i = 0; i < 100; ++i) {
    cluster.step(1, PeerUnreachable{2});
    cluster.run_for(100'000);
  }
  EXPECT_EQ(cluster.leader(), 2u);
  EXPECT_EQ(cluster.term(2), term);
}

TEST(Cluster, LossIsRecoveredWithoutANewTermAndNothingIsWrittenTwice) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  const Term term = cluster.term(1);
  int seen = 0;
  cluster.drop = [&](const Message& m) {  // Every third request or answer.
    const bool append = std::holds_alternative<AppendRequest>(m.body) ||
                        std::holds_alternative<AppendResponse>(m.body);
    return append && ++seen % 3 == 0;
  };
  for (int i = 0; i < 40; ++i) {
    cluster.step(1, Propose{{{static_cast<std::uint64_t>(100 + i), std::to_string(i)}}});
    cluster.run_for(1'000);
  }
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(43); }, 30'000'000));
  EXPECT_EQ(cluster.term(1), term);
  for (auto& [id, node] : cluster.nodes) EXPECT_EQ(node.entries_written, 42u);
}

TEST(Cluster, ALostTailIsSentAgainWithinHalfAnElection) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.drop = [](const Message& m) { return std::holds_alternative<AppendRequest>(m.body); };
  cluster.step(1, Propose{{{9, "b"}}});
  cluster.drop = nullptr;
  cluster.run_for(130'000);
  EXPECT_TRUE(cluster.applied_everywhere(4));
}

TEST(Cluster, DivergedLogsAreRepairedWithFewProbes) {
  const Configuration configuration = voters({1, 2, 3});
  std::vector<Term> long_run(200, 2);
  Cluster cluster({});
  cluster.add(1, {5, kNoNode}, log_of(configuration, {1, 1, 4, 4, 5}));
  cluster.add(2, {5, kNoNode}, log_of(configuration, long_run));
  cluster.add(3, {5, kNoNode}, log_of(configuration, {1, 1, 4, 4, 5}));
  int rejected = 0;
  cluster.drop = [&](const Message& m) {
    const auto* response = std::get_if<AppendResponse>(&m.body);
    if (response && m.from == 2 && !response->success) ++rejected;
    return false;
  };
  cluster.commit("x");
  EXPECT_EQ(cluster.nodes.at(2).log.size(), cluster.nodes.at(cluster.leader()).log.size());
  EXPECT_LE(rejected, 3);  // Runs are skipped, not single entries.
}

TEST(Cluster, EntriesThatLeftMemoryComeFromTheLog) {
  Cluster cluster({1, 2, 3}, [](Options& o) {
    o.cache_bytes = 1;
    o.max_batch_entries = 4;
  });
  cluster.await_leader();
  cluster.kill(3);
  for (int i = 0; i < 30; ++i) cluster.commit(std::to_string(i));
  cluster.start(3);
  cluster.commit("last");
  EXPECT_GE(cluster.log_reads, 7);
  EXPECT_EQ(cluster.nodes.at(3).applied.back()->data, "last");
}

TEST(Cluster, TinyBatchesAndWindowsStillGetThrough) {
  Cluster cluster({1, 2, 3}, [](Options& o) {
    o.max_batch_entries = 1;
    o.max_in_flight = 1;
  });
  cluster.await_leader();
  Propose propose;
  for (std::uint64_t i = 1; i <= 20; ++i) propose.proposals.push_back({i, std::to_string(i)});
  cluster.step(1, propose);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(22); }));
}

TEST(Cluster, LearnerJoinsIsPromotedAndRemoved) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.add(4, {}, {});
  cluster.step(1, ChangeMembership{1, MembershipOp::kAddLearner, 4, address_of(4)});
  ASSERT_EQ(cluster.nodes.at(1).proposals.back().refusal, Refusal::kNone);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(4); }));
  EXPECT_FALSE(cluster.nodes.at(4).core->configuration().is_voter(4));
  // Again: it is so already.
  cluster.step(1, ChangeMembership{2, MembershipOp::kAddLearner, 4, address_of(4)});
  EXPECT_EQ(cluster.nodes.at(1).proposals.back().index, 4u);
  EXPECT_EQ(cluster.nodes.at(1).core->state().last_index, 4u);
  cluster.step(1, ChangeMembership{3, MembershipOp::kPromote, 4, ""});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(5); }));
  EXPECT_EQ(cluster.nodes.at(4).core->configuration().voter_count(), 4u);
  cluster.step(1, ChangeMembership{4, MembershipOp::kRemove, 4, ""});
  // The removed one learns of it, then keeps quiet.
  ASSERT_TRUE(cluster.run_until([&] { return cluster.nodes.at(4).applied.size() == 6; }));
  const Term term = cluster.term(1);
  cluster.run_for(5'000'000);
  EXPECT_EQ(cluster.term(4), term);
  EXPECT_EQ(cluster.term(1), term);
}

// Whoever leads later has to know that it was dead (R3.4).
TEST(Cluster, WhoReturnsIsMarkedSoUntilItVotes) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.add(4, {}, {});
  cluster.step(1, ChangeMembership{1, MembershipOp::kAddReturning, 4, address_of(4)});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(4); }));
  EXPECT_TRUE(cluster.nodes.at(3).core->configuration().find(4)->returning);
  // It asks again, or says where it is now: that makes it no other.
  cluster.step(1, ChangeMembership{2, MembershipOp::kAddLearner, 4, "127.0.0.1:999"});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(5); }));
  EXPECT_TRUE(cluster.nodes.at(3).core->configuration().find(4)->returning);
  cluster.step(1, ChangeMembership{3, MembershipOp::kPromote, 4, ""});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.applied_everywhere(6); }));
  EXPECT_TRUE(cluster.nodes.at(3).core->configuration().is_voter(4));
  EXPECT_FALSE(cluster.nodes.at(3).core->configuration().find(4)->returning);
}

TEST(Cluster, ALeaderThatRemovesItselfCommitsThatAndHandsOver) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.step(1, ChangeMembership{1, MembershipOp::kRemove, 1, ""});
  const TimeUs start = cluster.now_us;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() > 1; }, 1'000'000));
  EXPECT_LT(cluster.now_us - start, 20'000);
  EXPECT_EQ(cluster.nodes.at(1).applied.back()->kind, EntryKind::kConfiguration);
  EXPECT_EQ(cluster.nodes.at(2).core->configuration(), voters({2, 3}));
}

TEST(Cluster, TransferHandsOverWithoutAGap) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.step(1, Transfer{3});
  EXPECT_TRUE(cluster.nodes.at(1).core->state().transferring);
  cluster.step(1, Propose{{{9, "x"}}});
  EXPECT_EQ(cluster.nodes.at(1).proposals.back().refusal, Refusal::kTransferring);
  const TimeUs start = cluster.now_us;
  ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() == 3; }, 1'000'000));
  EXPECT_LT(cluster.now_us - start, 10'000);
  ASSERT_EQ(cluster.nodes.at(1).transfers.size(), 1u);
  EXPECT_EQ(cluster.nodes.at(1).transfers[0].result, TransferResult::kDone);
  EXPECT_EQ(cluster.term(3), 3u);
}

TEST(Cluster, TransferToADeadServerIsGivenUp) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.kill(3);
  cluster.step(1, Propose{{{8, "y"}}});
  cluster.step(1, Transfer{3});
  cluster.run_for(260'000);
  ASSERT_EQ(cluster.nodes.at(1).transfers.size(), 1u);
  EXPECT_EQ(cluster.nodes.at(1).transfers[0].result, TransferResult::kTimedOut);
  cluster.commit("b");
  cluster.step(2, Transfer{3});  // A follower cannot.
  EXPECT_EQ(cluster.nodes.at(2).transfers.at(0).result, TransferResult::kRefused);
}

TEST(Cluster, ReadsOnEveryServerAreConfirmedByTheLeader) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  for (const NodeId id : {1, 2, 3}) {
    cluster.step(id, Read{500});
    ASSERT_TRUE(cluster.run_until([&] { return !cluster.nodes.at(id).reads.empty(); }));
    EXPECT_TRUE(cluster.nodes.at(id).reads[0].ok);
    EXPECT_EQ(cluster.nodes.at(id).reads[0].index, 3u);
  }
  cluster.drop = [](const Message& m) { return m.to == 1; };
  cluster.step(2, Read{501});
  cluster.step(1, Read{502});
  cluster.run_for(510'000);  // The deadline of a forwarded read; check-quorum of the leader.
  EXPECT_FALSE(cluster.nodes.at(2).reads.at(1).ok);
  EXPECT_FALSE(cluster.nodes.at(1).reads.at(1).ok);
}

TEST(Cluster, ReplicatedTimeIgnoresOneClockAYearAhead) {
  for (const NodeId wrong : {1, 2}) {  // The leader's or a follower's.
    Cluster cluster({1, 2, 3});
    cluster.nodes.at(wrong).clock_ahead_ms = 365LL * 86'400'000;
    cluster.await_leader();
    cluster.run_for(200'000);
    for (int i = 0; i < 5; ++i) cluster.commit("a");
    const WallMs truth = 1'700'000'000'000 + cluster.now_us / 1000;
    WallMs last = 0;
    for (const EntryPtr& e : cluster.nodes.at(3).applied) {
      EXPECT_GE(e->stamp_ms, last);
      last = e->stamp_ms;
    }
    EXPECT_LE(last, truth + 10);
    EXPECT_GE(last, truth - 100);
  }
}

TEST(Cluster, AHangingDiskOfTheLeaderEndsItsReign) {
  Cluster cluster({1, 2, 3});
  cluster.commit("a");
  cluster.nodes.at(1).disk_hangs = true;
  cluster.step(1, Propose{{{9, "b"}}});
  ASSERT_TRUE(cluster.run_until([&] { return cluster.leader() > 1; }, 3'000'000));
  EXPECT_EQ(cluster.nodes.at(2).applied[3]->data, "b");  // On two disks: it was kept.
  EXPECT_EQ(cluster.nodes.at(1).applied.size(), 3u);     // Not in its own log yet (R2.3).
  cluster.nodes.at(1).disk_hangs = false;
  cluster.commit("c");
}

}  // namespace
}  // namespace starling::core::testing
