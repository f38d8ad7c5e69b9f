// starling-bench: how fast a cluster takes sends, how fast it fails over, what a large group costs,
// and how fast a large store is read.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/failover.h"
#include "bench/group.h"
#include "bench/load.h"
#include "bench/platform.h"
#include "bench/send.h"
#include "bench/stop.h"
#include "bench/store.h"

namespace {

using namespace starling::bench;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

const char* usage_of(const std::string& command) {
  if (command == "send") {
    return "usage: starling-bench send --servers HOST:PORT[,...] [--in-flight 64] [--size 200] "
           "[--seconds 5]; starling-bench send --help tells all";
  }
  if (command == "failover") {
    return "usage: starling-bench failover [--kills 20] [--name N | -n 5]; starling-bench failover "
           "--help tells all";
  }
  if (command == "group") {
    return "usage: starling-bench group --servers HOST:PORT[,...] [--members 5000] [--connected "
           "1000] [--rate 10] [--seconds 20]; starling-bench group --help tells all";
  }
  if (command == "store") {
    return "usage: starling-bench store --servers HOST:PORT[,...] [--messages 1000000] "
           "[--restart COMMAND]; starling-bench store --help tells all";
  }
  return "usage: starling-bench send|failover|group|store [OPTIONS] [-o json]; see starling-bench "
         "--help";
}

// Of a command line that is otherwise wrong, too.
bool wants_json(const std::vector<std::string>& words) {
  bool json = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const std::string next = i + 1 < words.size() ? words[i + 1] : "";
    if (word == "-o" || word == "--output") json = next == "json";
    if (word == "-ojson" || word == "-o=json" || word == "--output=json") json = true;
  }
  return json;
}

int report(int exit_code, const std::string& message, bool json) {
  std::fprintf(stderr, "starling-bench: %s\n", message.c_str());
  if (json) {
    const nlohmann::ordered_json object = {{"ok", false}, {"error", message}, {"exit", exit_code}};
    const auto replace = nlohmann::json::error_handler_t::replace;
    std::printf("%s\n", object.dump(-1, ' ', false, replace).c_str());
  }
  return exit_code;
}

bool is_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::string host = text.substr(0, colon);
  const std::string port = text.substr(colon + 1);
  const bool v6 = host.front() == '[' && host.back() == ']';
  if (!v6 && host.find(':') != std::string::npos) return false;
  if (port.empty() || port.size() > 5) return false;
  if (port.find_first_not_of("0123456789") != std::string::npos) return false;
  const int number = std::atoi(port.c_str());
  return number > 0 && number <= 65'535;
}

// What the command line asks for.
struct Asked {
  std::string command;
  std::string format = "table";
  SendOptions send;
  FailoverOptions failover;
  GroupOptions group;
  StoreOptions store;
};

