// clusterctl demo: a cluster of its own, two users in conversation, primaries killed under them,
// and every message accounted for.
#include "clusterctl/demo.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "clusterctl/commands.h"
#include "clusterctl/demo_chat.h"
#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

constexpr std::size_t kWindow = 96;  // Sends in flight, of each of the two users.
constexpr std::chrono::seconds kChatTimeout{60};
constexpr std::chrono::seconds kFailoverTimeout{15};
constexpr std::chrono::seconds kSettleTimeout{20};

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// The demo's servers: gone with their files when the demo ends, in whichever way.
class TemporaryCluster {
 public:
  explicit TemporaryCluster(const Options& options) {
    Options up = options;
    up.name = "demo-" + std::to_string(current_pid());
    up.dir = (std::filesystem::temp_directory_path() / ("starling-" + up.name)).string();
    up.base_port = 0;
    up.count = options.servers;
    opened_.emplace(open_or_create(up));
    save_manifest(cluster().manifest());
  }
  // From now on it outlives the demo.
  void keep() {
    register_dir(cluster().manifest().name, cluster().manifest().dir);
    keep_ = true;
  }
  ~TemporaryCluster() {
    if (keep_) return;
    try {
      cluster().stop_all();
    } catch (const std::exception& error) {
      std::cerr << "clusterctl: " << error.what() << "\n";
    }
    std::error_code error;
    std::filesystem::remove_all(cluster().manifest().dir, error);
    if (error) std::cerr << "clusterctl: " << cluster().manifest().dir << " is left over\n";
  }
  TemporaryCluster(const TemporaryCluster&) = delete;
  TemporaryCluster& operator=(const TemporaryCluster&) = delete;

  Cluster& cluster() { return opened_->cluster; }

 private:
  bool keep_ = false;
  std::optional<OpenCluster> opened_;
};

// One line that rewrites itself on a terminal; plain lines, rarely, elsewhere. To stderr.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet) : terminal_(is_terminal_stderr()), quiet_(quiet) {}
  ~ProgressLine() { clear(); }
  void say(const std::string& text, bool important = false) {
    if (quiet_ && !terminal_) return;
    const auto now = Clock::now();
    const auto rest = terminal_ ? milliseconds(100) : milliseconds(2'000);
    if (!important && now - last_ < rest) return;
    last_ = now;
    std::fprintf(stderr, terminal_ ? "\r\033[K  %s" : "  %s\n", text.c_str());
    std::fflush(stderr);
  }
  void clear() {
    if (terminal_) std::fprintf(stderr, "\r\033[K");
  }

 private:
  const bool terminal_;
  const bool quiet_;
  Clock::time_point last_{};
};

class Demo {
 public:
  explicit Demo(const Options& options)
      : options_(options), progress_(options.json), servers_(options) {}

  DemoReport run() {
    const auto begun = Clock::now();
    auto& cluster = servers_.cluster();
    report_.servers = options_.servers;
    report_.wanted = static_cast<std::size_t>(options_.messages);
    progress_.say("starting " + counted(static_cast<std::size_t>(options_.servers), "server"),
                  true);
    bring_up(cluster, options_.servers);
    if (options_.keep) servers_.keep();
    for (const auto& server : cluster.manifest().servers) {
      report_.addresses.push_back(server.address);
    }
    ada_.connect(report_.addresses);
    bob_.connect(report_.addresses);
    ada_.open("bob");
    bob_.open("ada");
    chat();
    settle();
    compare();
    report_.seconds = ms_between(begun, Clock::now()) / 1'000;
    progress_.clear();
    return report_;
  }

 private:
  std::size_t in_flight() const { return ada_.in_flight() + bob_.in_flight(); }

  void show() {
    progress_.say(grouped(static_cast<std::int64_t>(ledger_.acknowledged_count())) + " of " +
                  grouped(options_.messages) + " acknowledged, " + std::to_string(in_flight()) +
                  " in flight, " + std::to_string(report_.kills.size()) + " of " +
                  std::to_string(options_.kills) + " primaries killed");
  }

  template <typename Done>
  bool wait_for(std::chrono::seconds timeout, Done done) {
    const auto deadline = Clock::now() + timeout;
    while (!done()) {
      if (Clock::now() >= deadline) return false;
      show();
      pause_between_polls(milliseconds(2));
    }
    return true;
  }

