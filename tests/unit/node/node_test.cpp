// The node with real stores and a transport of plain calls: elections, writes, kills, restarts.
#include "tests/unit/node/cluster.h"

namespace starling::node::testing {
namespace {

using transport::ProposeError;
using transport::ServerRole;
using transport::WaitError;

void three(Cluster& cluster) {
  cluster.start("n1", 1);
  ASSERT_NO_FATAL_FAILURE(cluster.join("n2", 2));
  ASSERT_NO_FATAL_FAILURE(cluster.join("n3", 3));
  ASSERT_TRUE(eventually([&] {
    const auto list = cluster.node(cluster.wait_primary()).server_list();
    std::size_t voters = 0;
    for (const auto& server : list.servers) voters += server.voter ? 1 : 0;
    return voters == 3;
  })) << "the learners became voters";
}

TEST(Node, ASoleServerServesAfterItsStart) {
  Cluster cluster;
  cluster.start("n1", 1);
  const auto result = cluster.write(create_account("ada"));
  EXPECT_EQ(result.outcome.code, chat::Code::kOk);
  EXPECT_GT(result.index, 0u);
  EXPECT_GT(result.time_ms, 0);
  const auto status = cluster.node("n1").status();
  EXPECT_EQ(status.role, ServerRole::kPrimary);
  EXPECT_GE(status.applied_index, result.index);
  EXPECT_NE(status.state_hash, 0u);
  EXPECT_TRUE(status.has_quorum);
  EXPECT_TRUE(eventually([&] { return cluster.at("n1").wire->beats() > 2; }));
}

TEST(Node, WritesSurviveTheDeathOfThePrimary) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string first = cluster.wait_primary();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(cluster.write(create_account("a" + std::to_string(i))).outcome.code, chat::Code::kOk);
  }
  cluster.kill(first);
  const std::string second = cluster.wait_primary();
  EXPECT_NE(first, second);
  EXPECT_EQ(cluster.write(create_account("a7")).outcome.code, chat::Code::kAlreadyExists);
  EXPECT_EQ(cluster.write(create_account("b")).outcome.code, chat::Code::kOk);
  cluster.restart(first);
  EXPECT_EQ(cluster.write(create_account("c")).outcome.code, chat::Code::kOk);
  EXPECT_TRUE(cluster.all_equal());
  EXPECT_EQ(cluster.wait_primary(), second) << "a returning server does not preempt";
}

TEST(Node, AllRestartWithEverything) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  cluster.write(create_account("ada"));
  for (const char* name : {"n1", "n2", "n3"}) cluster.kill(name);
  for (const char* name : {"n1", "n2", "n3"}) cluster.restart(name);
  EXPECT_EQ(cluster.write(create_account("ada")).outcome.code, chat::Code::kAlreadyExists);
  EXPECT_TRUE(cluster.all_equal());
}

TEST(Node, TimeGoesOnWhileNobodyWrites) {
  Cluster cluster;
  cluster.options.max_time_lag_ms = 100;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::int64_t begun = wall_ms();
  for (const char* name : {"n1", "n2", "n3"}) {
    EXPECT_TRUE(eventually([&] { return cluster.node(name).status().time_ms > begun + 500; }))
        << name;
  }
  EXPECT_TRUE(cluster.all_equal());
}

TEST(Node, ADeposedPrimaryAnswersThatItWasLost) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string old = cluster.wait_primary();
  cluster.cut(old, true);
  auto answer = propose(cluster.node(old), create_account("ada"));
  EXPECT_TRUE(eventually([&] { return answered(answer); }));
  EXPECT_EQ(answer->result.error, ProposeError::kPrimaryLost);
  auto refused = propose(cluster.node(old), create_account("bob"));
  EXPECT_TRUE(eventually([&] { return answered(refused); }));
  EXPECT_EQ(refused->result.error, ProposeError::kNotPrimary);
  const std::string next = cluster.wait_primary(old);
  EXPECT_NE(next, old);
  cluster.cut(old, false);
  EXPECT_TRUE(eventually([&] { return cluster.node(old).status().role == ServerRole::kBackup; }));
  EXPECT_EQ(cluster.write(create_account("ada")).outcome.code, chat::Code::kOk)
      << "what was never on a majority did not happen";
  EXPECT_TRUE(cluster.all_equal());
}

