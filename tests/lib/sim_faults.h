// What goes wrong in a run, when, and for how long: drawn from the seed.
#pragma once

#include <functional>
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
  void crash(bool power_loss);
  void restart_later(int number);
  void restart_now();
  void pause();
  void partition();
  void one_way();
  void rough_weather(Fault fault);
  void slow_disk();
  void disk_error();
  void clock_jump();
  void link_break();
  void join();
  void leave();
  void transfer();
  int victim();  // A running node, often the leader; 0: none.
  void later(core::TimeUs low_us, core::TimeUs high_us, std::function<void()> action);

  World& world_;
  std::vector<Fault> enabled_;
  std::uint64_t round_ = 0;
  int next_joiner_ = 0;
  int bad_clock_ = 0;
  bool leapt_ = false;
};

}  // namespace starling::sim
