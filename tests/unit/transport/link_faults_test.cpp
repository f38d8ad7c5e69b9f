// Link faults: the file that switches them, and what servers notice of them.
#include "server/transport/link_faults.h"

#include <algorithm>
#include <fstream>

#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

std::string refused(const std::string& text) {
  FaultRules rules;
  rules.version = "before";
  std::string error;
  EXPECT_FALSE(parse_faults(text, rules, error)) << text;
  EXPECT_EQ(rules.version, "before") << "a file that is refused changes nothing";
  return error;
}

TEST(FaultFile, TakesItsRules) {
  FaultRules rules;
  std::string error;
  ASSERT_TRUE(
      parse_faults("# all of them\nversion 7\n\n  cut 127.0.0.1:1  # both ways\n"
                   "cut-out 127.0.0.1:2\r\ncut-in [::1]:3\ndelay 127.0.0.1:1 40\n",
                   rules, error))
      << error;
  EXPECT_EQ(rules.version, "7");
  EXPECT_EQ(rules.of("127.0.0.1:1"), (LinkFault{true, true, milliseconds(40)}));
  EXPECT_EQ(rules.of("127.0.0.1:2"), (LinkFault{true, false, {}}));
  EXPECT_EQ(rules.of("[::1]:3"), (LinkFault{false, true, {}}));
  EXPECT_EQ(rules.of("127.0.0.1:4"), LinkFault());
}

TEST(FaultFile, WhatIsSaidOfAllIsSaidOfEach) {
  FaultRules rules;
  std::string error;
  ASSERT_TRUE(parse_faults("delay * 100\ncut-in *\ndelay 127.0.0.1:1 50\ncut-out 127.0.0.1:1\n",
                           rules, error));
  EXPECT_EQ(rules.of("127.0.0.1:1"), (LinkFault{true, true, milliseconds(150)}));
  EXPECT_EQ(rules.of("127.0.0.1:2"), (LinkFault{false, true, milliseconds(100)}));
}

TEST(FaultFile, RefusesWhatItDoesNotUnderstandAndNamesTheLine) {
  EXPECT_EQ(refused("version 1\nsever 127.0.0.1:1\n"),
            "line 2: \"sever\" is none of version, cut, cut-out, cut-in, delay");
  EXPECT_EQ(refused("cut"), "line 1: wanted: cut HOST:PORT|*");
  EXPECT_EQ(refused("cut n1"), "line 1: wanted: cut HOST:PORT|*");
  EXPECT_EQ(refused("cut 127.0.0.1:0"), "line 1: wanted: cut HOST:PORT|*");
  EXPECT_EQ(refused("cut 127.0.0.1:1 now"), "line 1: wanted: cut HOST:PORT|*");
  EXPECT_EQ(refused("delay 127.0.0.1:1"), "line 1: wanted: delay HOST:PORT|* MS");
  EXPECT_EQ(refused("delay 127.0.0.1:1 -1"), "line 1: \"-1\" is no delay: 0 to 60000 ms");
  EXPECT_EQ(refused("delay 127.0.0.1:1 60001"), "line 1: \"60001\" is no delay: 0 to 60000 ms");
  EXPECT_EQ(refused("version"), "line 1: one word must follow \"version\"");
}

// Stands before the servers start and after they have ended.
struct Installed {
  Installed() {
    static std::atomic<int> counter{0};
    path = (std::filesystem::temp_directory_path() /
            ("starling-faults-" + std::to_string(now_ms()) + "-" +
             std::to_string(reinterpret_cast<std::uintptr_t>(this)) + "-" +
             std::to_string(counter.fetch_add(1))))
               .string();
    std::string error;
    faults = LinkFaults::start(path, error);
    if (!faults) ADD_FAILURE() << error;
  }
  ~Installed() {
    faults.reset();
    for (const char* end : {"", ".taken", ".test"}) std::filesystem::remove(path + end);
  }
  std::string path;
  std::unique_ptr<LinkFaults> faults;
};

