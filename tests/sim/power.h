// starling-sim --power-losses N: all servers at once, again and again, under load.
#pragma once

#include <cstdint>

namespace starling::sim {

// From `seed` on, some losses for each seed. The exit code: 0 when nothing was violated.
int power_losses(std::uint64_t seed, std::uint64_t count);

}  // namespace starling::sim
