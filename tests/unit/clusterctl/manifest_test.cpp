// What clusterctl remembers, and the processes it tells apart.
#include "clusterctl/manifest.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "clusterctl/cluster.h"
#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;

class ManifestTest : public ::testing::Test {
 protected:
  ManifestTest() {
    dir_ = (fs::temp_directory_path() / ("starling-manifest-" + std::to_string(current_pid())))
               .string();
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    ::setenv("XDG_STATE_HOME", (dir_ + "/state").c_str(), 1);
  }
  ~ManifestTest() override { fs::remove_all(dir_); }

  void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

  std::string dir_;
};

TEST_F(ManifestTest, ComesBackAsItWas) {
  Manifest manifest;
  manifest.name = "x";
  manifest.dir = dir_;
  manifest.made_dir = true;
  manifest.base_port = 6'000;
  manifest.cluster_id = ~0ULL;
  manifest.bootstrapped = true;
  manifest.starlingd = "/bin/starlingd";
  manifest.flags = {"--election-ms", "400"};
  manifest.kept_aside = {"n2.left-1"};
  manifest.servers = {{"n1", "127.0.0.1:6000", {77, 123'456}, 0xfeed}, {"n3", "[::1]:6002", {}, 0}};
  save_manifest(manifest);
  const auto loaded = load_manifest(dir_);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->name, "x");
  EXPECT_EQ(loaded->dir, dir_);
  EXPECT_TRUE(loaded->made_dir);
  EXPECT_EQ(loaded->base_port, 6'000);
  EXPECT_EQ(loaded->cluster_id, ~0ULL);
  EXPECT_TRUE(loaded->bootstrapped);
  EXPECT_EQ(loaded->starlingd, "/bin/starlingd");
  EXPECT_EQ(loaded->flags, manifest.flags);
  EXPECT_EQ(loaded->kept_aside, manifest.kept_aside);
  ASSERT_EQ(loaded->servers.size(), 2U);
  EXPECT_EQ(loaded->servers[0].process.pid, 77);
  EXPECT_EQ(loaded->servers[0].process.start_time, 123'456U);
  EXPECT_EQ(loaded->servers[0].id, 0xfeedU);
  EXPECT_EQ(loaded->servers[1].address, "[::1]:6002");
}

// It names its epoch: a later one that was heard of is not to be begun once more (R3.6).
TEST_F(ManifestTest, WhoIsToBeginAnEpochIsRememberedUntilItHasBegun) {
  Manifest manifest;
  manifest.dir = dir_;
  manifest.epoch = 2;
  manifest.recovering = {"n2", 2};
  manifest.servers = {{"n1", "127.0.0.1:1", {}, 1}, {"n2", "127.0.0.1:2", {}, 2}};
  save_manifest(manifest);
  Cluster cluster(*load_manifest(dir_));
  EXPECT_EQ(cluster.manifest().recovering.server, "n2");
  EXPECT_EQ(cluster.manifest().recovering.epoch, 2U);
  Survey heard;
  heard.servers.push_back({manifest.servers[0], ProcessState::kRunning, admin::ServerStatus{}, ""});
  heard.servers[0].answer->epoch = 1;
  cluster.learn(heard);
  EXPECT_EQ(cluster.manifest().recovering.server, "n2") << "that one is of the epoch before";
  heard.servers[0].answer->epoch = 3;
  cluster.learn(heard);
  EXPECT_EQ(cluster.manifest().recovering.server, "") << "the cluster has gone on without it";
  EXPECT_EQ(cluster.manifest().epoch, 3U);
  save_manifest(cluster.manifest());
  EXPECT_EQ(load_manifest(dir_)->recovering.server, "");
}

TEST_F(ManifestTest, AbsentIsNotDamaged) {
  EXPECT_FALSE(load_manifest(dir_).has_value());
  for (const char* text : {"{", "[]", "{}", R"({"version":99})", R"({"version":1,"name":5})"}) {
    write(manifest_path(dir_), text);
    EXPECT_THROW(load_manifest(dir_), Failure) << text;
  }
}

TEST_F(ManifestTest, TheRegistryRemembersDirectoriesByName) {
  EXPECT_FALSE(registered_dir("x").has_value());
  register_dir("x", "/somewhere");
  register_dir("y", "/elsewhere");
  EXPECT_EQ(registered_dir("x"), "/somewhere");
  EXPECT_EQ(registered_names(), (std::vector<std::string>{"x", "y"}));
  forget_dir("x");
  EXPECT_FALSE(registered_dir("x").has_value());
  EXPECT_EQ(registered_dir("y"), "/elsewhere");
}

TEST_F(ManifestTest, NamesAndAddresses) {
  EXPECT_EQ(server_number("n12"), 12);
  for (const char* wrong : {"", "n", "n0", "n01", "12", "n1x", "primary"}) {
    EXPECT_EQ(server_number(wrong), 0) << wrong;
  }
  EXPECT_TRUE(is_cluster_name("my-cluster_1.x"));
  for (const char* wrong : {"", ".", "..", ".x", "-x", "a/b", "a b"}) {
    EXPECT_FALSE(is_cluster_name(wrong)) << wrong;
  }
  EXPECT_EQ(parse_address("[::1]:80")->host, "::1");
  EXPECT_EQ(parse_address("host:80")->port, 80);
}

TEST_F(ManifestTest, NewServersGetTheLowestFreeNumberInOrder) {
  Manifest manifest;
  manifest.dir = dir_;
  manifest.servers = {{"n1", "127.0.0.1:1", {}, 0}, {"n3", "127.0.0.1:3", {}, 0}};
  Cluster cluster(manifest);
  EXPECT_EQ(cluster.add_server("127.0.0.1:2").name, "n2");
  EXPECT_EQ(cluster.add_server("127.0.0.1:4").name, "n4");
  EXPECT_THROW(cluster.add_server("127.0.0.1:4"), Failure);
  std::string names;
  for (const auto& server : cluster.manifest().servers) names += server.name;
  EXPECT_EQ(names, "n1n2n3n4");
}

TEST_F(ManifestTest, UnknownServersListTheKnownOnes) {
  Manifest manifest;
  manifest.servers = {{"n1", "127.0.0.1:1", {}, 0}, {"n3", "127.0.0.1:3", {}, 0}};
  Cluster cluster(manifest);
  try {
    cluster.resolve("n2");
    FAIL() << "was found";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), kUsage);
    EXPECT_NE(std::string(failure.what()).find("n1, n3"), std::string::npos) << failure.what();
  }
}

TEST_F(ManifestTest, AServerThatHasAskedNobodyIsForgottenWithoutATrace) {
  Manifest manifest;
  manifest.dir = dir_;
  manifest.servers = {{"n1", "127.0.0.1:1", {}, 0}, {"n2", "127.0.0.1:2", {}, 0}};
  Cluster cluster(manifest);
  fs::create_directories(manifest.data_dir("n2"));
  EXPECT_TRUE(cluster.forget_if_no_member("n2"));
  EXPECT_EQ(cluster.manifest().servers.size(), 1U);
  EXPECT_FALSE(fs::exists(manifest.server_dir("n2")));
  // With an identity it may be a member, and nobody is there to say that it is none.
  fs::create_directories(manifest.data_dir("n1"));
  write(manifest.data_dir("n1") + "/identity", "an id");
  EXPECT_FALSE(cluster.forget_if_no_member("n1"));
  EXPECT_TRUE(fs::exists(manifest.data_dir("n1")));
}

TEST_F(ManifestTest, NobodyIsWaitedForWhenNoServerRuns) {
  Manifest manifest;
  manifest.name = "x";
  manifest.dir = dir_;
  manifest.servers = {{"n1", "127.0.0.1:1", {}, 0}};
  Cluster cluster(manifest);
  const auto begun = Clock::now();
  try {
    cluster.resolve("primary");
    FAIL() << "was found";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), kNoQuorum);
    EXPECT_NE(std::string(failure.what()).find("clusterctl up --name x"), std::string::npos);
  }
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(5));
}

