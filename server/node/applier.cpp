// See applier.h.
#include "server/node/applier.h"

#include <algorithm>
#include <utility>

#include "server/node/check.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr std::size_t kSpillReadBytes = 4u << 20;
constexpr std::size_t kEntryOverhead = 128;

}  // namespace

Applier::Applier(const NodeOptions& options, chat::Store& store, Hooks hooks)
    : options_(options),
      store_(store),
      hooks_(std::move(hooks)),
      applied_index_(store.applied_index()),
      state_{store.applied_index(), store.state_hash(), store.time_ms()} {}

Applier::~Applier() { stop(); }

void Applier::start() {
  thread_ = std::thread([this] { run(); });
}

void Applier::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
  // They are in the log: the next primary may commit them.
  const std::size_t left = lose(0, transport::ProposeError::kPrimaryLost);
  if (left > 0) hooks_.answered(left);
  end_waiters();
}

AppliedState Applier::state() const {
  MutexLock lock(state_mutex_);
  return state_;
}

void Applier::expect(std::vector<PendingProposal>& proposals) {
  MutexLock lock(mutex_);
  for (PendingProposal& proposal : proposals) {
    NODE_CHECK(pending_.empty() || pending_.back().index < proposal.index,
               "proposals are expected in log order");
    pending_.push_back(std::move(proposal));
  }
  proposals.clear();
}

std::size_t Applier::lose(core::Index pushed, transport::ProposeError error) {
  std::vector<PendingProposal> lost;
  {
    MutexLock lock(mutex_);
    while (!pending_.empty() && pending_.back().index > pushed) {
      lost.push_back(std::move(pending_.back()));
      pending_.pop_back();
    }
  }
  transport::ProposeResult result;
  result.error = error;
  for (auto it = lost.rbegin(); it != lost.rend(); ++it) it->done(result);
  return lost.size();
}

void Applier::push(std::vector<core::EntryPtr>& entries) {
  if (entries.empty()) return;
  bool notify = false;
  {
    MutexLock lock(mutex_);
    for (core::EntryPtr& entry : entries) {
      if (spilled_to_ != 0 || queue_bytes_ >= options_.apply_queue_bytes) {
        spilled_to_ = entry->index;
        continue;
      }
      queue_bytes_ += entry->data.size() + kEntryOverhead;
      queue_.push_back(std::move(entry));
    }
    signal_locked(notify);
  }
  entries.clear();
  if (notify) condition_.notify_one();
}

void Applier::wait_applied(core::Index index, transport::Deadline deadline,
                           transport::WaitCallback done) {
  bool notify = false;
  transport::WaitError refusal = transport::WaitError::kNone;
  {
    MutexLock lock(mutex_);
    if (ended_ || stop_) {
      refusal = transport::WaitError::kDraining;
    } else if (waiters_.size() >= options_.max_waiters) {
      refusal = transport::WaitError::kTimeout;
    } else {
      waiters_.emplace(index, Waiter{deadline, std::move(done)});
      next_expiry_ = std::min(next_expiry_, deadline);
      new_waiters_ = true;
      signal_locked(notify);
    }
  }
  if (refusal != transport::WaitError::kNone) {
    done(refusal);
  } else if (notify) {
    condition_.notify_one();
  }
}