core::Message heartbeat(core::NodeId from, core::NodeId to, std::uint64_t round) {
  core::Message message;
  message.cluster = 7;
  message.epoch = 1;
  message.from = from;
  message.to = to;
  message.term = 3;
  message.body = core::HeartbeatRequest{round, 0};
  return message;
}

// Two servers whose connections to each other go where the file says. Both are in this process, so
// one file serves both: what it says of an address is true of the connections that lead there.
class LinkFaultsTest : public Installed, public TransportTest {
 protected:
  LinkFaultsTest() : other_(12) {
    start_other("127.0.0.1:0");
    there_ = other_server_->bound_address();
    server_->set_peers({{12, there_, true}});
    other_server_->set_peers({{11, server_->bound_address(), true}});
    EXPECT_TRUE(eventually([&] { return seen("connected 12") == 1; }));
    EXPECT_TRUE(eventually([&] { return contains(other_.peer_events(), "connected 11"); }));
  }
  ~LinkFaultsTest() override { other_server_.reset(); }

  static bool contains(const std::vector<std::string>& events, const std::string& event) {
    return std::find(events.begin(), events.end(), event) != events.end();
  }
  std::ptrdiff_t seen(const std::string& event) {
    const auto events = backend_.peer_events();
    return std::count(events.begin(), events.end(), event);
  }
  void start_other(const std::string& listen) {
    ServerOptions options = test_options(12);
    options.listen = listen;
    std::string error;
    ASSERT_TRUE(eventually([&] {
      other_server_ = Server::start(options, other_, error);
      return other_server_ != nullptr;
    })) << error;
  }

  void write(const std::string& text) {
    std::ofstream(path + ".test") << text;
    std::filesystem::rename(path + ".test", path);
  }
  // And waits until they are in force.
  void put(const std::string& rules) {
    const std::string version = std::to_string(++version_);
    write("version " + version + "\n" + rules);
    ASSERT_TRUE(eventually([&] {
      std::string taken;
      std::ifstream(path + ".taken") >> taken;
      return taken == version;
    }));
  }
  void send(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i < to; ++i) server_->send(heartbeat(11, 12, i));
  }
  std::vector<std::uint64_t> arrived() {
    std::vector<std::uint64_t> rounds;
    for (const core::Message& message : other_.delivered()) {
      rounds.push_back(std::get<core::HeartbeatRequest>(message.body).round);
    }
    return rounds;
  }
  static std::vector<std::uint64_t> upto(std::uint64_t end) {
    std::vector<std::uint64_t> rounds;
    for (std::uint64_t i = 0; i < end; ++i) rounds.push_back(i);
    return rounds;
  }
  bool linked() { return server_->unreached().empty(); }
  static void let_pass(milliseconds time) {
    const auto until = Clock::now() + time;
    ASSERT_TRUE(eventually([until] { return Clock::now() >= until; }));
  }

  std::string way_there() const { return faults->route(there_); }

  FakeBackend other_;
  std::unique_ptr<Server> other_server_;
  std::string there_;
  int version_ = 0;
};

TEST_F(LinkFaultsTest, WithoutAFileConnectionsGoStraight) {
  EXPECT_EQ(way_there(), there_);
  put("");
  EXPECT_EQ(way_there().rfind("unix-abstract:", 0), 0u) << way_there();
  // The link that was there went over: by a new connection, which is no reason for any alarm.
  ASSERT_TRUE(eventually([&] { return linked() && seen("connected 12") == 2; }));
  EXPECT_EQ(seen("unreachable 12"), 0);
  send(0, 200);
  ASSERT_TRUE(eventually([&] { return arrived().size() == 200; }));
  EXPECT_EQ(arrived(), upto(200));
}

