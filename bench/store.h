// `starling-bench store`: reads from a large store: pages of history, searches, and how soon a
// server that was started again serves.
#pragma once

#include <string>
#include <vector>

namespace starling::bench {

struct StoreOptions {
  std::vector<std::string> servers;
  int messages = 1'000'000;
  int conversations = 100;  // That the messages are spread over.
  int in_flight = 1'024;
  int pages = 2'000;
  int searches = 50;    // Of each kind.
  std::string restart;  // A command that kills and starts the first of `servers`; empty: none.
  int restarts = 3;
  // 0: none.
  double max_page_ms = 0;    // Of 95 pages in a hundred.
  double max_search_ms = 0;  // Of 95 searches in a hundred.
  double max_restart_ms = 0;
  bool json = false;
};

// Fills the store, then reads, one call at a time, from the first of the servers, and prints the
// figures. Returns the process's exit code. Throws BenchError.
int run_store(const StoreOptions& options);

}  // namespace starling::bench
