// Runs a seed and catches its violation.
#include "tests/sim/run_seed.h"

namespace starling::sim {

SeedResult run_seed(std::uint64_t seed, const SeedOptions& options, bool trace) {
  SeedResult result;
  result.seed = seed;
  World world(draw_settings(seed, options.faults, options.mode), trace);
  result.mode = world.settings.mode;
  try {
    world.run();
  } catch (const Violation& violation) {
    result.violation = violation.what();
    world.note("violation", {}, [&] { return result.violation; });
  }
  result.hash = world.trace.hash();
  result.stats = world.final_stats();
  return result;
}

}  // namespace starling::sim
