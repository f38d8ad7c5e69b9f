// What the tests of the shipping storage on a disk with faults share: the disk, and the ways in
// which a life on it ends.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/lib/fault_files.h"
#include "tests/lib/fault_vfs.h"

namespace starling::faults {

inline const std::string kDirectory = "/disk";

// A disk of its own, mounted where the tests look.
class Rig {
 public:
  Rig() {
    register_vfs();
    mount(kDirectory, &disk);
  }
  ~Rig() { unmount(kDirectory); }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  static std::string file(const std::string& name) { return kDirectory + "/" + name; }

  Disk disk;
};

// How a life ends at a step, and what comes after it.
struct Ending {
  const char* name;
  enum class Strike { kStop, kEio, kNoSpace, kBroken } strike;
  bool power_loss;
  std::uint64_t chance;  // Seed of what a power loss keeps of the unsynced; 0: nothing.
};

inline const std::vector<Ending>& endings() {
  using Strike = Ending::Strike;
  static const std::vector<Ending> all = {
      {"crash", Strike::kStop, false, 0},
      {"power loss", Strike::kStop, true, 0},
      {"power loss, some kept", Strike::kStop, true, 1},
      {"power loss, other kept", Strike::kStop, true, 2},
      {"power loss, yet other kept", Strike::kStop, true, 3},
      {"EIO", Strike::kEio, false, 0},
      {"EIO, then power loss", Strike::kEio, true, 4},
      {"ENOSPC", Strike::kNoSpace, false, 0},
      {"broken disk", Strike::kBroken, false, 0},
      {"broken disk, then power loss", Strike::kBroken, true, 5},
  };
  return all;
}

inline void arm(Disk& disk, const Ending& ending, std::uint64_t step) {
  switch (ending.strike) {
    case Ending::Strike::kStop:
      return disk.stop_after(step);
    case Ending::Strike::kEio:
      return disk.fail_after(step, EIO);
    case Ending::Strike::kNoSpace:
      return disk.fail_after(step, ENOSPC);
    case Ending::Strike::kBroken:
      return disk.break_after(step, EIO);
  }
}

inline void end_life(Disk& disk, const Ending& ending, std::uint64_t step) {
  if (!ending.power_loss) return disk.crash();
  if (ending.chance == 0) return disk.power_loss(nullptr);
  std::mt19937_64 random(ending.chance * 7919 + step);
  disk.power_loss([&random](std::uint64_t below) { return random() % below; });
}

// Runs `life` once undisturbed to count its steps, then once for each (`stride`th) step and each
// ending, each time on a new disk; after the ending `check` looks at what is there.
inline void at_every_step(const std::function<void(Rig&)>& life,
                          const std::function<void(Rig&, bool disturbed)>& check,
                          std::uint64_t stride = 1) {
  std::uint64_t steps = 0;
  {
    Rig rig;
    life(rig);
    steps = rig.disk.steps();
    rig.disk.crash();
    check(rig, false);
  }
  ASSERT_GT(steps, 0U);
  for (const Ending& ending : endings()) {
    for (std::uint64_t step = 0; step < steps; step += stride) {
      SCOPED_TRACE(std::string(ending.name) + " at step " + std::to_string(step) + " of " +
                   std::to_string(steps));
      Rig rig;
      arm(rig.disk, ending, step);
      life(rig);
      ASSERT_TRUE(rig.disk.struck() || ending.strike == Ending::Strike::kBroken);
      end_life(rig.disk, ending, step);
      check(rig, true);
      if (testing::Test::HasFatalFailure() || testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace starling::faults
