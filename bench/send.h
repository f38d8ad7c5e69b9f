// `starling-bench send`: acknowledged sends a second, and how long each took.
#pragma once

#include <string>
#include <vector>

namespace starling::bench {

struct SendOptions {
  std::vector<std::string> servers;
  int in_flight = 64;
  int size = 200;
  double seconds = 5;
  double warm_up_seconds = 0.5;
  int conversations = 1;
  int senders = 1;
  bool json = false;
};

// Prints the figures; the process's exit code. Throws BenchError.
int run_send(const SendOptions& options);

}  // namespace starling::bench
