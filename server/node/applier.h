// The apply thread: takes whatever has committed, applies it in one chat transaction, and then
// answers those who proposed it, feeds the event streams and wakes those who wait for an index.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "server/chat/store.h"
#include "server/core/core.h"
#include "server/node/options.h"
#include "server/node/sync.h"
#include "server/transport/backend.h"

namespace starling::node {

// A proposal that is in the log at (index, term), not yet answered.
struct PendingProposal {
  core::Index index = 0;
  core::Term term = 0;
  transport::ProposeCallback done;
};

// What has been applied: the three belong together.
struct AppliedState {
  core::Index index = 0;
  std::uint64_t state_hash = 0;
  chat::TimeMs time_ms = 0;
};

// Thread contract: expect(), lose() and push() by the loop; the rest by anyone.
class Applier {
 public:
  struct Hooks {
    std::function<void(const std::vector<chat::Event>&, core::Index)> publish;
    std::function<bool(core::Index from, core::Index to, std::size_t max_bytes,
                       std::vector<core::EntryPtr>& out)>
        read_log;
    std::function<void(const std::string&)> fatal;
    std::function<void(const std::string&)> damaged;  // The store is: before fatal.
    std::function<void(std::size_t)> answered;        // So many proposals have had their answer.
  };
  Applier(const NodeOptions& options, chat::Store& store, Hooks hooks);
  ~Applier();

  void start();
  // Applies what waits, answers other proposals with kPrimaryLost and waiters with kDraining, and
  // ends.
  void stop();

  // Proposals that were appended, ascending by index; before their entries can be pushed.
  void expect(std::vector<PendingProposal>& proposals);
  // Leadership is gone: those that were not pushed yet (index above `pushed`) get the error now, on
  // the caller's thread. Returns how many.
  std::size_t lose(core::Index pushed, transport::ProposeError error);
  // Committed and durable here, in order (R2.3).
  void push(std::vector<core::EntryPtr>& entries);

  void wait_applied(core::Index index, transport::Deadline deadline, transport::WaitCallback done);

  core::Index applied_index() const { return applied_index_.load(std::memory_order_acquire); }
  AppliedState state() const;

 private:
  struct Waiter {
    transport::Deadline deadline;
    transport::WaitCallback done;
  };
  using Waiters = std::multimap<core::Index, Waiter>;

  void run();
  // Waits for work: false at the end. `spilled` is set when the entries have to come from the log.
  bool take(std::vector<core::EntryPtr>& entries, core::Index& spilled);
  bool apply(const std::vector<core::EntryPtr>& entries);
  void answer(const std::vector<core::EntryPtr>& entries);
  void wake_waiters();
  void end_waiters();
  void signal_locked(bool& notify) STARLING_REQUIRES(mutex_) { notify = waiting_; }

  const NodeOptions& options_;
  chat::Store& store_;
  const Hooks hooks_;

  std::atomic<core::Index> applied_index_;
  mutable Mutex state_mutex_;
  AppliedState state_ STARLING_GUARDED_BY(state_mutex_);

  Mutex mutex_;
  Condition condition_;
  std::deque<core::EntryPtr> queue_ STARLING_GUARDED_BY(mutex_);
  std::size_t queue_bytes_ STARLING_GUARDED_BY(mutex_) = 0;
  // When the queue is full, later entries are only counted here and read from the log in their
  // turn. 0: none.
  core::Index spilled_to_ STARLING_GUARDED_BY(mutex_) = 0;
  std::deque<PendingProposal> pending_ STARLING_GUARDED_BY(mutex_);
  Waiters waiters_ STARLING_GUARDED_BY(mutex_);
  SteadyTime next_expiry_ STARLING_GUARDED_BY(mutex_) = SteadyTime::max();
  bool new_waiters_ STARLING_GUARDED_BY(mutex_) = false;
  bool waiting_ STARLING_GUARDED_BY(mutex_) = false;
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  bool ended_ STARLING_GUARDED_BY(mutex_) = false;

  // The apply thread's own.
  std::vector<chat::Committed> committed_;
  chat::ApplyResult result_;
  std::thread thread_;
};

}  // namespace starling::node
