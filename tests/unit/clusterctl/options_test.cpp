// The command line: what is accepted where, and the right usage line for what is not.
#include "clusterctl/options.h"

#include <gtest/gtest.h>

#include "clusterctl/failure.h"
#include "clusterctl/words.h"

namespace starling::ctl {
namespace {

Options parse(std::vector<const char*> words) {
  words.insert(words.begin(), "clusterctl");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

// The complaint about a command line that must be refused.
std::string refused(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), kUsage);
    return failure.what();
  }
  ADD_FAILURE() << "was accepted";
  return "";
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Options, NameAndOutputGoBeforeAndAfterTheCommandsWords) {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{"--name", "x", "-o", "json", "kill", "n2"},
                                             {"kill", "n2", "--name", "x", "-o", "json"},
                                             {"kill", "--name", "x", "-o", "json", "n2"},
                                             {"--name", "x", "kill", "n2", "-o", "json"},
                                             {"-o", "json", "kill", "n2", "--name=x"}}) {
    const Options options = parse(words);
    EXPECT_EQ(options.command, "kill");
    EXPECT_EQ(options.server, "n2");
    EXPECT_EQ(options.name, "x");
    EXPECT_TRUE(options.json);
  }
}

TEST(Options, HaveTheDocumentedDefaults) {
  EXPECT_EQ(parse({"up"}).name, "default");
  EXPECT_FALSE(parse({"up"}).count.has_value());
  EXPECT_FALSE(parse({"status"}).json);
  EXPECT_EQ(parse({"kill", "n1"}).signal, 9);
  EXPECT_EQ(parse({"wait"}).timeout, std::chrono::seconds(10));
  EXPECT_FALSE(parse({"wait", "--primary"}).wait_converged);
  EXPECT_TRUE(parse({"wait", "--converged"}).wait_converged);
  EXPECT_GE(parse({"demo"}).messages, 5'000);
  EXPECT_EQ(parse({"demo"}).kills, 2);
}

TEST(Options, FaultsTakeTheirWords) {
  EXPECT_EQ(parse({"isolate", "primary"}).server, "primary");
  const Options cut = parse({"partition", "n1,n2/n3", "--name", "x"});
  EXPECT_EQ(cut.sides, (std::vector<std::vector<std::string>>{{"n1", "n2"}, {"n3"}}));
  EXPECT_EQ(parse({"slow", "n1", "200ms"}).delay, std::chrono::milliseconds(200));
  EXPECT_EQ(parse({"slow", "n1", "0ms"}).delay.count(), 0);
  EXPECT_EQ(parse({"heal", "-o", "json"}).command, "heal");
  expect_in(refused({"isolate"}), "usage: clusterctl isolate SERVER");
  expect_in(refused({"slow", "n1"}), "usage: clusterctl slow SERVER 200ms");
  expect_in(refused({"slow", "n1", "soon"}), "write 200ms");
  expect_in(refused({"slow", "n1", "200"}), "write 200ms");  // Seconds.
  expect_in(refused({"partition"}), "usage: clusterctl partition A,B/C,D,E");
  expect_in(refused({"partition", "n1,n2/n2"}), "n2 is named twice\nusage: clusterctl partition");
  expect_in(refused({"heal", "n1"}), "usage: clusterctl heal");
}

TEST(Options, UpTakesItsWords) {
  const Options options = parse(
      {"up", "-n", "3", "--dir", "d", "--base-port", "0", "--election-ms", "400", "--insecure"});
  EXPECT_EQ(options.count, 3);
  EXPECT_EQ(options.dir, "d");
  EXPECT_EQ(options.base_port, 0);
  EXPECT_EQ(options.server_flags, (std::vector<std::string>{"--election-ms", "400", "--insecure"}));
}

TEST(Options, SignalsByNameAndNumber) {
  EXPECT_EQ(parse({"kill", "n1", "--signal", "TERM"}).signal, 15);
  EXPECT_EQ(parse({"kill", "n1", "--signal", "SIGKILL"}).signal, 9);
  EXPECT_EQ(parse({"kill", "n1", "--signal", "2"}).signal, 2);
  expect_in(refused({"kill", "n1", "--signal", "STOP"}), "pause");
}

TEST(Options, UnknownCommandsAreNamed) {
  const std::string complaint = refused({"explode"});
  expect_in(complaint, "unknown command \"explode\"");
  expect_in(complaint, "usage: clusterctl COMMAND");
}

TEST(Options, MissingCommandShowsAllOfThem) { expect_in(refused({}), "transfer SERVER"); }

TEST(Options, UnknownFlagsBringTheCommandsUsageLine) {
  expect_in(refused({"kill", "n1", "--hard"}), "usage: clusterctl kill SERVER");
  expect_in(refused({"up", "--servers", "4"}), "usage: clusterctl up [-n 5]");
  expect_in(refused({"--colour", "status"}), "usage: clusterctl");
}

TEST(Options, WrongValuesBringTheCommandsUsageLine) {
  expect_in(refused({"up", "-n", "many"}), "usage: clusterctl up");
  expect_in(refused({"up", "-n", "0"}), "usage: clusterctl up");
  expect_in(refused({"up", "--base-port", "70000"}), "usage: clusterctl up");
  expect_in(refused({"status", "-o", "xml"}), "usage: clusterctl status");
  expect_in(refused({"wait", "--timeout", "soon"}), "usage: clusterctl wait");
  expect_in(refused({"wait", "--primary", "--converged"}), "usage: clusterctl wait");
  expect_in(refused({"status", "--name", "a/b"}), "no name for a cluster");
  expect_in(refused({"demo", "--servers", "3", "--kills", "2"}), "survive only 1");
}

TEST(Options, MissingAndSurplusWords) {
  expect_in(refused({"kill"}), "usage: clusterctl kill SERVER");
  expect_in(refused({"kill", "n1", "n2"}), "usage: clusterctl kill SERVER");
  expect_in(refused({"down", "n1"}), "usage: clusterctl down");
}

TEST(Options, AddressesAreChecked) {
  EXPECT_EQ(parse({"join", "--address", "127.0.0.1:6000"}).address, "127.0.0.1:6000");
  for (const char* wrong : {"localhost", "127.0.0.1:", ":5101", "127.0.0.1:0", "127.0.0.1:65536",
                            "127.0.0.1:x", "::1:5101", "a b:1"}) {
    expect_in(refused({"join", "--address", wrong}), "usage: clusterctl join");
  }
}

TEST(Options, AddressesThatNobodyCanReachAreRefused) {
  for (const char* wrong : {"0.0.0.0:6000", "0:6000", "[::]:6000", "[0:0::0]:6000"}) {
    expect_in(refused({"join", "--address", wrong}), "others cannot reach");
  }
}

TEST(Options, ServerSettingsAreCheckedBeforeAnythingIsMade) {
  expect_in(refused({"up", "--log-level", "loud"}), "loud");
  expect_in(refused({"up", "--starlingd", "/no/such/program"}), "/no/such/program");
  expect_in(refused({"up", "--starlingd", "/"}), "no program at /");
  expect_in(refused({"up", "--heartbeat-ms", "4"}), "--heartbeat-ms");
  expect_in(refused({"up", "--election-ms", "60001"}), "--election-ms");
  expect_in(refused({"up", "--heartbeat-ms", "300", "--election-ms", "200"}), "twice");
  EXPECT_NO_THROW(check_server_flags({}));
  EXPECT_NO_THROW(check_server_flags({"--heartbeat-ms", "125"}));
  EXPECT_THROW(check_server_flags({"--heartbeat-ms", "126"}), Failure);
  EXPECT_THROW(check_server_flags({"--insecure", "--election-ms", "99"}), Failure);
}

TEST(Options, NewSettingsReplaceTheSameOnesOnly) {
  using Flags = std::vector<std::string>;
  EXPECT_EQ(merged_flags({"--heartbeat-ms", "20", "--log-level", "warn"},
                         {"--log-level", "debug", "--insecure"}),
            (Flags{"--heartbeat-ms", "20", "--log-level", "debug", "--insecure"}));
  EXPECT_EQ(merged_flags({"--insecure"}, {"--insecure"}), (Flags{"--insecure"}));
  EXPECT_EQ(merged_flags({}, {"--election-ms", "400"}), (Flags{"--election-ms", "400"}));
}

TEST(Options, JsonIsSeenInACommandLineThatIsWrong) {
  const auto json = [](std::vector<const char*> words) {
    words.insert(words.begin(), "clusterctl");
    return wants_json(static_cast<int>(words.size()), words.data());
  };
  EXPECT_TRUE(json({"-o", "json", "explode"}));
  EXPECT_TRUE(json({"kill", "-ojson"}));
  EXPECT_TRUE(json({"kill", "-o=json"}));
  EXPECT_TRUE(json({"kill", "--output", "json"}));
  EXPECT_TRUE(json({"kill", "--output=json"}));
  EXPECT_FALSE(json({"kill", "json"}));
  EXPECT_FALSE(json({"kill", "-o"}));
  EXPECT_FALSE(json({"-o", "json", "status", "-o", "table"}));
}

TEST(Words, AdviceNamesTheClusterUnlessItIsTheDefault) {
  EXPECT_EQ(advised("default", "down --purge"), "clusterctl down --purge");
  EXPECT_EQ(advised("x", "down --purge"), "clusterctl down --purge --name x");
  EXPECT_EQ(counted(0, "server") + counted(1, "server") + counted(2, "server"),
            "0 servers1 server2 servers");
}

TEST(Options, HelpTellsTheDefaults) {
  const std::string up = parse({"up", "--help"}).text;
  for (const char* word : {"5101", "$STARLINGD", "default 50", "default 250", "info (the default)",
                           "60000", ".local/state"}) {
    expect_in(up, word);
  }
  expect_in(parse({"kill", "--help"}).text, "KILL (the default)");
  expect_in(parse({"wait", "--help"}).text, "10s (the default)");
}

TEST(Options, HelpAndVersionAreNoErrors) {
  expect_in(parse({"--help"}).text, "up [-n 5]");
  expect_in(parse({"wait", "--help"}).text, "usage: clusterctl wait");
  expect_in(parse({"--version"}).text, "clusterctl ");
}

TEST(Options, Durations) {
  EXPECT_EQ(parse_duration("250ms"), std::chrono::milliseconds(250));
  EXPECT_EQ(parse_duration("10s"), std::chrono::seconds(10));
  EXPECT_EQ(parse_duration("2m"), std::chrono::minutes(2));
  EXPECT_EQ(parse_duration("7"), std::chrono::seconds(7));
  EXPECT_EQ(parse_duration("1.5s"), std::chrono::milliseconds(1'500));
  EXPECT_EQ(parse_duration("0.25"), std::chrono::milliseconds(250));
  EXPECT_EQ(parse_duration("0.025m"), std::chrono::milliseconds(1'500));
  EXPECT_EQ(parse_duration("7", "ms"), std::chrono::milliseconds(7));
  for (const char* wrong :
       {"", "s", "-1s", "1h", "1.s", ".5", "1.5ms", "1.2345s", "1,5s", "99999999999s"}) {
    EXPECT_FALSE(parse_duration(wrong).has_value()) << wrong;
  }
}

TEST(Options, DurationsWithAndWithoutAUnitAreTheSameEverywhere) {
  EXPECT_EQ(parse({"wait", "--timeout", "5"}).timeout, std::chrono::seconds(5));
  EXPECT_EQ(parse({"wait", "--timeout", "5s"}).timeout, std::chrono::seconds(5));
  EXPECT_EQ(parse({"slow", "n1", "0.2"}).delay, std::chrono::milliseconds(200));
  const std::vector<std::string> flags{"--heartbeat-ms",          "100", "--election-ms", "1500",
                                       "--dead-server-timeout-s", "120"};
  EXPECT_EQ(parse({"up", "--heartbeat-ms", "100", "--election-ms", "1500",
                   "--dead-server-timeout-s", "120"})
                .server_flags,
            flags);
  EXPECT_EQ(parse({"up", "--heartbeat-ms", "100ms", "--election-ms", "1.5s",
                   "--dead-server-timeout-s", "2m"})
                .server_flags,
            flags);
  expect_in(refused({"up", "--dead-server-timeout-s", "1500ms"}), "--dead-server-timeout-s");
}

}  // namespace
}  // namespace starling::ctl