  void chat() {
    const auto begun = Clock::now();
    ada_.start_sending();
    bob_.start_sending();
    const auto share = report_.wanted / static_cast<std::size_t>(options_.kills + 1);
    for (int kill = 1; kill <= options_.kills; ++kill) {
      const auto goal = share * static_cast<std::size_t>(kill);
      if (!wait_for(kChatTimeout, [&] { return ledger_.acknowledged_count() >= goal; })) break;
      kill_primary();
    }
    const auto kills_done = ledger_.acknowledged_count();
    // Some more after the last kill in any case: the new primary shall be seen at work.
    const auto goal = std::max(report_.wanted, kills_done + std::min<std::size_t>(share, 1'000));
    wait_for(kChatTimeout, [&] { return ledger_.acknowledged_count() >= goal; });
    ada_.stop_sending();
    bob_.stop_sending();
    wait_for(std::chrono::seconds(40), [&] { return in_flight() == 0; });
    report_.chat_seconds = ms_between(begun, Clock::now()) / 1'000;
    report_.sent = ledger_.sent_count();
    report_.acknowledged = ledger_.acknowledged_count();
    report_.failed = ada_.failed() + bob_.failed() + in_flight();
  }

  void kill_primary() {
    auto& cluster = servers_.cluster();
    ServerEntry& victim = cluster.resolve("primary");
    // The users refill their windows with every answer; the count is taken while they are full.
    wait_for(std::chrono::seconds(2), [&] { return in_flight() >= kWindow; });
    DemoKill kill;
    kill.victim = victim.name;
    kill.in_flight = in_flight();
    const auto killed = Clock::now();
    send_signal(victim.process, SIGKILL);
    if (!wait_until_exited(victim.process, killed + std::chrono::seconds(10))) {
      throw Failure(kFailed, victim.name + " does not die");
    }
    ada_.mark();
    bob_.mark();
    report_.kills.push_back(kill);
    progress_.say("killed " + kill.victim + ", the primary, with " +
                      std::to_string(kill.in_flight) + " sends in flight",
                  true);
    const auto later = [&](auto look) -> double {
      const auto a = look(ada_);
      const auto b = look(bob_);
      return a && b ? ms_between(killed, std::max(*a, *b)) : -1;
    };
    auto& noted = report_.kills.back();
    wait_for(kFailoverTimeout, [&] {
      using Kind = ClusterEvent::Kind;
      noted.detect_ms = later([&](auto& u) { return u.seen(Kind::kFailoverStarted, killed); });
      noted.elect_ms = later([&](auto& u) { return u.seen(Kind::kFailedOver, killed); });
      noted.first_write_ms = later([](auto& u) { return u.first_ack_after_mark(); });
      return noted.detect_ms >= 0 && noted.elect_ms >= 0 && noted.first_write_ms >= 0;
    });
    noted.successor = cluster.wait_for_primary(Clock::now() + kPrimaryTimeout).primary->entry.name;
  }

  // The subscribers get what is still under way, the replicas catch up.
  void settle() {
    auto& cluster = servers_.cluster();
    progress_.say("comparing " + grouped(static_cast<std::int64_t>(report_.acknowledged)) +
                      " messages with every stream and every surviving replica",
                  true);
    wait_for(kSettleTimeout, [&] {
      return std::min(ada_.received_count(), bob_.received_count()) >= report_.acknowledged;
    });
    report_.converged = wait_for(kSettleTimeout, [&] {
      const Survey now = survey(cluster.manifest());
      report_.primary = now.primary != nullptr ? now.primary->entry.name : "";
      return converged(now);
    });
  }

  void compare() {
    for (const auto* user : {&ada_, &bob_}) {
      report_.checks.push_back({user->name() + "'s stream", "", ledger_.check(user->received())});
    }
    for (const auto& server : servers_.cluster().manifest().servers) {
      if (process_state(server.process) == ProcessState::kExited) continue;
      progress_.say("reading the store of " + server.name);
      DemoCheck check{server.name + "'s store", "", {}};
      auto stored = ada_.stored_at(server.address);
      if (stored.ok()) {
        check.verdict = ledger_.check(*stored);
      } else {
        check.error = stored.error().message;
      }
      report_.checks.push_back(check);
    }
  }

  const Options& options_;
  ProgressLine progress_;
  TemporaryCluster servers_;  // Outlives the users.
  Ledger ledger_;
  ChatUser ada_{"ada", ledger_, kWindow};
  ChatUser bob_{"bob", ledger_, kWindow};
  DemoReport report_;
};

}  // namespace

int run_demo(const Options& options) {
  if (!options.json) {
    std::cout << "Starling demo: " << counted(static_cast<std::size_t>(options.servers), "server")
              << ", two users in conversation, " << options.kills
              << (options.kills == 1 ? " primary" : " primaries") << " killed\n"
              << std::flush;
  }
  DemoReport report;
  std::string kept;
  {
    Demo demo(options);
    report = demo.run();
  }
  if (options.keep) kept = "demo-" + std::to_string(current_pid());
  if (options.json) {
    auto object = to_json(report);
    if (!kept.empty()) object["cluster"] = kept;
    std::cout << object.dump() << "\n";
  } else {
    std::cout << to_text(report, is_terminal_stdout());
    if (!kept.empty()) {
      std::cout << "\n  The cluster runs on: " << advised(kept, "status")
                << "\n  Remove it with:      " << advised(kept, "down --purge") << "\n";
    }
  }
  return report.complaints().empty() ? kDone : kFailed;
}

}  // namespace starling::ctl
