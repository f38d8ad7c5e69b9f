// The client's own thread: everything that decides (which server, when to retry, what order) runs
// on it, one closure at a time, so that this state needs no locks. gRPC's threads only hand over
// what arrived.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "sdk/src/thread_annotations.h"

namespace starling::sdk {

using SteadyClock = std::chrono::steady_clock;
using TimePoint = SteadyClock::time_point;
using std::chrono::milliseconds;

class Loop {
 public:
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;  // 0: none.

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // From any thread. False once the loop has stopped: the task will not run. Callers bound what
  // they post: each has one answer, or one batch, on its way at a time.
  bool post(Task task);
  // As post, but a task that is refused is left with the caller.
  bool post_or_keep(Task& task);
  // On the loop's thread only. A timer runs once.
  TimerId at(TimePoint when, Task task);
  TimerId after(milliseconds delay, Task task) {
    return at(SteadyClock::now() + delay, std::move(task));
  }
  void cancel(TimerId& timer);
  bool on_loop_thread() const { return std::this_thread::get_id() == thread_id_; }

  // Runs what was posted before, then ends the thread; drops the timers. From any thread but the
  // loop's own, where it only asks for the end.
  void stop();

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state);

  // Shared with the thread, which may outlive the Loop when that is destroyed on it.
  std::shared_ptr<State> state_;
  std::thread thread_;
  std::thread::id thread_id_;
};

}  // namespace starling::sdk
