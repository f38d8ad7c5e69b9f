// Joins and leaves as server/node drives them: learner first, the committed log copied, promotion
// once caught up; each step retried at whoever leads, and idempotent.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "server/core/types.h"

namespace starling::sim {

class SimNode;
class World;

class Membership {
 public:
  explicit Membership(World& world) : world_(world) {}

  void join(int number);
  void leave(int number);
  // From now on, for good: what every leader does about dead servers, and they when they are back.
  void keep_healing();
  bool idle() const { return tasks_.empty(); }
  std::string describe() const;

 private:
  struct Task {
    int number = 0;
    bool joining = false;
  };
  void poll();
  void heal(SimNode& leader);
  void take_back(SimNode& leader);
  void tell_unreached(SimNode& node);
  // True once it is done.
  bool advance(const Task& task, SimNode& leader);
  bool advance_join(SimNode& joiner, SimNode& leader);
  void install(SimNode& joiner, SimNode& leader);
  bool advance_leave(SimNode& leaver, SimNode& leader);

  World& world_;
  std::vector<Task> tasks_;
  std::set<int> healed_;  // Removed for being dead, and not back.
  bool polling_ = false;
  std::uint64_t next_id_ = 1ULL << 40;
};

}  // namespace starling::sim
