// `starling-bench group`: what a send to a large group costs against one to a direct conversation,
// interleaved at a fixed rate, and how fast it reaches those who listen.
#pragma once

#include <string>
#include <vector>

namespace starling::bench {

struct GroupOptions {
  std::vector<std::string> servers;
  int members = 5'000;
  int connected = 1'000;  // Of them, with an open stream of events.
  double rate = 10;       // Sends a second, to the group and to the direct conversation each.
  double seconds = 20;
  int size = 200;
  double max_ratio = 0;  // Of the median times to acknowledge; 0: none.
  bool json = false;
};

// Prints the figures; the process's exit code: 0 when every send was acknowledged and reached
// everybody who listens. Throws BenchError.
int run_group(const GroupOptions& options);

}  // namespace starling::bench
