// One seed from the outside: run it, say what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/lib/sim_world.h"

namespace starling::sim {

// What is asked of every seed.
struct SeedOptions {
  FaultMask faults = kAllFaults;
  std::optional<Mode> mode;  // None: each seed draws its own.
};

struct SeedResult {
  std::uint64_t seed = 0;
  Mode mode = Mode::kLiveness;
  std::uint64_t hash = 0;
  Stats stats;
  std::string violation;  // Empty: everything held.
};

SeedResult run_seed(std::uint64_t seed, const SeedOptions& options, bool trace);

}  // namespace starling::sim