TEST_F(LinkFaultsTest, AfterAShortCutTheStreamGoesOnWithWhatWasHeld) {
  put("");
  std::uint64_t sent = 0;
  // Longer than a second and the link is given up: on a machine that is busy, once more.
  for (int attempt = 0; attempt < 20; ++attempt) {
    ASSERT_TRUE(eventually([&] { return linked(); }));
    const auto links = seen("connected 12");
    const std::size_t before = arrived().size();
    put("cut " + there_);
    const auto begun = Clock::now();
    send(sent, sent + 50);
    sent += 50;
    let_pass(milliseconds(100));
    EXPECT_EQ(arrived().size(), before);
    put("");
    if (Clock::now() - begun > milliseconds(900) || seen("connected 12") != links) continue;
    ASSERT_TRUE(eventually([&] { return arrived().size() == before + 50; }));
    EXPECT_EQ(arrived().back(), sent - 1);
    EXPECT_EQ(seen("connected 12"), links);
    EXPECT_EQ(seen("unreachable 12"), 0);
    return;
  }
  FAIL() << "a cut of a tenth of a second always took longer";
}

TEST_F(LinkFaultsTest, ADelayKeepsTheOrder) {
  constexpr std::uint64_t kProbe = 1'000;
  put("");
  ASSERT_TRUE(eventually([&] {  // Over the connections that were made anew.
    send(kProbe, kProbe + 1);
    return !arrived().empty();
  }));
  const auto ordered = [&] {
    std::vector<std::uint64_t> rounds = arrived();
    std::erase(rounds, kProbe);
    return rounds;
  };
  put("delay " + there_ + " 60");
  const auto begun = Clock::now();
  send(0, 300);
  ASSERT_TRUE(eventually([&] { return !ordered().empty(); }));
  EXPECT_GE(Clock::now() - begun, milliseconds(60));
  ASSERT_TRUE(eventually([&] { return ordered().size() == 300; }));
  EXPECT_EQ(ordered(), upto(300));
  put("");  // What is on the way does not wait for its delay any more.
  send(300, 301);
  ASSERT_TRUE(eventually([&] { return ordered().size() == 301; }));
  EXPECT_EQ(seen("unreachable 12"), 0);
}

TEST_F(LinkFaultsTest, OneWayOnly) {
  // What was held may arrive when this test is over, and the other server on its way out.
  const auto asked = std::make_shared<std::atomic<int>>(0);
  Server* const answering = other_server_.get();
  other_.on_deliver = [asked, answering](const core::Message& message) {
    if (!std::holds_alternative<core::VoteRequest>(message.body)) return;
    ++*asked;
    core::Message answer = heartbeat(12, 11, 0);
    answer.body = core::VoteResponse{true, true};
    answering->send(answer);
  };
  core::Message vote = heartbeat(11, 12, 0);
  vote.body = core::VoteRequest{true, false, 8, 2};
  put("");
  ASSERT_TRUE(eventually([&] { return linked(); }));
  put("cut-in " + there_);  // The question arrives, the answer does not.
  server_->send(vote);
  ASSERT_TRUE(eventually([&] { return asked->load() == 1; }));
  let_pass(milliseconds(300));
  EXPECT_TRUE(backend_.delivered().empty());
  put("cut-out " + there_);
  server_->send(vote);
  let_pass(milliseconds(300));
  EXPECT_EQ(asked->load(), 1);
  put("");
  ASSERT_TRUE(eventually([&] { return linked(); }));
  server_->send(vote);
  ASSERT_TRUE(eventually([&] { return asked->load() >= 2 && !backend_.delivered().empty(); }));
}

TEST_F(LinkFaultsTest, AFileThatCannotBeUnderstoodChangesNothing) {
  put("cut " + there_);
  write("version 99\nheal everything\n");
  let_pass(milliseconds(300));
  send(0, 10);
  let_pass(milliseconds(200));
  EXPECT_EQ(arrived(), upto(0));
  std::string taken;
  std::ifstream(path + ".taken") >> taken;
  EXPECT_EQ(taken, std::to_string(version_));
  // No file at all says that there are no faults.
  std::filesystem::remove(path);
  ASSERT_TRUE(eventually([&] {
    send(10, 11);
    return !arrived().empty();
  }));
}

}  // namespace
}  // namespace starling::transport
