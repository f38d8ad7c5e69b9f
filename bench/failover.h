// `starling-bench failover`: how long after a primary's death the next write is acknowledged.
#pragma once

#include <string>

namespace starling::bench {

struct FailoverOptions {
  std::string clusterctl;  // Empty: beside this program.
  std::string name;  // Of a running cluster; empty: one is started, and taken down at the end.
  int servers = 5;
  int kills = 20;
  int in_flight = 8;
  int size = 200;
  bool json = false;
};

// Prints every trial; the process's exit code. Throws BenchError.
int run_failover(const FailoverOptions& options);

}  // namespace starling::bench