TEST_F(ManifestTest, ADaemonIsSeenRunningPausedAndDead) {
  const auto deadline = Clock::now() + std::chrono::seconds(20);
  const ProcessId daemon = spawn_daemon({"/bin/sleep", "600"}, dir_ + "/log");
  EXPECT_EQ(process_state(daemon), ProcessState::kRunning);
  ASSERT_TRUE(send_signal(daemon, SIGSTOP));
  while (process_state(daemon) != ProcessState::kPaused && Clock::now() < deadline) {
    pause_between_polls();
  }
  EXPECT_EQ(process_state(daemon), ProcessState::kPaused);
  EXPECT_TRUE(send_signal(daemon, SIGKILL));
  EXPECT_TRUE(wait_until_exited(daemon, deadline));
  EXPECT_FALSE(send_signal(daemon, SIGKILL));
}

TEST_F(ManifestTest, AReusedPidIsAnotherProcess) {
  const ProcessId daemon = spawn_daemon({"/bin/sleep", "600"}, dir_ + "/log");
  const ProcessId impostor{daemon.pid, daemon.start_time + 1};
  EXPECT_EQ(process_state(impostor), ProcessState::kExited);
  EXPECT_FALSE(send_signal(impostor, SIGKILL));
  EXPECT_EQ(process_state(daemon), ProcessState::kRunning);
  EXPECT_TRUE(send_signal(daemon, SIGKILL));
  EXPECT_TRUE(wait_until_exited(daemon, Clock::now() + std::chrono::seconds(20)));
}

TEST_F(ManifestTest, AProgramThatDoesNotExistIsSaid) {
  EXPECT_THROW(spawn_daemon({"/no/such/program"}, dir_ + "/log"), Failure);
}

TEST_F(ManifestTest, TheLockIsExclusiveAndNotInherited) {
  auto lock = std::make_unique<FileLock>(lock_path(dir_), Clock::now());
  EXPECT_THROW(FileLock(lock_path(dir_), Clock::now()), Failure);
  const ProcessId daemon = spawn_daemon({"/bin/sleep", "600"}, dir_ + "/log");
  lock.reset();
  EXPECT_NO_THROW(FileLock(lock_path(dir_), Clock::now()));
  EXPECT_TRUE(send_signal(daemon, SIGKILL));
  EXPECT_TRUE(wait_until_exited(daemon, Clock::now() + std::chrono::seconds(20)));
}

TEST_F(ManifestTest, PickedPortsLieBelowTheEphemeralRange) {
  const int base = pick_base_port(5);
  EXPECT_GE(base, 1'024);
  EXPECT_LT(base + 5, 32'768);
}

}  // namespace
}  // namespace starling::ctl
