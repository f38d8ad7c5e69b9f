// The command line: what is taken, and what is refused with which words.
#include "server/node/config.h"

#include <gtest/gtest.h>

namespace starling::node {
namespace {

CommandLine parse(std::vector<const char*> words, Config& config) {
  words.insert(words.begin(), "starlingd");
  return parse_command_line(static_cast<int>(words.size()), words.data(), config);
}

TEST(Config, NoArgumentsAreAFirstServer) {
  Config config;
  EXPECT_EQ(parse({}, config), CommandLine::kRun);
  EXPECT_EQ(config.listen, "127.0.0.1:5101");
  EXPECT_EQ(config.data, "starling-data");
  EXPECT_TRUE(config.join.empty());
}

TEST(Config, JoinTakesAList) {
  Config config;
  // A list that names this server among the others will do for all of them.
  EXPECT_EQ(parse({"--join", "127.0.0.1:5101,127.0.0.1:5102"}, config), CommandLine::kRun);
  EXPECT_EQ(config.join, (std::vector<std::string>{"127.0.0.1:5101", "127.0.0.1:5102"}));
}

TEST(Config, UsageErrors) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{"--no-such-flag"},
                                             {"stray"},
                                             {"--listen"},
                                             {"--listen", "here"},
                                             {"--listen", "127.0.0.1:70000"},
                                             {"--listen", "127.0.0.1:5101x"},
                                             {"--advertise", "127.0.0.1:0"},
                                             {"--join", "nowhere"},
                                             {"--join", "127.0.0.1:0"},
                                             {"--join", "127.0.0.1:5101"},  // Itself.
                                             {"--heartbeat-ms", "0"},
                                             {"--election-ms", "60"},
                                             {"--log-level", "loud"},
                                             {"--data", ""}}) {
    Config config;
    EXPECT_EQ(parse(words, config), CommandLine::kUsageError) << words.front();
  }
}

TEST(Config, AListenerBeyondLoopbackWantsInsecure) {
  Config config;
  config.listen = "192.0.2.1:5101";
  EXPECT_NE(check_config(config).find("--insecure"), std::string::npos);
  config.listen = "0.0.0.0:5101";  // Both that is missing is asked for at once.
  EXPECT_NE(check_config(config).find("--insecure"), std::string::npos);
  EXPECT_NE(check_config(config).find("--advertise"), std::string::npos);
  config.listen = "192.0.2.1:5101";
  config.insecure = true;
  EXPECT_EQ(check_config(config), "");
  config.listen = "0.0.0.0:5101";
  EXPECT_NE(check_config(config).find("--advertise"), std::string::npos);
  config.advertise = "192.0.2.1:5101";
  EXPECT_EQ(check_config(config), "");
}

TEST(Config, LinkFaultsAreForLoopback) {
  Config config;
  ASSERT_EQ(parse({"--fault-file", "/tmp/faults"}, config), CommandLine::kRun);
  EXPECT_EQ(config.fault_file, "/tmp/faults");
  config.listen = "192.0.2.1:5101";
  config.insecure = true;
  EXPECT_NE(check_config(config).find("--fault-file"), std::string::npos);
  config.fault_file.clear();
  EXPECT_EQ(check_config(config), "");
}

TEST(Config, HelpAndVersionEndWell) {
  Config config;
  EXPECT_EQ(parse({"--help"}, config), CommandLine::kDone);
  EXPECT_EQ(parse({"--version"}, config), CommandLine::kDone);
}

TEST(Config, Addresses) {
  HostPort parsed;
  EXPECT_TRUE(parse_address("[::1]:5101", parsed));
  EXPECT_EQ(parsed.host, "::1");
  EXPECT_EQ(join_address(parsed), "[::1]:5101");
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_TRUE(is_loopback("127.1.2.3"));
  EXPECT_FALSE(is_loopback("10.0.0.1"));
  EXPECT_FALSE(parse_address("::1:5101", parsed));
  EXPECT_FALSE(parse_address(":5101", parsed));
  EXPECT_FALSE(parse_address("a b:1", parsed));
  EXPECT_FALSE(parse_address("host:", parsed));
}

}  // namespace
}  // namespace starling::node
