// The command line of clusterctl, parsed and checked.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace starling::ctl {

struct Options {
  std::string command;  // "help" and "version" too; `text` is then what to print.
  std::string text;

  std::string name = "default";
  bool json = false;

  std::optional<int> count;                   // up -n
  std::string dir;                            // up --dir
  std::optional<int> base_port;               // up --base-port
  std::string starlingd;                      // up, demo
  std::vector<std::string> server_flags;      // up, demo: handed to every starlingd
  bool purge = false;                         // down
  bool watch = false;                         // status
  bool wait_converged = false;                // wait
  std::chrono::milliseconds timeout{10'000};  // wait
  std::string server;                         // kill, pause, isolate and all that take one
  // partition
  std::vector<std::vector<std::string>> sides;
  std::chrono::milliseconds delay{0};  // slow
  int signal = 9;                      // kill
  std::string address;                 // join
  bool follow = false;                 // logs
  int lines = 0;                       // logs: only the last ones; 0: all
  int messages = 6'000;                // demo
  int kills = 2;                       // demo
  int servers = 5;                     // demo
  bool keep = false;                   // demo
  bool yes = false;                    // recover
};

// Throws Failure(kUsage) with the complaint and the right usage line.
Options parse_command_line(int argc, const char* const* argv);

// Is JSON asked for? Also of a command line that is otherwise wrong.
bool wants_json(int argc, const char* const* argv);

// The servers' flags of before, with the values of `given` in place of the same flags'.
std::vector<std::string> merged_flags(std::vector<std::string> before,
                                      const std::vector<std::string>& given);
// Throws Failure(kUsage) for durations that do not go together, as starlingd would refuse them.
void check_server_flags(const std::vector<std::string>& flags);

// "500ms", "10s", "1.5s", "2m", or a bare number of `unit`s: "ms" or "s".
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text,
                                                        const std::string& unit = "s");
// The same as a bare number of `unit`s; as it stands when it is no duration, or no whole number of
// them.
std::string in_units(const std::string& text, const std::string& unit);

}  // namespace starling::ctl
