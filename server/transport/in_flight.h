// How many calls of one kind each account has under way, bounded, so that none of them takes what
// is there for all.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>

#include "server/chat/commands.h"
#include "server/transport/mutex.h"

namespace starling::transport {

// Thread contract: every call is thread-safe. Turns may outlive it.
class InFlight {
  struct State {
    Mutex mutex;
    std::unordered_map<chat::AccountId, std::size_t> counts STARLING_GUARDED_BY(mutex);
  };

 public:
  // One call's place, until it ends.
  class Turn {
   public:
    Turn(std::shared_ptr<State> state, chat::AccountId account)
        : state_(std::move(state)), account_(account) {}
    ~Turn() { end(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    // By whoever has the call: not twice at once.
    void end() {
      const std::shared_ptr<State> state = std::exchange(state_, nullptr);
      if (state == nullptr) return;
      MutexLock lock(state->mutex);
      const auto count = state->counts.find(account_);
      if (--count->second == 0) state->counts.erase(count);
    }

   private:
    std::shared_ptr<State> state_;
    const chat::AccountId account_;
  };

  explicit InFlight(std::size_t most) : most_(most), state_(std::make_shared<State>()) {}

  // nullptr when the account has as many under way as it may.
  std::shared_ptr<Turn> enter(chat::AccountId account) {
    {
      MutexLock lock(state_->mutex);
      if (!has_room(account)) return nullptr;
      ++state_->counts[account];
    }
    return std::make_shared<Turn>(state_, account);
  }

 private:
  bool has_room(chat::AccountId account) const STARLING_REQUIRES(state_->mutex) {
    const auto count = state_->counts.find(account);
    return count == state_->counts.end() || count->second < most_;
  }

  const std::size_t most_;
  const std::shared_ptr<State> state_;
};

}  // namespace starling::transport
