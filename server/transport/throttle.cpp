// Implements server/transport/throttle.h.
#include "server/transport/throttle.h"

#include <algorithm>

namespace starling::transport {

bool Throttle::take(const std::string& key) {
  MutexLock lock(mutex_);
  const Clock::time_point now = Clock::now();
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMaxKeys) forget_full_ones(now);
    if (buckets_.size() >= kMaxKeys) return false;  // So many are being tried at once: refuse.
    found = buckets_.emplace(key, Bucket{burst_, now}).first;
  }
  Bucket& bucket = found->second;
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  bucket.level = std::min(burst_, bucket.level + seconds * per_second_);
  bucket.at = now;
  if (bucket.level < 1) return false;
  bucket.level -= 1;
  return true;
}

void Throttle::refund(const std::string& key) {
  MutexLock lock(mutex_);
  const auto found = buckets_.find(key);
  if (found != buckets_.end()) found->second.level = std::min(burst_, found->second.level + 1);
}

void Throttle::forget_full_ones(Clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& item) {
    const double seconds = std::chrono::duration<double>(now - item.second.at).count();
    return item.second.level + seconds * per_second_ >= burst_;
  });
}

}  // namespace starling::transport
