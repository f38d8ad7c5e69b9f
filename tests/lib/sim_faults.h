// What goes wrong in a run, when, and for how long: drawn from the seed.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "tests/lib/sim_world.h"

namespace starling::sim {

class Faults {
 public:
  explicit Faults(World& world) : world_(world) {}

  void start();
  // No new faults; what would have ended one later is void, heal() ends them all.
  void stop();

 private:
  void schedule();
  void strike();
  void strike(Fault fault);
  // ---- Processes, disks, clocks, clients
  void crash(bool power_loss);
  void restart_later(int number);
  void restart_now();
  void pause();
  void stuffed();
  void resume_later(int number, core::TimeUs low_us, core::TimeUs high_us);
  void slow_disk();
  void disk_error();
  void clock_jump();
  void all_clocks();
  void client_crash();
  // ---- The network
  using Group = std::vector<int>;
  std::pair<Group, Group> two_groups();
  void set_cut(const Group& from, const Group& to, bool cut);
  void split(const Group& left, const Group& right, bool cut);
  void partition();
  void flapping_partition();
  void asymmetric();
  void one_way();
  void rough_weather(Fault fault);
  void link_break();
  void flap();
  // ---- Members
  void join();
  void leave();
  void transfer();
  void cut_transfer();
  void rejoin();
  void remove_live();
  void wipe();
  int settled_voter();
  int victim();  // A running node, often the leader; 0: none.
  void later(core::TimeUs low_us, core::TimeUs high_us, std::function<void()> action);

  World& world_;
  std::vector<Fault> enabled_;
  std::uint64_t round_ = 0;
  int next_joiner_ = 0;
  int bad_clock_ = 0;
  core::WallMs leapt_ms_ = 0;  // Forwards.
};

}  // namespace starling::sim
