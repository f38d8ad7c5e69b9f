// Token buckets by key, bounded in number: how often a log-in may be tried for an account or by a
// peer.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>

#include "server/transport/mutex.h"

namespace starling::transport {

// Thread contract: every call is thread-safe.
class Throttle {
 public:
  Throttle(int burst, double per_second) : burst_(burst), per_second_(per_second) {}

  // Takes one; false when there is none left.
  bool take(const std::string& key);
  // Gives one back: the attempt was a good one.
  void refund(const std::string& key);

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMaxKeys = 16'384;
  struct Bucket {
    double level = 0;
    Clock::time_point at;
  };

  void forget_full_ones(Clock::time_point now) STARLING_REQUIRES(mutex_);

  const double burst_;
  const double per_second_;
  Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ STARLING_GUARDED_BY(mutex_);
};

}  // namespace starling::transport
