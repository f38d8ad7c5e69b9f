// The client's own thread.
#include "sdk/src/loop.h"

#include <utility>

namespace starling::sdk {

struct Loop::State {
  Mutex mutex;
  CondVar wake;
  std::vector<Task> posted STARLING_GUARDED_BY(mutex);
  bool stopping STARLING_GUARDED_BY(mutex) = false;
  bool sleeping STARLING_GUARDED_BY(mutex) = false;
  // Of the loop's thread alone.
  std::map<std::pair<TimePoint, TimerId>, Task> timers;
  std::map<TimerId, TimePoint> due;
  TimerId last_timer = 0;
};

Loop::Loop() : state_(std::make_shared<State>()) {
  thread_ = std::thread([state = state_] { run(state); });
  thread_id_ = thread_.get_id();
}

Loop::~Loop() {
  stop();
  if (thread_.joinable()) thread_.detach();  // Destroyed on its own thread: it ends by itself.
}

bool Loop::post(Task task) { return post_or_keep(task); }

bool Loop::post_or_keep(Task& task) {
  MutexLock lock(state_->mutex);
  if (state_->stopping) return false;
  state_->posted.push_back(std::move(task));
  if (state_->sleeping) {
    state_->sleeping = false;
    state_->wake.notify_one();
  }
  return true;
}

Loop::TimerId Loop::at(TimePoint when, Task task) {
  const TimerId id = ++state_->last_timer;
  state_->timers.emplace(std::make_pair(when, id), std::move(task));
  state_->due.emplace(id, when);
  return id;
}

void Loop::cancel(TimerId& timer) {
  const auto found = state_->due.find(timer);
  if (found != state_->due.end()) {
    state_->timers.erase({found->second, timer});
    state_->due.erase(found);
  }
  timer = 0;
}

void Loop::stop() {
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
    state_->wake.notify_one();
  }
  if (thread_.joinable() && std::this_thread::get_id() != thread_id_) thread_.join();
}

void Loop::run(const std::shared_ptr<State>& state) {
  std::vector<Task> batch;
  while (true) {
    bool stopping = false;
    {
      MutexLock lock(state->mutex);
      while (state->posted.empty() && !state->stopping) {
        const TimePoint next = state->timers.empty() ? SteadyClock::now() + std::chrono::hours(1)
                                                     : state->timers.begin()->first.first;
        if (next <= SteadyClock::now()) break;
        state->sleeping = true;
        state->wake.wait_until(state->mutex, next);
        state->sleeping = false;
      }
      batch.swap(state->posted);
      stopping = state->stopping;
    }
    for (Task& task : batch) {
      task();
      task = nullptr;  // What it held goes now, not with the whole batch.
    }
    batch.clear();
    if (stopping) break;
    const TimePoint now = SteadyClock::now();
    while (!state->timers.empty() && state->timers.begin()->first.first <= now) {
      auto node = state->timers.extract(state->timers.begin());
      state->due.erase(node.key().second);
      node.mapped()();
    }
  }
  state->timers.clear();
  state->due.clear();
}

}  // namespace starling::sdk
