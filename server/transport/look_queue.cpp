// Implements server/transport/look_queue.h.
#include "server/transport/look_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/transport/scheduler.h"
#include "server/transport/work_pool.h"

namespace starling::transport {

namespace {

constexpr std::chrono::milliseconds kTryAgain{100};

}  // namespace

LookQueue::LookQueue(WorkPool& pool, Scheduler& scheduler, std::size_t at_once)
    : pool_(pool), scheduler_(scheduler), at_once_(std::max<std::size_t>(1, at_once)) {}

void LookQueue::add(std::weak_ptr<Looker> looker) {
  {
    MutexLock lock(mutex_);
    waiting_.push_back(std::move(looker));
  }
  pump();
}

std::size_t LookQueue::waiting() {
  MutexLock lock(mutex_);
  return waiting_.size();
}

void LookQueue::pump() {
  for (;;) {
    std::shared_ptr<Looker> next;
    {
      MutexLock lock(mutex_);
      if (timed_ || with_pool_ >= at_once_) return;
      while (!next) {
        if (waiting_.empty()) return;
        next = waiting_.front().lock();
        waiting_.pop_front();
      }
      ++with_pool_;
    }
    const bool queued = pool_.submit([this, next] {
      next->look();
      give_back();
    });
    if (queued) continue;
    // The pool is full. Whoever was first stays first.
    MutexLock lock(mutex_);
    --with_pool_;
    waiting_.push_front(next);
    if (!timed_) pump_later();
    return;
  }
}

void LookQueue::give_back() {
  {
    MutexLock lock(mutex_);
    --with_pool_;
  }
  pump();
}

void LookQueue::pump_later() {
  timed_ = scheduler_.after(kTryAgain, [this] {
    {
      MutexLock lock(mutex_);
      timed_ = false;
    }
    pump();
  });
}

}  // namespace starling::transport
