// The one source of chance of a simulated run: everything drawn comes from here, so a seed tells
// the whole story.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace starling::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  // 0 .. bound-1; bound 0 counts as 1.
  std::uint64_t below(std::uint64_t bound);
  // low .. high, both included.
  std::int64_t range(std::int64_t low, std::int64_t high);
  bool per_mille(std::uint32_t chance);
  template <typename T>
  T one_of(std::initializer_list<T> choices) {
    return *(choices.begin() + below(choices.size()));
  }
  template <typename T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_[4];
};

// A mixing function for digests (not for secrets).
std::uint64_t mix(std::uint64_t a, std::uint64_t b);

}  // namespace starling::sim
