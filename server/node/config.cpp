// See config.h.
#include "server/node/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <iostream>

namespace starling::node {
namespace {

constexpr const char* kVersion = "starlingd 0.1.0";
constexpr int kMinMs = 5;
constexpr int kMaxMs = 60'000;
constexpr int kMaxReluctance = 100;
constexpr int kMaxDeadS = 14 * 24 * 3'600;
constexpr int kMaxLogKib = 1 << 30;
const std::vector<std::string> kLevels = {"trace", "debug", "info", "warn", "error", "off"};

bool host_is_sane(const std::string& host) {
  if (host.empty() || host.size() > 253) return false;
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

}  // namespace

bool parse_address(const std::string& text, HostPort& out) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  std::string host = text.substr(0, colon);
  const std::string port = text.substr(colon + 1);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return false;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return false;
  }
  if (!host_is_sane(host) || port.empty() || port.size() > 5) return false;
  int number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  if (number > 65'535) return false;
  out = {std::move(host), number};
  return true;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

bool is_any_address(const std::string& host) { return host == "0.0.0.0" || host == "::"; }

std::string join_address(const HostPort& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

CommandLine parse_command_line(int argc, const char* const* argv, Config& config) {
  CLI::App app("starlingd: one server of a Starling cluster.", "starlingd");
  app.set_version_flag("--version", kVersion);
  app.add_option("--data", config.data, "Directory of this server's data")->capture_default_str();
  app.add_option("--listen", config.listen, "host:port to serve on; port 0 picks a free one")
      ->capture_default_str();
  app.add_option("--advertise", config.advertise,
                 "host:port where others reach this server (default: as --listen)");
  app.add_option("--join", config.join, "Servers of the cluster to join, host:port,...")
      ->delimiter(',');
  app.add_option(
         "--recover", config.recover,
         "The majority is lost for good: begin this epoch, a later one than any server has known, "
         "alone; what only the lost servers hold is lost (clusterctl recover asks and does it all)")
      ->check(CLI::Range(std::uint64_t{2}, std::uint64_t{1} << 62));
  app.add_option("--min-epoch", config.min_epoch,
                 "With data of an earlier epoch, serve nobody: wait for a server of that one or "
                 "and join that")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 62));
  app.add_flag("--insecure", config.insecure, "Serve without TLS on an address beyond loopback");
  app.add_option("--heartbeat-ms", config.heartbeat_ms, "Between beats of the primary")
      ->capture_default_str();
  app.add_option("--election-ms", config.election_ms,
                 "Silence of the primary before an election, at least")
      ->capture_default_str();
  app.add_option("--reluctance", config.reluctance,
                 "Stand for election so many places later than the address has it: a hint that "
                 "other servers should be primary")
      ->capture_default_str();
  app.add_option("--dead-server-timeout-s", config.dead_server_timeout_s,
                 "A server that nobody reaches for so long is removed while three stay; 0: never")
      ->capture_default_str();
  app.add_option("--log-max-kib", config.log_max_kib,
                 "The log of writes is compacted when it is longer; who lacks more gets a snapshot")
      ->capture_default_str();
  app.add_option("--log-keep-kib", config.log_keep_kib,
                 "What stays of it then, at least (default: half of that)");
  app.add_option(
      "--fault-file", config.fault_file,
      "For tests on loopback: cuts and delays of the links to other servers, switched by "
      "this file while the server runs (clusterctl isolate, partition, slow)");
  app.add_option("--log-level", config.log_level, "trace, debug, info, warn, error or off")
      ->capture_default_str();
  app.add_option("--port-file", config.port_file, "Write the bound address to this file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    app.exit(done, std::cout, std::cerr);
    return CommandLine::kDone;
  } catch (const CLI::ParseError& error) {
    std::cerr << "starlingd: " << error.what() << "\n"
              << "usage: starlingd [--data DIR] [--listen ADDR] [--advertise ADDR] "
                 "[--join ADDR,...] [--insecure]; starlingd --help tells all\n";
    return CommandLine::kUsageError;
  }
  const std::string wrong = check_config(config);
  if (wrong.empty()) return CommandLine::kRun;
  std::cerr << "starlingd: " << wrong << "\n"
            << "usage: starlingd [--data DIR] [--listen ADDR] [--advertise ADDR] "
               "[--join ADDR,...] [--insecure]; starlingd --help tells all\n";
  return CommandLine::kUsageError;
}

std::string check_config(const Config& config) {
  if (config.data.empty()) return "--data names no directory: name one, or leave it out";
  HostPort listen;
  if (!parse_address(config.listen, listen)) {
    return "--listen '" + config.listen + "' is no address: host:port is wanted";
  }
  HostPort advertise = listen;
  if (!config.advertise.empty()) {
    if (!parse_address(config.advertise, advertise) || advertise.port == 0) {
      return "--advertise '" + config.advertise + "' is no address: host:port is wanted";
    }
  }
  if (is_any_address(advertise.host)) {
    const std::string where = "others cannot reach this server at " + advertise.host +
                              ": say with --advertise HOST:PORT where they can";
    if (config.insecure || is_loopback(listen.host)) return where;
    return where + ", and with --insecure that the network is trusted, for there is no TLS";
  }
  for (const std::string& target : config.join) {
    HostPort parsed;
    if (!parse_address(target, parsed) || parsed.port == 0) {
      return "--join '" + target + "' is no address: host:port is wanted";
    }
  }
  const std::string own = join_address(advertise);
  if (!config.join.empty() && std::all_of(config.join.begin(), config.join.end(),
                                          [&](const auto& target) { return target == own; })) {
    return "--join names this server itself (" + own +
           "): name another server of the cluster, or leave --join out to begin a new cluster";
  }
  if (config.recover != 0 && !config.join.empty()) {
    return "--recover begins a new epoch here, --join goes to others: name one of the two";
  }
  if (!is_loopback(listen.host) && !config.insecure) {
    return "refusing to listen on " + listen.host +
           " without TLS: anybody there could read and write. Listen on 127.0.0.1, or say "
           "--insecure if that network is trusted";
  }
  if (!config.fault_file.empty() && !is_loopback(listen.host)) {
    return "--fault-file is for tests on one machine: whoever writes that file can silence the "
           "server. Listen on 127.0.0.1, or leave it out";
  }
  if (config.heartbeat_ms < kMinMs || config.heartbeat_ms > kMaxMs) {
    return "--heartbeat-ms must be between 5 and 60000";
  }
  if (config.election_ms < 2 * config.heartbeat_ms || config.election_ms > kMaxMs) {
    return "--election-ms must be at least twice --heartbeat-ms, and at most 60000";
  }
  if (config.reluctance < 0 || config.reluctance > kMaxReluctance) {
    return "--reluctance must be between 0 and " + std::to_string(kMaxReluctance);
  }
  if (config.dead_server_timeout_s < 0 || config.dead_server_timeout_s > kMaxDeadS) {
    return "--dead-server-timeout-s must be between 0 (never) and " + std::to_string(kMaxDeadS);
  }
  if (config.log_keep_kib < 0 || config.log_max_kib < std::max(1, config.log_keep_kib) ||
      config.log_max_kib > kMaxLogKib) {
    return "--log-max-kib must be between 1 and " + std::to_string(kMaxLogKib) +
           ", and not less than --log-keep-kib";
  }
  if (std::find(kLevels.begin(), kLevels.end(), config.log_level) == kLevels.end()) {
    return "--log-level '" + config.log_level +
           "' is unknown: trace, debug, info, warn, error or off";
  }
  return "";
}

}  // namespace starling::node
