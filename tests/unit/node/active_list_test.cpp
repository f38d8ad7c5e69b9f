// The active list: what the primary builds, what the others take over, and what they show between
// two primaries.
#include "server/node/active_list.h"

#include <gtest/gtest.h>

namespace starling::node {
namespace {

using transport::ServerHealth;
using transport::ServerRole;

constexpr core::TimeUs kElection = 250'000;

core::Configuration three() {
  core::Configuration configuration;
  configuration.members = {
      {1, "127.0.0.1:5101", true}, {2, "127.0.0.1:5102", true}, {3, "127.0.0.1:5103", false}};
  return configuration;
}

core::State state(core::Role role, core::Term term, core::NodeId leader) {
  core::State result;
  result.role = role;
  result.term = term;
  result.leader = leader;
  return result;
}

TEST(ActiveList, ThePrimaryTellsByWhomItHeard) {
  ActiveList list(7, 1, 1, kElection);
  const core::State leads = state(core::Role::kLeader, 4, 1);
  core::TimeUs now = 10'000'000;
  ASSERT_TRUE(list.refresh(leads, three(), {{2, 0, 0}, {3, 0, 0}}, now));
  EXPECT_EQ(list.list().primary, 1u);
  EXPECT_EQ(list.list().term, 4u);
  const std::uint64_t first = list.list().version;
  EXPECT_EQ(list.list().servers[0].role, ServerRole::kPrimary);
  EXPECT_EQ(list.list().servers[1].health, ServerHealth::kUp) << "a new reign gives time";
  EXPECT_EQ(list.list().servers[2].role, ServerRole::kLearner);

  now += kElection + 1;
  ASSERT_TRUE(list.refresh(leads, three(), {{2, 0, now}, {3, 0, 0}}, now));
  EXPECT_EQ(list.list().version, first + 1);
  EXPECT_EQ(list.list().servers[1].health, ServerHealth::kUp);
  EXPECT_EQ(list.list().servers[2].health, ServerHealth::kSuspect);
  EXPECT_FALSE(list.refresh(leads, three(), {{2, 0, now}, {3, 0, 0}}, now)) << "nothing changed";

  list.unreachable(2, now + 1);
  ASSERT_TRUE(list.refresh(leads, three(), {{2, 0, now}, {3, 0, 0}}, now + 2));
  EXPECT_EQ(list.list().servers[1].health, ServerHealth::kDown) << "at once";
  ASSERT_TRUE(list.refresh(leads, three(), {{2, 0, now + 3}, {3, 0, 0}}, now + 4));
  EXPECT_EQ(list.list().servers[1].health, ServerHealth::kUp) << "heard since";
}

TEST(ActiveList, ABackupDropsWhatIsOlder) {
  ActiveList list(7, 1, 2, kElection);
  const core::State follows = state(core::Role::kFollower, 4, 1);
  transport::ServerList news;
  news.cluster = 7;
  news.epoch = 1;
  news.term = 4;
  news.version = 5;
  news.primary = 1;
  news.servers = {{1, "127.0.0.1:5101", ServerRole::kPrimary, ServerHealth::kUp, true}};
  EXPECT_TRUE(list.received(news));
  ASSERT_TRUE(list.refresh(follows, three(), {}, 1));
  EXPECT_EQ(list.list().version, 5u);
  news.version = 4;
  EXPECT_FALSE(list.received(news));
  news.term = 3;
  news.version = 9;
  EXPECT_FALSE(list.received(news));
  news.term = 5;
  news.cluster = 8;
  EXPECT_FALSE(list.received(news)) << "another cluster's";
}

TEST(ActiveList, ABackupSaysThatThePrimaryIsGoneAndNamesTheNextAtOnce) {
  ActiveList list(7, 1, 2, kElection);
  const core::State follows = state(core::Role::kFollower, 4, 1);
  list.refresh(follows, three(), {}, 1);
  EXPECT_EQ(list.list().primary, 1u);
  transport::ServerList news = list.list();
  news.version = 3;
  ASSERT_TRUE(list.received(news));
  list.refresh(follows, three(), {}, 2);

  list.unreachable(1, 3);
  ASSERT_TRUE(list.refresh(state(core::Role::kPreCandidate, 4, 0), three(), {}, 4));
  EXPECT_EQ(list.list().primary, core::kNoNode);
  EXPECT_EQ(list.list().term, 4u);
  EXPECT_EQ(list.list().version, 3u) << "not taken for older by those who have it";
  EXPECT_EQ(list.list().servers[0].health, ServerHealth::kDown);

  ASSERT_TRUE(list.refresh(state(core::Role::kFollower, 5, 2), three(), {}, 5));
  EXPECT_EQ(list.list().primary, 2u);
  EXPECT_EQ(list.list().term, 5u);
}

}  // namespace
}  // namespace starling::node
