// One seed from the outside: run it, say what came of it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/lib/sim_world.h"

namespace starling::sim {

struct SeedResult {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;
  Stats stats;
  std::string violation;  // Empty: everything held.
};

SeedResult run_seed(std::uint64_t seed, std::uint32_t faults, bool trace);

}  // namespace starling::sim
