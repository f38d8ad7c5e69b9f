// A small deterministic generator (SplitMix64) for jitter: the core has no source of chance of its
// own, so equal seeds give equal runs.
#pragma once

#include <cstdint>

#include "server/core/types.h"

namespace starling::core {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // Uniform in [low, high); `low` when the range is empty.
  TimeUs between(TimeUs low, TimeUs high) {
    if (high <= low) return low;
    return low + static_cast<TimeUs>(next() % static_cast<std::uint64_t>(high - low));
  }

 private:
  std::uint64_t state_;
};

}  // namespace starling::core
