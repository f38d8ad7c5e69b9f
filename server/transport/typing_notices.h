// The typing notices that wait for a stream's reader. Whatever is old is worth nothing: a notice
// holds for six seconds, and a new one pushes out the oldest.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "server/chat/events.h"

namespace starling::transport {

// Thread contract: one caller at a time.
class TypingNotices {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kHolds{6};
  static constexpr std::size_t kMost = 32;
  struct Notice {
    chat::ConversationId conversation = 0;
    chat::AccountId account = 0;
    friend bool operator==(const Notice&, const Notice&) = default;
  };

  // `heard`: not before that of the one added last. `sight`: the number of the last change of sight
  // that was known to whoever found out that this reader may be told; one that the reader has been
  // told of since may say otherwise.
  void add(const Notice& notice, Time heard, std::uint64_t sight) {
    if (sight < sight_) return;  // Who may be told of yet says so again.
    std::erase_if(waiting_, [&](const auto& item) { return item.first == notice; });
    if (waiting_.size() >= kMost) waiting_.pop_front();
    waiting_.emplace_back(notice, heard);
  }
  // Changes of sight up to that one have been told.
  void seen_to(std::uint64_t sight) { sight_ = std::max(sight_, sight); }
  // What was found out of them may be true no more.
  void forget() { waiting_.clear(); }
  // The reader is not in it any more.
  void left(chat::ConversationId conversation) {
    std::erase_if(waiting_,
                  [&](const auto& item) { return item.first.conversation == conversation; });
  }
  // Of those that type, ascending.
  void drop(const std::vector<chat::AccountId>& accounts) {
    std::erase_if(waiting_, [&](const auto& item) {
      return std::binary_search(accounts.begin(), accounts.end(), item.first.account);
    });
  }
  // All that still hold, oldest first; none are left.
  std::vector<Notice> take(Time now) {
    std::vector<Notice> out;
    for (const auto& [notice, heard] : std::exchange(waiting_, {})) {
      if (now - heard < kHolds) out.push_back(notice);
    }
    return out;
  }

 private:
  std::deque<std::pair<Notice, Time>> waiting_;
  std::uint64_t sight_ = 0;
};

}  // namespace starling::transport
