// One thread that runs short pieces of work at their time: backoffs, timeouts, periodic checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>

#include "server/transport/mutex.h"

namespace starling::transport {

// Thread contract: every call is thread-safe. The work must be short and must not block.
class Scheduler {
 public:
  using Clock = std::chrono::steady_clock;

  Scheduler();
  ~Scheduler();

  // False when the scheduler has stopped. Dropped, not run, when it stops before the time.
  bool at(Clock::time_point when, std::function<void()> work);
  bool after(std::chrono::milliseconds delay, std::function<void()> work) {
    return at(Clock::now() + delay, std::move(work));
  }
  // Returns once nothing runs any more.
  void stop();

 private:
  void run();

  Mutex mutex_;
  Condition wake_;
  std::multimap<Clock::time_point, std::function<void()>> queue_ STARLING_GUARDED_BY(mutex_);
  bool stopping_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::transport
