// The command line of clusterctl; the only file that includes CLI11, which is slow to compile.
#include "clusterctl/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>

#include "clusterctl/failure.h"
#include "clusterctl/fault_rules.h"
#include "clusterctl/manifest.h"
#include "clusterctl/platform.h"

namespace starling::ctl {
namespace {

struct Command {
  const char* name;
  const char* usage;
  const char* what;
};

constexpr std::array<Command, 18> kCommands{{
    {"up", "up [-n 5] [--name N] [--dir D] [--base-port P]",
     "Start a cluster, or those of its servers that are not running."},
    {"down", "down [--purge]", "Stop every server; with --purge remove their data too."},
    {"status", "status [-o json] [--watch]", "Show the servers; exits 3 when there is no quorum."},
    {"wait", "wait [--primary|--converged] [--timeout 10s]",
     "Wait for a primary, or until all running servers hold the same state."},
    {"kill", "kill SERVER|primary|backup [--signal KILL]", "Kill a server and see it dead."},
    {"pause", "pause SERVER", "Stop a server's process (SIGSTOP), as a hang would."},
    {"resume", "resume SERVER", "Let a paused server go on."},
    {"restart", "restart SERVER|all",
     "Start a server again in its directory, stopping it before; all: one after another, so that "
     "the cluster goes on serving."},
    {"recover", "recover [--yes]",
     "The majority is lost for good: begin a new epoch with the most advanced server that is left, "
     "after saying what that may cost and asking."},
    {"join", "join [--address A]", "Add one more server to the running cluster."},
    {"leave", "leave SERVER", "Take a server out of the members; its data is kept aside."},
    {"transfer", "transfer SERVER", "Hand the primacy to a server."},
    {"isolate", "isolate SERVER",
     "Cut a server off from all others, as a network would: silence, no refusal. Clients still "
     "reach it."},
    {"partition", "partition A,B/C,D,E",
     "Cut the network between two or more sides; every server is in one of them."},
    {"slow", "slow SERVER 200ms",
     "Make all that goes to or comes from a server late; 0ms ends it."},
    {"heal", "heal", "End every isolate, partition and slow."},
    {"logs", "logs SERVER [-f] [--lines N]", "Print a server's log."},
    {"demo", "demo [--messages 6000] [--kills 2] [--servers 5] [--keep]",
     "Chat, kill primaries in mid-conversation, and check every message."},
}};

constexpr int kMinMs = 5;  // As starlingd has them.
constexpr int kMaxMs = 60'000;
constexpr std::chrono::seconds kLongestDelay{10};
constexpr int kHeartbeatMs = 50;
constexpr int kElectionMs = 250;
constexpr const char* kTimesApart =
    "--election-ms must be at least twice --heartbeat-ms (defaults: 250 and 50)";

std::string usage_line(const std::string& command) {
  for (const auto& known : kCommands) {
    if (command == known.name) return std::string("usage: clusterctl ") + known.usage;
  }
  return "usage: clusterctl COMMAND [--name N] [-o json]; see clusterctl --help";
}

std::string overview() {
  std::string text = "clusterctl: start, inspect, break and mend Starling clusters\n\n";
  text += "usage: clusterctl COMMAND [--name N] [-o json]\n\n";
  for (const auto& command : kCommands) {
    text += std::string("  ") + command.usage + "\n      " + command.what + "\n";
  }
  text +=
      "\nServers are named n1, n2, ...; `primary` and `backup` go wherever a name goes.\n"
      "--name (the cluster; \"default\") and -o json|table go before or after a command's words.\n"
      "Durations are written 500ms, 10s, 1.5s or 2m; a number without a unit is in seconds, where\n"
      "the option's name ends in -ms in milliseconds.\n"
      "Exit codes: 0 done, 1 failed, 2 usage, 3 no quorum.\n";
  return text;
}

[[noreturn]] void fail_usage(const std::string& complaint, const std::string& command) {
  throw Failure(kUsage, complaint + "\n" + usage_line(command));
}

// What CLI11 fills in; turned into Options afterwards.
struct Raw {
  Options options;
  std::string format = "table";
  std::string timeout = "10s";
  std::string signal = "KILL";
  std::vector<std::string> sides;
  std::string delay = "0ms";
  bool primary = false;
  bool insecure = false;
  std::optional<int> heartbeat_ms;
  std::optional<int> election_ms;
  std::optional<int> dead_server_timeout_s;
  std::optional<int> log_max_kib;
  std::optional<int> log_keep_kib;
  std::string log_level;
};

void add_common(CLI::App& app, Raw& raw) {
  app.add_option("--name", raw.options.name, "The cluster (\"default\" without it)");
  app.add_option("-o,--output", raw.format, "json or table (the default)")
      ->check(CLI::IsMember({"json", "table"}));
}

void add_server_settings(CLI::App& app, Raw& raw) {
  const auto in_milliseconds = [](const std::string& text) { return in_units(text, "ms"); };
  app.add_option("--starlingd", raw.options.starlingd,
                 "The server program (default: $STARLINGD, else starlingd beside clusterctl)");
  app.add_option(
         "--heartbeat-ms", raw.heartbeat_ms,
         "Between beats of the primary, 5ms to 60s, without a unit in milliseconds (default "
         "50)")
      ->transform(in_milliseconds, "")
      ->check(CLI::Range(kMinMs, kMaxMs));
  app.add_option("--election-ms", raw.election_ms,
                 "The primary's silence before an election, at least: from twice the heartbeat to "
                 "60s, without a unit in milliseconds (default 250)")
      ->transform(in_milliseconds, "")
      ->check(CLI::Range(kMinMs, kMaxMs));
  app.add_option("--dead-server-timeout-s", raw.dead_server_timeout_s,
                 "A server that nobody reaches for so long is removed while three stay, such as "
                 "300 (seconds, the default) or 5m; 0: never")
      ->transform([](const std::string& text) { return in_units(text, "s"); }, "")
      ->check(CLI::Range(0, 14 * 24 * 3'600));
  app.add_option("--log-max-kib", raw.log_max_kib,
                 "The log of writes is compacted when it is longer (default 131072)")
      ->check(CLI::Range(1, 1 << 30));
  app.add_option("--log-keep-kib", raw.log_keep_kib,
                 "What stays of it then, at least (default: half of that)")
      ->check(CLI::Range(1, 1 << 30));
  app.add_option("--log-level", raw.log_level,
                 "Of every server: trace, debug, info (the default), warn, error or off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
  app.add_flag("--insecure", raw.insecure, "Allow addresses beyond loopback without TLS");
}

void add_words(const std::string& command, CLI::App& app, Raw& raw) {
  Options& options = raw.options;
  if (command == "up") {
    app.add_option("-n", options.count,
                   "How many servers (default: 5; of a cluster that exists, all)")
        ->check(CLI::Range(1, 25));
    app.add_option("--dir", options.dir,
                   "Where the cluster lives, remembered under its name (default: "
                   "${XDG_STATE_HOME:-~/.local/state}/starling/NAME)");
    app.add_option("--base-port", options.base_port,
                   "The first port of a new cluster; 0 picks free ones (default 5101)")
        ->check(CLI::Range(0, 65'000));
    add_server_settings(app, raw);
  } else if (command == "down") {
    app.add_flag("--purge", options.purge, "Remove the servers' data too");
  } else if (command == "status") {
    app.add_flag("--watch", options.watch, "Again every second until Ctrl-C");
  } else if (command == "wait") {
    auto* primary = app.add_flag("--primary", raw.primary, "For a primary (the default)");
    app.add_flag("--converged", options.wait_converged, "For equal state on all running servers")
        ->excludes(primary);
    app.add_option("--timeout", raw.timeout,
                   "How long, such as 10 (seconds), 10s (the default), 500ms or 2m");
  } else if (command == "join") {
    app.add_option("--address", options.address,
                   "Where it shall listen, HOST:PORT (default: the next free port of 127.0.0.1)");
  } else if (command == "recover") {
    app.add_flag("--yes", options.yes, "Do not ask (for scripts)");
  } else if (command == "demo") {
    app.add_option("--messages", options.messages, "Acknowledged, at the least (default 6000)")
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--kills", options.kills, "Primaries to kill (default 2)")
        ->check(CLI::Range(0, 12));
    app.add_option("--servers", options.servers, "How many servers (default 5)")
        ->check(CLI::Range(1, 25));
    app.add_flag("--keep", options.keep, "Leave the cluster running afterwards");
    add_server_settings(app, raw);
  } else if (command == "partition") {
    app.add_option("SIDES", raw.sides, "Servers by commas, sides by slashes: n1,n2/n3,n4,n5")
        ->required()
        ->expected(1, 1'000);
  } else if (command != "heal") {
    app.add_option("SERVER", options.server,
                   command == "restart" ? "n1, n2, ..., primary, backup, or all in turn"
                                        : "n1, n2, ..., primary or backup")
        ->required();
  }
  if (command == "slow") {
    app.add_option("DELAY", raw.delay,
                   "In each direction, such as 200ms or 0.2 (seconds); at most 10s; 0 ends it")
        ->required();
  }
  if (command == "kill")
    app.add_option("--signal", raw.signal,
                   "KILL (the default), TERM, INT, HUP, QUIT, ABRT, SEGV or BUS");
  if (command == "logs") {
    app.add_flag("-f,--follow", options.follow, "Go on until Ctrl-C");
    app.add_option("--lines", options.lines, "Only the last ones (default: all)")
        ->check(CLI::Range(1, 1'000'000));
  }
}

Options finish(Raw& raw) {
  Options options = raw.options;
  options.json = raw.format == "json";
  if (!is_cluster_name(options.name)) {
    fail_usage("\"" + options.name + "\" is no name for a cluster: 1 to 64 letters, digits, . _ -",
               options.command);
  }
  const auto timeout = parse_duration(raw.timeout);
  if (!timeout) {
    fail_usage("--timeout: \"" + raw.timeout + "\" is no duration; write 10, 10s, 500ms or 2m",
               options.command);
  }
  options.timeout = *timeout;
  const auto delay = parse_duration(raw.delay);
  if (!delay || *delay > kLongestDelay) {
    fail_usage("\"" + raw.delay + "\" is no delay up to 10s; write 200ms or 0.2 (seconds)",
               options.command);
  }
  options.delay = *delay;
  if (options.command == "partition") {
    try {
      options.sides = parse_sides(join_words(raw.sides, ""));
    } catch (const Failure& failure) {
      fail_usage(failure.what(), options.command);
    }
  }
  const auto signal = fatal_signal(raw.signal);
  if (!signal) {
    fail_usage("--signal: \"" + raw.signal +
                   "\" is none of KILL TERM INT HUP QUIT ABRT SEGV BUS (to stop a server: pause)",
               options.command);
  }
  options.signal = *signal;
  const auto address = parse_address(options.address);
  if (!options.address.empty() && !address) {
    fail_usage("--address: \"" + options.address + "\" is no HOST:PORT", options.command);
  }
  if (address && is_any_address(address->host)) {
    fail_usage("--address: others cannot reach a server at " + address->host +
                   "; name one address of this machine",
               options.command);
  }
  if (!options.starlingd.empty() && !is_executable(options.starlingd)) {
    fail_usage("--starlingd: there is no program at " + options.starlingd, options.command);
  }
  if (raw.heartbeat_ms && raw.election_ms && *raw.election_ms < 2 * *raw.heartbeat_ms) {
    fail_usage(kTimesApart, options.command);
  }
  if (options.command == "demo" && options.kills > (options.servers - 1) / 2) {
    fail_usage("--kills: " + std::to_string(options.servers) + " servers survive only " +
                   std::to_string((options.servers - 1) / 2),
               options.command);
  }
  const auto add_flag = [&](const std::string& flag, const std::string& value) {
    options.server_flags.insert(options.server_flags.end(), {flag, value});
  };
  const auto add_number = [&](const std::string& flag, const std::optional<int>& value) {
    if (value) add_flag(flag, std::to_string(*value));
  };
  add_number("--heartbeat-ms", raw.heartbeat_ms);
  add_number("--election-ms", raw.election_ms);
  add_number("--dead-server-timeout-s", raw.dead_server_timeout_s);
  add_number("--log-max-kib", raw.log_max_kib);
  add_number("--log-keep-kib", raw.log_keep_kib);
  if (!raw.log_level.empty()) add_flag("--log-level", raw.log_level);
  if (raw.insecure) options.server_flags.push_back("--insecure");
  return options;
}

// CLI11's own usage line knows less than ours.
std::string without_usage(std::string help) {
  const auto begin = help.find("Usage: ");
  if (begin == std::string::npos) return help;
  const auto end = help.find('\n', begin);
  return help.erase(begin, end == std::string::npos ? end : end - begin + 1);
}

std::string first_word(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (!word.empty() && word.front() != '-') return word;
  }
  return "";
}

}  // namespace

Options parse_command_line(int argc, const char* const* argv) {
  Raw raw;
  CLI::App app("clusterctl");
  app.set_help_flag();
  bool help = false;
  bool version = false;
  app.add_flag("-h,--help", help);
  app.add_flag("--version", version);
  app.require_subcommand(0, 1);
  add_common(app, raw);
  for (const auto& command : kCommands) {
    auto* sub = app.add_subcommand(command.name, command.what);
    sub->set_help_flag("-h,--help", "Print this");
    add_common(*sub, raw);
    add_words(command.name, *sub, raw);
  }
  std::string command;
  try {
    app.parse(argc, argv);
    if (!app.get_subcommands().empty()) command = app.get_subcommands().front()->get_name();
  } catch (const CLI::CallForHelp&) {
    auto* sub = app.get_subcommands().front();
    raw.options.command = "help";
    raw.options.text = usage_line(sub->get_name()) + "\n" + without_usage(sub->help());
    return raw.options;
  } catch (const CLI::ParseError& error) {
    if (!app.get_subcommands().empty()) command = app.get_subcommands().front()->get_name();
    const std::string word = command.empty() ? first_word(app.remaining()) : "";
    if (!word.empty()) fail_usage("unknown command \"" + word + "\"", "");
    fail_usage(error.what(), command);
  }
  if (help || version) {
    raw.options.command = help ? "help" : "version";
    raw.options.text = help ? overview() : "clusterctl 0.1.0\n";
    return raw.options;
  }
  if (command.empty()) fail_usage("which command?\n\n" + overview(), "");
  raw.options.command = command;
  return finish(raw);
}

void check_server_flags(const std::vector<std::string>& flags) {
  const auto value = [&](const char* flag, int otherwise) {
    const auto found = std::find(flags.begin(), flags.end(), flag);
    if (found == flags.end() || std::next(found) == flags.end()) return otherwise;
    return std::atoi(std::next(found)->c_str());
  };
  if (value("--election-ms", kElectionMs) >= 2 * value("--heartbeat-ms", kHeartbeatMs)) return;
  throw Failure(kUsage, std::string(kTimesApart) + "\n" + usage_line("up"));
}

}  // namespace starling::ctl