void add_format(CLI::App& command, Asked& asked) {
  command.add_option("-o,--output", asked.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

void add_send(CLI::App& command, SendOptions& send) {
  command.add_option("--servers", send.servers, "Addresses, HOST:PORT[,HOST:PORT]")
      ->required()
      ->delimiter(',');
  command.add_option("--in-flight", send.in_flight, "Unanswered sends kept up")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--size", send.size, "Bytes of each body")
      ->check(CLI::Range(1, 16'384))
      ->capture_default_str();
  command.add_option("--seconds", send.seconds, "How long to measure")
      ->check(CLI::Range(0.1, 86'400.0))
      ->capture_default_str();
  command.add_option("--warm-up", send.warm_up_seconds, "Seconds before measuring")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
  command.add_option("--conversations", send.conversations, "Conversations sent to in turn")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command.add_option("--senders", send.senders, "Clients that share the load")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
}

void add_failover(CLI::App& command, FailoverOptions& failover) {
  command.add_option("--kills", failover.kills, "How many primaries to kill")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--name", failover.name,
                     "A cluster that clusterctl started; else one is started for this");
  command.add_option("-n,--servers", failover.servers, "Servers of a cluster started here")
      ->check(CLI::Range(3, 9))
      ->capture_default_str();
  command.add_option("--clusterctl", failover.clusterctl,
                     "Path of the clusterctl program (default: beside this one)");
  command.add_option("--in-flight", failover.in_flight, "Load: unanswered sends kept up")
      ->check(CLI::Range(1, 4'000))
      ->capture_default_str();
  command.add_option("--size", failover.size, "Load: bytes of each body")
      ->check(CLI::Range(1, 16'384))
      ->capture_default_str();
}

CLI::Option* add_limit(CLI::App& command, const std::string& name, double& most,
                       const std::string& what) {
  return command.add_option(name, most, "Exit with 1 when " + what)->check(CLI::Range(0.001, 1e9));
}

void add_group(CLI::App& command, GroupOptions& group) {
  command.add_option("--servers", group.servers, "Addresses, HOST:PORT[,HOST:PORT]")
      ->required()
      ->delimiter(',');
  command.add_option("--members", group.members, "Members of the group; each account is made")
      ->check(CLI::Range(2, 10'000))
      ->capture_default_str();
  command.add_option("--connected", group.connected, "Of them, with an open stream of events")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command.add_option("--rate", group.rate, "Sends a second, to the group and directly each")
      ->check(CLI::Range(0.1, 10'000.0))
      ->capture_default_str();
  command.add_option("--seconds", group.seconds, "How long to measure")
      ->check(CLI::Range(1.0, 3'600.0))
      ->capture_default_str();
  command.add_option("--size", group.size, "Bytes of each body")
      ->check(CLI::Range(8, 16'384))
      ->capture_default_str();
  add_limit(command, "--max-ratio", group.max_ratio,
            "the group's median time to acknowledge is more than so many times the direct one");
}

void add_store(CLI::App& command, StoreOptions& store) {
  command.add_option("--servers", store.servers, "Addresses; the first one is read from")
      ->required()
      ->delimiter(',');
  command.add_option("--messages", store.messages, "Messages to fill the store with")
      ->check(CLI::Range(1'000, 100'000'000))
      ->capture_default_str();
  command.add_option("--conversations", store.conversations, "Conversations to spread them over")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command.add_option("--in-flight", store.in_flight, "Unanswered sends while filling")
      ->check(CLI::Range(1, 16'000))
      ->capture_default_str();
  command.add_option("--pages", store.pages, "Pages of history to read")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--searches", store.searches, "Searches of each kind")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command.add_option("--restart", store.restart,
                     "A command that kills and starts the first server, to be timed");
  CLI::Option* restart = command.get_option("--restart");
  command.add_option("--restarts", store.restarts, "How often")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  add_limit(command, "--max-page-ms", store.max_page_ms, "a page takes longer (p95)");
  add_limit(command, "--max-search-ms", store.max_search_ms, "a search takes longer (p95)");
  add_limit(command, "--max-restart-ms", store.max_restart_ms, "a restart takes longer")
      ->needs(restart);
}

[[noreturn]] void complain(const std::string& complaint, const std::string& command) {
  throw BenchError{complaint + "\n" + usage_of(command), true};
}

std::string first_word(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (!word.empty() && word.front() != '-') return word;
  }
  return "";
}

// False: --help was asked for and given. Throws BenchError.
bool parse(int argc, const char* const* argv, Asked& asked) {
  CLI::App app("Measures a Starling cluster through the client SDK.", "starling-bench");
  app.require_subcommand(0, 1);
  add_format(app, asked);
  CLI::App* send = app.add_subcommand("send", "Acknowledged sends a second, and latencies");
  add_format(*send, asked);
  add_send(*send, asked.send);
  CLI::App* failover =
      app.add_subcommand("failover", "From the death of a primary to the next acknowledged write");
  add_format(*failover, asked);
  add_failover(*failover, asked.failover);
  CLI::App* group = app.add_subcommand("group", "A large group beside a direct conversation");
  add_format(*group, asked);
  add_group(*group, asked.group);
  CLI::App* store = app.add_subcommand("store", "Pages, searches and restarts with a large store");
  add_format(*store, asked);
  add_store(*store, asked.store);
  const auto chosen = [&] {
    return app.get_subcommands().empty() ? "" : app.get_subcommands().front()->get_name();
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    app.exit(done, std::cout, std::cerr);
    return false;
  } catch (const CLI::ParseError& error) {
    const std::string word = chosen().empty() ? first_word(app.remaining()) : "";
    if (!word.empty()) complain("unknown command \"" + word + "\"", "");
    complain(error.what(), chosen());
  }
  asked.command = chosen();
  if (asked.command.empty()) complain("which command: send, failover, group or store?", "");
  const std::vector<std::string>& servers = asked.command == "group"   ? asked.group.servers
                                            : asked.command == "store" ? asked.store.servers
                                                                       : asked.send.servers;
  for (const std::string& address : servers) {
    if (!is_address(address)) {
      complain("--servers: \"" + address + "\" is no HOST:PORT", asked.command);
    }
  }
  asked.send.json = asked.failover.json = asked.format == "json";
  asked.group.json = asked.store.json = asked.send.json;
  asked.send.senders = std::min(asked.send.senders, asked.send.in_flight);
  return true;
}

int run_bench(int argc, const char* const* argv) {
  const bool json = wants_json({argv + 1, argv + argc});
  try {
    Asked asked;
    if (!parse(argc, argv, asked)) return 0;
    if (asked.command == "group") return run_group(asked.group);
    if (asked.command == "store") return run_store(asked.store);
    return asked.command == "send" ? run_send(asked.send) : run_failover(asked.failover);
  } catch (const BenchError& error) {
    return report(error.usage ? kExitUsage : kExitFailed, error.message, json);
  }
}

// Figures that nobody could keep are a failure, unless their reader has seen enough and gone.
int finish(int exit_code) {
  std::cout.flush();
  errno = 0;
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  const std::string why = errno != 0 ? std::string(": ") + std::strerror(errno) : "";
  if ((written && std::cout) || stdout_reader_gone()) return exit_code;
  std::fprintf(stderr, "starling-bench: the output could not be written%s\n", why.c_str());
  return exit_code == 0 ? kExitFailed : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  catch_stop_signals();
  return finish(run_bench(argc, argv));
}
