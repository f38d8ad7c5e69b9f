// The typing notices that wait for a slow callback. An old one is worth nothing: it holds for six
// seconds, and a new one pushes out the oldest.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

#include "sdk/src/loop.h"
#include "starling/presence.h"

namespace starling::sdk {

// Thread contract: one caller at a time.
class TypingQueue {
 public:
  static constexpr milliseconds kHolds{6'000};
  static constexpr std::size_t kMost = 64;

  // `now`: not before that of the call before.
  void add(const Typing& typing, TimePoint now) {
    if (waiting_.size() >= kMost) waiting_.pop_front();
    waiting_.emplace_back(typing, now);
  }
  // The oldest that still holds.
  std::optional<Typing> take(TimePoint now) {
    while (!waiting_.empty() && now - waiting_.front().second >= kHolds) waiting_.pop_front();
    if (waiting_.empty()) return std::nullopt;
    const Typing typing = waiting_.front().first;
    waiting_.pop_front();
    return typing;
  }
  // None of that account in that conversation is worth telling any more.
  void drop(const Typing& typing) {
    std::erase_if(waiting_, [&typing](const auto& one) {
      return one.first.conversation_id == typing.conversation_id &&
             one.first.account_id == typing.account_id;
    });
  }
  bool empty() const { return waiting_.empty(); }
  void clear() { waiting_.clear(); }

 private:
  std::deque<std::pair<Typing, TimePoint>> waiting_;
};

}  // namespace starling::sdk
