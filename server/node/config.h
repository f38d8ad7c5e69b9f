// The command line of starlingd and what it means.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace starling::node {

struct Config {
  std::string data = "starling-data";
  std::string listen = "127.0.0.1:5101";
  std::string advertise;  // Empty: as listen.
  std::vector<std::string> join;
  bool insecure = false;
  std::uint64_t recover = 0;    // The epoch to begin; 0: none.
  std::uint64_t min_epoch = 0;  // 0: any.
  int heartbeat_ms = 50;
  int election_ms = 250;
  int reluctance = 0;
  int dead_server_timeout_s = 300;
  int log_max_kib = 128 * 1'024;
  int log_keep_kib = 0;  // 0: half of log_max_kib.
  // Empty: no link faults.
  std::string fault_file;
  std::string log_level = "info";
  std::string port_file;  // The bound address is written there once the server answers.
};

enum class CommandLine { kRun, kDone, kUsageError };

// kDone: --help or --version was printed. kUsageError: the sentence and the usage line were printed
// on stderr; the exit code is 2.
CommandLine parse_command_line(int argc, const char* const* argv, Config& config);

// Checks what options alone can tell: addresses, durations, the rule for listeners that are not
// loopback. An empty string when all is well.
std::string check_config(const Config& config);

struct HostPort {
  std::string host;
  int port = 0;
};
// "host:port", also "[v6]:port". False when it is no address.
bool parse_address(const std::string& text, HostPort& out);
bool is_loopback(const std::string& host);
bool is_any_address(const std::string& host);
std::string join_address(const HostPort& address);

}  // namespace starling::node
