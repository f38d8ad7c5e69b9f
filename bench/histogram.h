// Latencies in bounded memory: buckets that grow with the value, within 1.6 % of it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace starling::bench {

class Histogram {
 public:
  void add(std::uint64_t us) {
    ++buckets_[index_of(us)];
    ++count_;
    if (us > max_us_) max_us_ = us;
  }
  void merge(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    if (other.max_us_ > max_us_) max_us_ = other.max_us_;
  }
  std::uint64_t count() const { return count_; }
  double max_ms() const { return static_cast<double>(max_us_) / 1'000.0; }
  // The latency that `fraction` of all stay under.
  double quantile_ms(double fraction) const {
    const auto rank = static_cast<std::uint64_t>(fraction * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > rank) return static_cast<double>(value_of(i)) / 1'000.0;
    }
    return max_ms();
  }

 private:
  static constexpr unsigned kSubBits = 6;
  static constexpr std::uint64_t kSub = 1U << kSubBits;

  // Below kSub each value has its own bucket; above, each power of two has kSub of them.
  static std::size_t index_of(std::uint64_t us) {
    if (us < kSub) return us;
    const auto shift = static_cast<unsigned>(std::bit_width(us)) - kSubBits - 1;
    const std::size_t index = (shift + 1) * kSub + ((us >> shift) - kSub);
    return index < kBuckets ? index : kBuckets - 1;
  }
  static std::uint64_t value_of(std::size_t index) {
    if (index < kSub) return index;
    const std::size_t shift = index / kSub - 1;
    return (kSub + index % kSub) << shift;
  }

  static constexpr std::size_t kBuckets = 34 * kSub;  // Up to about two days.
  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
};

}  // namespace starling::bench
