// Power losses of every server at the same instant, under load, on the shipping storage.
#pragma once

#include <cstdint>
#include <string>

#include "tests/lib/sim_world.h"

namespace starling::sim {

struct PowerLosses {
  std::uint64_t losses = 0;
  std::uint64_t with_open_writes = 0;  // Some client was waiting for an answer at that instant.
  std::uint64_t hash = 0;
  Stats stats;
  std::string violation;  // Empty: everything that was acknowledged is there, and all else held.
};

// A cluster of the seed's own making without other faults; `losses` times all its servers lose
// their power, start again and find a primary. In the end the clients compare what they were told.
PowerLosses lose_power(std::uint64_t seed, int losses);

}  // namespace starling::sim
