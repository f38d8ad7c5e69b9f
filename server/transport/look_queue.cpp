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

void LookQueue::add(chat::AccountId account, std::weak_ptr<Looker> looker) {
  {
    MutexLock lock(mutex_);
    const auto [own, first] = waiting_.try_emplace(account);
    own->second.push_back(std::move(looker));
    if (first) turns_.push_back(account);
  }
  pump();
}

std::size_t LookQueue::waiting() {
  MutexLock lock(mutex_);
  std::size_t count = 0;
  for (const auto& [account, lookers] : waiting_) count += lookers.size();
  return count;
}

// Null when nobody has a turn.
std::shared_ptr<Looker> LookQueue::next(chat::AccountId& account) {
  while (!turns_.empty()) {
    account = turns_.front();
    turns_.pop_front();
    const auto own = waiting_.find(account);
    while (!own->second.empty()) {
      std::shared_ptr<Looker> looker = own->second.front().lock();
      own->second.pop_front();
      if (looker) return looker;
    }
    waiting_.erase(own);
  }
  return nullptr;
}

void LookQueue::pump() {
  for (;;) {
    std::shared_ptr<Looker> looker;
    chat::AccountId account = 0;
    {
      MutexLock lock(mutex_);
      if (timed_ || with_pool_ >= at_once_) return;
      looker = next(account);
      if (!looker) return;
      ++with_pool_;
    }
    const bool queued = pool_.submit([this, looker, account] {
      looker->look();
      give_back(account);
    });
    if (queued) continue;
    // The pool is full. Whoever was first stays first.
    MutexLock lock(mutex_);
    --with_pool_;
    waiting_[account].push_front(looker);
    turns_.push_front(account);
    if (!timed_) pump_later();
    return;
  }
}

void LookQueue::give_back(chat::AccountId account) {
  {
    MutexLock lock(mutex_);
    --with_pool_;
    const auto own = waiting_.find(account);
    if (own->second.empty()) {
      waiting_.erase(own);
    } else {
      turns_.push_back(account);
    }
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
