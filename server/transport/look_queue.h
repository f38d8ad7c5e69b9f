// Looks at the store that nobody waits for at a call: a few at once, one of each account, account
// by account. A read, a log-in or a session check finds no more of them before it on the pool than
// those few, and whoever asks for many of them makes nobody else wait for more than one.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <unordered_map>

#include "server/chat/events.h"
#include "server/transport/mutex.h"

namespace starling::transport {

class Scheduler;
class WorkPool;

class Looker {
 public:
  virtual ~Looker() = default;
  virtual void look() = 0;  // On the pool.
};

// Thread contract: every call is thread-safe and returns at once. Must outlive what the pool and
// the scheduler still run.
class LookQueue {
 public:
  // `at_once`: so many are with the pool, running or waiting for a thread.
  LookQueue(WorkPool& pool, Scheduler& scheduler, std::size_t at_once);

  // Its turn comes once for each call. One that is gone by then is passed over.
  void add(chat::AccountId account, std::weak_ptr<Looker> looker);
  std::size_t waiting();  // For a place among those few.

 private:
  // What one account waits for. It is in turns_ once, unless one of its looks is with the pool.
  using Lookers = std::deque<std::weak_ptr<Looker>>;

  void pump();
  void give_back(chat::AccountId account);
  std::shared_ptr<Looker> next(chat::AccountId& account) STARLING_REQUIRES(mutex_);
  void pump_later() STARLING_REQUIRES(mutex_);

  WorkPool& pool_;
  Scheduler& scheduler_;
  const std::size_t at_once_;
  Mutex mutex_;
  std::unordered_map<chat::AccountId, Lookers> waiting_ STARLING_GUARDED_BY(mutex_);
  std::deque<chat::AccountId> turns_ STARLING_GUARDED_BY(mutex_);
  std::size_t with_pool_ STARLING_GUARDED_BY(mutex_) = 0;
  bool timed_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::transport