TEST(Node, ManyProposalsAreAllAnsweredInOrder) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  Node& leader = cluster.node(cluster.wait_primary());
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 2'000; ++i) {
    answers.push_back(propose(leader, create_account("u" + std::to_string(i))));
  }
  core::Index last = 0;
  for (const auto& answer : answers) {
    ASSERT_TRUE(eventually([&] { return answered(answer); }));
    ASSERT_EQ(answer->result.error, ProposeError::kNone);
    EXPECT_GT(answer->result.index, last);
    last = answer->result.index;
  }
  EXPECT_TRUE(cluster.all_equal());
}

TEST(Node, TooManyProposalsAreRefused) {
  Cluster cluster;
  cluster.options.max_proposals = 2;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  cluster.cut(primary, true);  // Nothing commits, so nothing is answered.
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 3; ++i) {
    answers.push_back(propose(cluster.node(primary), create_account("x" + std::to_string(i))));
  }
  ASSERT_TRUE(answered(answers[2]));
  EXPECT_EQ(answers[2]->result.error, ProposeError::kOverloaded);
  EXPECT_TRUE(eventually([&] { return answered(answers[0]) && answered(answers[1]); }));
}

TEST(Node, ReadBarrierOnABackupWaitsForWhatWasCommitted) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  const std::string backup = primary == "n1" ? "n2" : "n1";
  for (int i = 0; i < 20; ++i) {
    const auto result = cluster.write(create_account("r" + std::to_string(i)));
    std::atomic<int> code{-1};
    cluster.node(backup).read_barrier(0, std::chrono::steady_clock::now() + kPatience,
                                      [&](WaitError error) { code = static_cast<int>(error); });
    ASSERT_TRUE(eventually([&] { return code != -1; }));
    ASSERT_EQ(code, static_cast<int>(WaitError::kNone));
    EXPECT_GE(cluster.node(backup).applied_index(), result.index);
  }
}

TEST(Node, WaitAppliedEndsAtItsDeadline) {
  Cluster cluster;
  cluster.start("n1", 1);
  std::atomic<int> code{-1};
  cluster.node("n1").wait_applied(1'000'000,
                                  std::chrono::steady_clock::now() + std::chrono::milliseconds(30),
                                  [&](WaitError error) { code = static_cast<int>(error); });
  ASSERT_TRUE(eventually([&] { return code != -1; }));
  EXPECT_EQ(code, static_cast<int>(WaitError::kTimeout));
}

TEST(Node, WaitersAndProposalsAreAnsweredAtShutdown) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  cluster.cut(primary, true);
  std::atomic<int> code{-1};
  cluster.node(primary).wait_applied(1'000'000, std::chrono::steady_clock::now() + kPatience,
                                     [&](WaitError error) { code = static_cast<int>(error); });
  auto answer = propose(cluster.node(primary), create_account("ada"));
  cluster.kill(primary);
  EXPECT_EQ(code, static_cast<int>(WaitError::kDraining));
  EXPECT_TRUE(answered(answer));
  EXPECT_NE(answer->result.error, ProposeError::kNone);
}

TEST(Node, WhatIsInTheLogAtShutdownMayHaveHappened) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  cluster.cut(primary, true);
  const core::Index before = cluster.node(primary).status().last_index;
  auto answer = propose(cluster.node(primary), create_account("ada"));
  ASSERT_TRUE(eventually([&] { return cluster.node(primary).status().last_index > before; }));
  cluster.kill(primary);
  ASSERT_TRUE(answered(answer));
  EXPECT_EQ(answer->result.error, ProposeError::kPrimaryLost);
}

TEST(Node, DrainHandsThePrimacyOver) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  cluster.node(primary).drain(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  EXPECT_NE(cluster.node(primary).status().role, ServerRole::kPrimary);
  EXPECT_NE(cluster.wait_primary(primary), primary);
  auto refused = propose(cluster.node(primary), create_account("ada"));
  EXPECT_TRUE(answered(refused));
  EXPECT_EQ(refused->result.error, ProposeError::kDraining);
}

// What a transfer answered, and how long it took.
struct Transferred {
  transport::MembershipResult result;
  std::chrono::milliseconds took{0};
};

