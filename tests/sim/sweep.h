// Many seeds, several at a time, and what they add up to.
#pragma once

#include <cstdint>

#include "tests/sim/run_seed.h"

namespace starling::sim {

struct SweepOptions {
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  int jobs = 1;
  bool json = false;
  SeedOptions seeds;
  unsigned seed_limit_s = 120;  // A seed that takes longer is a finding. 0: no limit.
  unsigned sweep_limit_s = 0;   // Seeds that are left by then are one, too. 0: no limit.
};

// The exit code: 0 when everything held and every fault that is switched on has happened.
int sweep(const SweepOptions& options);

}  // namespace starling::sim
