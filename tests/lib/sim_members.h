// Joins and leaves as server/node drives them: learner first, the committed log copied, promotion
// once caught up; each step retried at whoever leads, and idempotent.
#pragma once

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
  bool idle() const { return tasks_.empty(); }
  std::string describe() const;

 private:
  struct Task {
    int number = 0;
    bool joining = false;
  };
  void poll();
  // True once it is done.
  bool advance(const Task& task, SimNode& leader);
  bool advance_join(SimNode& joiner, SimNode& leader);
  void install(SimNode& joiner, SimNode& leader);
  bool advance_leave(SimNode& leaver, SimNode& leader);

  World& world_;
  std::vector<Task> tasks_;
  bool polling_ = false;
  std::uint64_t next_id_ = 1ULL << 40;
};

}  // namespace starling::sim