Transferred transfer(Node& node, core::NodeId target) {
  struct Waiting {
    std::mutex mutex;
    bool there = false;
    transport::MembershipResult result;
  };
  auto waiting = std::make_shared<Waiting>();
  const auto begun = std::chrono::steady_clock::now();
  node.transfer(target, begun + kPatience, [waiting](const transport::MembershipResult& result) {
    std::lock_guard lock(waiting->mutex);
    waiting->there = true;
    waiting->result = result;
  });
  EXPECT_TRUE(eventually([&] {
    std::lock_guard lock(waiting->mutex);
    return waiting->there;
  }));
  std::lock_guard lock(waiting->mutex);
  return {waiting->result, std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::steady_clock::now() - begun)};
}

// Nothing is accepted during an attempt: a target that was named is tried once, and not at all when
// it has not answered lately. kInvalid, because a caller would try a timeout again.
TEST(Node, ATransferToAServerThatHangsIsAnsweredAtOnce) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  const std::string target = primary == "n3" ? "n2" : "n3";
  cluster.cut(target, true);
  const Transferred first = transfer(cluster.node(primary), cluster.at(target).id);
  // It was heard a moment ago, so it is tried; nobody can say whether the word got there.
  EXPECT_NE(first.result.error, transport::MembershipError::kNone);
  EXPECT_NE(first.result.error, transport::MembershipError::kTimeout) << "which is tried again";
  EXPECT_LT(first.took, std::chrono::seconds(2));
  std::this_thread::sleep_for(std::chrono::milliseconds(2 * cluster.options.election_ms));
  const Transferred second = transfer(cluster.node(primary), cluster.at(target).id);
  EXPECT_EQ(second.result.error, transport::MembershipError::kInvalid);
  EXPECT_NE(second.result.message.find("does not answer"), std::string::npos)
      << second.result.message;
  EXPECT_EQ(cluster.wait_primary(), primary);
  EXPECT_EQ(cluster.write(create_account("ada")).outcome.code, chat::Code::kOk);
  // Without a name somebody who answers is found, as for a primary that leaves.
  const Transferred third = transfer(cluster.node(primary), core::kNoNode);
  EXPECT_EQ(third.result.error, transport::MembershipError::kNone) << third.result.message;
  EXPECT_NE(cluster.wait_primary(primary), target);
}

TEST(Node, TheListTellsWhoIsDownAndWhoIsBack) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  const std::string backup = primary == "n1" ? "n2" : "n1";
  const std::string other = primary != "n3" && backup != "n3" ? "n3" : "n2";
  const core::NodeId lost = cluster.at(backup).id;
  const auto health_at = [&](const std::string& name) {
    for (const auto& server : cluster.node(name).server_list().servers) {
      if (server.id == lost) return server.health;
    }
    return transport::ServerHealth::kSuspect;
  };
  const auto before = cluster.node(other).server_list();
  cluster.kill(backup);
  EXPECT_TRUE(eventually([&] { return health_at(other) == transport::ServerHealth::kDown; }));
  const auto after = cluster.node(other).server_list();
  EXPECT_GT(after.version, before.version);
  EXPECT_EQ(after.primary, cluster.at(primary).id);
  cluster.restart(backup);
  EXPECT_TRUE(eventually([&] { return health_at(other) == transport::ServerHealth::kUp; }));
}

TEST(Node, AMemberThatLeavesHasNoRole) {
  Cluster cluster;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  const std::string primary = cluster.wait_primary();
  const std::string backup = primary == "n1" ? "n2" : "n1";
  std::atomic<int> code{-1};
  cluster.node(primary).change_membership(
      core::MembershipOp::kRemove, cluster.at(backup).id, "",
      std::chrono::steady_clock::now() + kPatience,
      [&](const transport::MembershipResult& result) { code = static_cast<int>(result.error); });
  ASSERT_TRUE(eventually([&] { return code != -1; }));
  EXPECT_EQ(code, static_cast<int>(transport::MembershipError::kNone));
  EXPECT_EQ(cluster.node(primary).server_list().servers.size(), 2u);
  EXPECT_EQ(cluster.write(create_account("ada")).outcome.code, chat::Code::kOk);
  EXPECT_TRUE(eventually([&] { return cluster.node(backup).status().role == ServerRole::kNone; }));
}

