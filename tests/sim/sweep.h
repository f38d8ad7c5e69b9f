// Many seeds, several at a time, and what they add up to.
#pragma once

#include <cstdint>

namespace starling::sim {

struct SweepOptions {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  int jobs = 1;
  bool json = false;
  std::uint32_t faults = 0;
};

// The exit code: 0 when everything held and every fault that is switched on has happened.
int sweep(const SweepOptions& options);

}  // namespace starling::sim