bool Applier::take(std::vector<core::EntryPtr>& entries, core::Index& spilled) {
  entries.clear();
  spilled = 0;
  MutexLock lock(mutex_);
  while (queue_.empty() && spilled_to_ == 0 && !new_waiters_ && !stop_) {
    const auto idle = std::chrono::steady_clock::now() + kIdleWait;
    waiting_ = true;
    condition_.wait_until(mutex_, std::min(idle, next_expiry_));
    waiting_ = false;
    if (next_expiry_ <= std::chrono::steady_clock::now()) break;
  }
  new_waiters_ = false;
  while (!queue_.empty() && entries.size() < options_.apply_batch) {
    queue_bytes_ -= queue_.front()->data.size() + kEntryOverhead;
    entries.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  if (entries.empty()) {
    // Everything that was spilled has been read: the queue takes entries again.
    if (spilled_to_ != 0 && spilled_to_ <= applied_index()) spilled_to_ = 0;
    spilled = spilled_to_;
  }
  return !(entries.empty() && spilled == 0 && stop_);
}

void Applier::run() {
  std::vector<core::EntryPtr> entries;
  core::Index spilled = 0;
  while (take(entries, spilled)) {
    if (spilled != 0) {
      if (!hooks_.read_log(applied_index() + 1, spilled, kSpillReadBytes, entries) ||
          entries.empty()) {
        hooks_.fatal("committed entries could not be read back from the log");
        return;
      }
    }
    if (!entries.empty() && !apply(entries)) return;
    wake_waiters();
  }
}

bool Applier::apply(const std::vector<core::EntryPtr>& entries) {
  committed_.clear();
  for (const core::EntryPtr& entry : entries) {
    committed_.push_back(
        {entry->index, entry->stamp_ms, entry->kind == core::EntryKind::kCommand, entry->data});
  }
  NODE_CHECK(committed_.front().index == applied_index() + 1, "entries are applied without a gap");
  result_.clear();
  const sqlite::Status status = store_.apply(committed_, result_);
  if (!status.ok()) {
    // Never an outcome of a command: a server that cannot advance stops (R2.8).
    if (!status.statement().empty()) spdlog::debug("the statement: {}", status.statement());
    if (status.damage()) hooks_.damaged(status.message());
    hooks_.fatal("the chat store could not be advanced: " + status.message());
    return false;
  }
  {
    MutexLock lock(state_mutex_);
    state_ = {store_.applied_index(), store_.state_hash(), store_.time_ms()};
  }
  applied_index_.store(entries.back()->index, std::memory_order_release);
  answer(entries);
  hooks_.publish(result_.events, entries.back()->index);
  return true;
}

void Applier::answer(const std::vector<core::EntryPtr>& entries) {
  const core::Index first = entries.front()->index;
  const core::Index last = entries.back()->index;
  std::vector<PendingProposal> ready;
  {
    MutexLock lock(mutex_);
    while (!pending_.empty() && pending_.front().index <= last) {
      ready.push_back(std::move(pending_.front()));
      pending_.pop_front();
    }
  }
  std::size_t at = 0;
  for (PendingProposal& proposal : ready) {
    transport::ProposeResult result;
    result.index = proposal.index;
    while (at < result_.outcomes.size() && result_.outcomes[at].index < proposal.index) ++at;
    const bool here = proposal.index >= first &&
                      entries[proposal.index - first]->term == proposal.term &&
                      at < result_.outcomes.size() && result_.outcomes[at].index == proposal.index;
    if (here) {
      result.outcome = std::move(result_.outcomes[at].outcome);
      result.time_ms = entries[proposal.index - first]->stamp_ms;
    } else {
      // Another reign's entry took its place.
      result.error = transport::ProposeError::kPrimaryLost;
    }
    proposal.done(result);
  }
  if (!ready.empty()) hooks_.answered(ready.size());
}

void Applier::wake_waiters() {
  std::vector<std::pair<transport::WaitCallback, transport::WaitError>> ready;
  {
    MutexLock lock(mutex_);
    const core::Index applied = applied_index();
    for (auto it = waiters_.begin(); it != waiters_.end() && it->first <= applied;) {
      ready.emplace_back(std::move(it->second.done), transport::WaitError::kNone);
      it = waiters_.erase(it);
    }
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_expiry_) {
      next_expiry_ = SteadyTime::max();
      for (auto it = waiters_.begin(); it != waiters_.end();) {
        if (it->second.deadline <= now) {
          ready.emplace_back(std::move(it->second.done), transport::WaitError::kTimeout);
          it = waiters_.erase(it);
        } else {
          next_expiry_ = std::min(next_expiry_, it->second.deadline);
          ++it;
        }
      }
    }
  }
  for (auto& [done, error] : ready) done(error);
}

void Applier::end_waiters() {
  Waiters left;
  {
    MutexLock lock(mutex_);
    ended_ = true;
    left.swap(waiters_);
  }
  for (auto& [index, waiter] : left) waiter.done(transport::WaitError::kDraining);
}

}  // namespace starling::node
