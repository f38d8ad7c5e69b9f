// Joins and leaves as server/node drives them: learner first, the committed log copied, promotion
// once caught up; each step retried at whoever leads, and idempotent. Two operators work at the
// same time without knowing of each other; each takes one change after the other.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <set>
#include <string>

#include "server/core/core.h"

namespace starling::sim {

class SimNode;
class World;

class Membership {
 public:
  explicit Membership(World& world) : world_(world) {}

  void join(int number);
  void leave(int number);
  // The same server leaves and comes back so many times, with its data or without.
  void cycle(int number, int times);
  // The empty directory at `number`'s address joins; then its `former` id leaves (R3.4).
  void replace(int number, core::NodeId former);
  // The joiner's disk gets the committed log, or a snapshot and what follows.
  void install(SimNode& joiner, SimNode& leader);
  // The second operator removes a server, whatever the first one is doing.
  void remove(int number);
  // From now on, for good: what every leader does about dead servers, and they when they are back.
  void keep_healing();
  bool idle() const { return operators_[0].tasks.empty() && operators_[1].tasks.empty(); }
  // Whether some change of this server has been asked for and is not done.
  bool concerns(int number) const;
  std::string describe() const;

 private:
  enum class Op : std::uint8_t { kJoin, kLeave, kLeaveFormer };
  struct Task {
    int number = 0;
    Op op = Op::kJoin;
    core::NodeId former = core::kNoNode;
    bool promoting = false;
    bool returning = false;  // It was removed as dead.
  };
  struct Operator {
    std::deque<Task> tasks;
    bool polling = false;
  };
  void add(Operator& who, const Task& task);
  void poll(Operator& who);
  void heal(SimNode& leader);
  void take_back(SimNode& leader);
  void tell_unreached(SimNode& node);
  void change(SimNode& leader, core::MembershipOp op, core::NodeId id, const std::string& address);
  // True once it is done.
  bool advance(Task& task, SimNode& leader);
  bool advance_join(Task& task, SimNode& joiner, SimNode& leader);
  bool advance_leave(SimNode& leaver, SimNode& leader);
  bool advance_former(core::NodeId former, SimNode& leader);
  bool is_removed(core::NodeId id, SimNode& leader) const;
  bool may_shrink(SimNode& leader) const;

  World& world_;
  std::array<Operator, 2> operators_;
  std::set<int> healed_;  // Removed for being dead, and not back.
  std::uint64_t next_id_ = 1ULL << 40;
};

}  // namespace starling::sim
