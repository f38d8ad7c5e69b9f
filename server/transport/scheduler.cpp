// Implements server/transport/scheduler.h.
#include "server/transport/scheduler.h"

#include <utility>

namespace starling::transport {

Scheduler::Scheduler() : thread_([this] { run(); }) {}

Scheduler::~Scheduler() { stop(); }

bool Scheduler::at(Clock::time_point when, std::function<void()> work) {
  MutexLock lock(mutex_);
  if (stopping_) return false;
  const bool first = queue_.empty() || when < queue_.begin()->first;
  queue_.emplace(when, std::move(work));
  if (first) wake_.notify_one();
  return true;
}

void Scheduler::stop() {
  std::multimap<Clock::time_point, std::function<void()>> dropped;
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    dropped.swap(queue_);
    wake_.notify_one();
  }
  thread_.join();
}

void Scheduler::run() {
  for (;;) {
    std::function<void()> work;
    {
      MutexLock lock(mutex_);
      while (!stopping_) {
        if (queue_.empty()) {
          wake_.wait(mutex_);
        } else if (queue_.begin()->first > Clock::now()) {
          wake_.wait_until(mutex_, queue_.begin()->first);
        } else {
          break;
        }
      }
      if (stopping_) return;
      work = std::move(queue_.begin()->second);
      queue_.erase(queue_.begin());
    }
    work();
  }
}

}  // namespace starling::transport