TEST(Node, WhoWasDeadVotesAfterAsLongAnUptimeUnderALaterPrimaryToo) {
  Cluster cluster;
  cluster.options.dead_server_timeout_ms = 3'600'000;
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  ASSERT_NO_FATAL_FAILURE(cluster.join("n4", 4, core::MembershipOp::kAddReturning));
  const std::string first = cluster.wait_primary();
  cluster.kill(first);
  ASSERT_TRUE(eventually([&] {
    const std::string now = cluster.wait_primary();
    return !now.empty() && now != first;
  }));
  // A new learner is made a voter at once, and would not have been the first in the row.
  ASSERT_NO_FATAL_FAILURE(cluster.join("n5", 5));
  const auto votes = [&](int number) {
    const auto list = cluster.node(cluster.wait_primary()).server_list();
    for (const transport::ListedServer& server : list.servers) {
      if (server.id == 1'000 + static_cast<core::NodeId>(number)) return server.voter;
    }
    return false;
  };
  ASSERT_TRUE(eventually([&] { return votes(5); }));
  EXPECT_FALSE(votes(4));
}

// In ms; `op` makes it a learner of which nothing is heard, `meanwhile` is called once it is one.
std::int64_t kept_as_learner(Node& primary, core::NodeId id, core::MembershipOp op,
                             const std::function<void()>& meanwhile) {
  const auto listed = [&] {
    const auto list = primary.server_list();
    return std::any_of(list.servers.begin(), list.servers.end(),
                       [id](const auto& server) { return server.id == id; });
  };
  const auto asked = std::chrono::steady_clock::now();
  std::atomic<int> code{-1};
  primary.change_membership(
      op, id, "127.0.0.1:" + std::to_string(5'200 + id), asked + kPatience,
      [&](const transport::MembershipResult& result) { code = static_cast<int>(result.error); });
  EXPECT_TRUE(eventually([&] { return code != -1; }));
  EXPECT_EQ(code, static_cast<int>(transport::MembershipError::kNone));
  meanwhile();
  EXPECT_TRUE(eventually([&] { return !listed(); })) << "an abandoned learner is removed";
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               asked)
      .count();
}

// R3.3: a learner's silence is its own, not the age of the reign that it came into.
TEST(Node, ALearnerHasItsTimeHoweverLongThePrimaryHasReigned) {
  constexpr std::int64_t kTimeMs = 1'000;
  Cluster cluster;
  cluster.options.beat_ms = 10;
  cluster.options.abandoned_learner_ms = kTimeMs;
  cluster.start("n1", 1);
  Node& primary = cluster.node(cluster.wait_primary());
  const std::uint64_t begun = primary.status().uptime_ms;
  ASSERT_TRUE(eventually([&] { return primary.status().uptime_ms > begun + 2 * kTimeMs; }));
  const auto nothing = [] {};
  EXPECT_GE(kept_as_learner(primary, 7, core::MembershipOp::kAddLearner, nothing), kTimeMs);
  EXPECT_GE(kept_as_learner(primary, 8, core::MembershipOp::kAddReturning, nothing), kTimeMs);
  // One that asks for a snapshot is alive, though its core says nothing yet.
  const auto fetches = [&] {
    const auto begun_us = now_us();
    eventually([&] { return now_us() - begun_us > kTimeMs * 1'000 / 2; });
    primary.open_snapshot(9, 1, 0, std::chrono::steady_clock::now() + kPatience,
                          [](transport::SnapshotError, const transport::SnapshotHeader&) {});
  };
  EXPECT_GE(kept_as_learner(primary, 9, core::MembershipOp::kAddLearner, fetches), kTimeMs * 3 / 2);
  ASSERT_NO_FATAL_FAILURE(cluster.join("n2", 2));
  EXPECT_TRUE(eventually([&] {
    const auto list = primary.server_list();
    return std::count_if(list.servers.begin(), list.servers.end(),
                         [](const auto& server) { return server.voter; }) == 2;
  })) << "one that comes in time votes";
}

TEST(Node, AnApplierBehindReadsFromTheLog) {
  Cluster cluster;
  cluster.options.apply_queue_bytes = 1;  // Every batch but the first entry spills.
  ASSERT_NO_FATAL_FAILURE(three(cluster));
  Node& leader = cluster.node(cluster.wait_primary());
  std::vector<std::shared_ptr<Answer>> answers;
  for (int i = 0; i < 500; ++i) {
    answers.push_back(propose(leader, create_account("s" + std::to_string(i))));
  }
  for (const auto& answer : answers) {
    ASSERT_TRUE(eventually([&] { return answered(answer); }));
    ASSERT_EQ(answer->result.error, ProposeError::kNone);
  }
  EXPECT_TRUE(cluster.all_equal());
}

}  // namespace
}  // namespace starling::node::testing
