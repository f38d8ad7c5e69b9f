// What isolate, partition and slow mean for each server, and what the command line takes for them.
#include "clusterctl/fault_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "clusterctl/failure.h"
#include "clusterctl/manifest.h"

namespace starling::ctl {
namespace {

Manifest five() {
  Manifest manifest;
  for (int i = 1; i <= 5; ++i) {
    ServerEntry server;
    server.name = "n" + std::to_string(i);
    server.address = "127.0.0.1:" + std::to_string(6'000 + i);
    manifest.servers.push_back(server);
  }
  manifest.faults.version = 3;
  return manifest;
}

// The file without its comment.
std::string rules(const Manifest& manifest, const std::string& server) {
  const std::string text = fault_file(manifest, server);
  return text.substr(text.find('\n') + 1);
}

std::string refused(const std::string& text) {
  try {
    parse_sides(text);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), kUsage);
    return failure.what();
  }
  ADD_FAILURE() << text << " was accepted";
  return "";
}

TEST(FaultRules, NoFaultsSayNothingButTheVersion) {
  EXPECT_EQ(rules(five(), "n1"), "version 3\n");
  EXPECT_EQ(describe(Faults()), "");
}

TEST(FaultRules, AnIsolatedServerIsCutOffAtBothEnds) {
  Manifest manifest = five();
  manifest.faults.isolated = {"n2"};
  EXPECT_EQ(rules(manifest, "n2"),
            "version 3\ncut 127.0.0.1:6001\ncut 127.0.0.1:6003\ncut 127.0.0.1:6004\n"
            "cut 127.0.0.1:6005\n");
  EXPECT_EQ(rules(manifest, "n4"), "version 3\ncut 127.0.0.1:6002\n");
  EXPECT_EQ(describe(manifest.faults), "n2 is isolated");
}

TEST(FaultRules, SidesAreCutOffFromEachOtherAndWhoIsInNoneReachesAll) {
  Manifest manifest = five();
  manifest.faults.sides = {{"n1", "n2"}, {"n3"}, {"n4"}};
  EXPECT_EQ(rules(manifest, "n1"), "version 3\ncut 127.0.0.1:6003\ncut 127.0.0.1:6004\n");
  EXPECT_EQ(rules(manifest, "n3"),
            "version 3\ncut 127.0.0.1:6001\ncut 127.0.0.1:6002\ncut 127.0.0.1:6004\n");
  EXPECT_EQ(rules(manifest, "n5"), "version 3\n");
  EXPECT_EQ(describe(manifest.faults), "the network is cut into n1,n2 / n3 / n4");
}

TEST(FaultRules, DelaysOfTheTwoEndsAddUp) {
  Manifest manifest = five();
  manifest.faults.slow_ms = {{"n1", 200}, {"n2", 30}};
  EXPECT_EQ(rules(manifest, "n1"),
            "version 3\ndelay 127.0.0.1:6002 230\ndelay 127.0.0.1:6003 200\n"
            "delay 127.0.0.1:6004 200\ndelay 127.0.0.1:6005 200\n");
  EXPECT_EQ(rules(manifest, "n5"),
            "version 3\ndelay 127.0.0.1:6001 200\ndelay 127.0.0.1:6002 30\n");
}

TEST(FaultRules, ANameThatIsGivenAgainInheritsNothing) {
  Faults faults;
  faults.isolated = {"n1", "n2"};
  faults.sides = {{"n1", "n2"}, {"n3"}};
  faults.slow_ms = {{"n3", 5}};
  faults.forget("n3");
  EXPECT_TRUE(faults.sides.empty()) << "one side is no partition";
  EXPECT_TRUE(faults.slow_ms.empty());
  faults.forget("n1");
  EXPECT_EQ(faults.isolated, std::vector<std::string>{"n2"});
}

TEST(FaultRules, SidesAreReadAndNonsenseIsRefused) {
  EXPECT_EQ(parse_sides("n1,n2/n3"), (std::vector<std::vector<std::string>>{{"n1", "n2"}, {"n3"}}));
  EXPECT_EQ(parse_sides("primary/n2/n3").size(), 3u);
  EXPECT_EQ(refused("n1,n2/n1"), "n1 is named twice");
  EXPECT_EQ(refused("n1,n1/n2"), "n1 is named twice");
  EXPECT_NE(refused("n1,n2").find("no two sides"), std::string::npos);
  EXPECT_NE(refused("").find("no two sides"), std::string::npos);
  EXPECT_NE(refused("n1/").find("a side without a server"), std::string::npos);
  EXPECT_NE(refused("/n1").find("a side without a server"), std::string::npos);
  EXPECT_NE(refused("n1,/n2").find("empty name"), std::string::npos);
}

TEST(FaultRules, AreKeptInTheManifestAndShownToPrograms) {
  Faults faults;
  faults.version = 9;
  faults.isolated = {"n1"};
  faults.sides = {{"n1"}, {"n2", "n3"}};
  faults.slow_ms = {{"n2", 200}};
  const Faults same = from_manifest(to_manifest(faults));
  EXPECT_EQ(same.version, 9u);
  EXPECT_EQ(to_json(same), to_json(faults));
  EXPECT_EQ(
      to_json(faults).dump(),
      R"({"isolated":["n1"],"partition":[["n1"],["n2","n3"]],"slow":[{"server":"n2","ms":200}]})");
}

TEST(FaultRules, FilesAreThereFromTheFirstFaultToTheNextDown) {
  namespace fs = std::filesystem;
  Manifest manifest = five();
  manifest.dir =
      (fs::temp_directory_path() / ("starling-rules-" + std::to_string(current_pid()))).string();
  manifest.faults.version = 0;
  write_fault_files(manifest);
  EXPECT_FALSE(fs::exists(manifest.fault_path("n1")));
  manifest.faults.version = 1;
  manifest.faults.slow_ms = {{"n1", 5}};
  write_fault_files(manifest);
  EXPECT_EQ(taken_version(manifest, "n5"), 0u);
  std::ofstream(manifest.fault_path("n5") + ".taken") << "1\n";
  EXPECT_EQ(taken_version(manifest, "n5"), 1u);
  remove_fault_files(manifest);
  EXPECT_TRUE(fs::exists(manifest.fault_path("n5"))) << "what is in force outlives a down";
  manifest.faults.slow_ms.clear();
  remove_fault_files(manifest);
  EXPECT_FALSE(fs::exists(manifest.fault_path("n5")));
  EXPECT_EQ(taken_version(manifest, "n5"), 0u);
  fs::remove_all(manifest.dir);
}

TEST(FaultRules, AreForLoopback) {
  EXPECT_TRUE(takes_faults("127.0.0.1:5101"));
  EXPECT_TRUE(takes_faults("[::1]:5101"));
  EXPECT_FALSE(takes_faults("192.168.0.1:5101"));
}

}  // namespace
}  // namespace starling::ctl
