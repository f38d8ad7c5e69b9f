// SIGTERM and SIGINT as an orderly request to stop; a second one ends the process at once.
#pragma once

#include <atomic>
#include <thread>

#include "server/node/sync.h"

namespace starling::node {

// Made before any other thread, so that all inherit the blocked signals.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();

  void wait();  // Until the first signal, or wake().
  void wake();  // Once for the next wait(), or the one under way. By anyone.
  const std::atomic<bool>& requested() const { return requested_; }

 private:
  void run();

  std::atomic<bool> requested_{false};
  std::atomic<bool> end_{false};
  bool woken_ STARLING_GUARDED_BY(mutex_) = false;
  Mutex mutex_;
  Condition condition_;
  std::thread thread_;
};

}  // namespace starling::node
