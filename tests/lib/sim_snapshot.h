// Snapshots on their way from one simulated server to another: in chunks, by way of a link that may
// break, continued where it broke while the sender still has the same one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/lib/sim_log.h"

namespace starling::sim {

class SimNode;
class World;

// The state machine as of base.base_index, and the log that begins there.
struct SimSnapshot {
  SimLog base;  // Without entries.
  std::string image;
};

class Snapshots {
 public:
  explicit Snapshots(World& world) : world_(world) {}

  // `to` fetches from `from` what reaches `index`; nothing when it is fetching already.
  void fetch(SimNode& to, core::NodeId from, core::Index index);

 private:
  struct Fetch {
    int from = 0;
    core::Index index = 0;
    std::uint64_t to_life = 0;
    std::shared_ptr<const SimSnapshot> source;
    std::string got;
    bool broken = false;  // Since the last chunk.
    int tries = 0;
  };
  void schedule(int to);
  void advance(int to);
  bool linked(SimNode& from, SimNode& to);

  World& world_;
  std::map<int, Fetch> fetches_;  // By receiver.
};

}  // namespace starling::sim
