// The faults of a run.
#include "tests/lib/sim_faults.h"

#include <algorithm>
#include <utility>

#include "tests/lib/sim_client.h"

namespace starling::sim {

void Faults::start() {
  for (std::size_t i = 0; i < kFaults; ++i) {
    if ((world_.settings.faults >> i & 1) != 0) enabled_.push_back(static_cast<Fault>(i));
  }
  next_joiner_ = world_.settings.voters + 1;
  // Small differences between the clocks are no fault; everybody has them.
  for (int i = 1; i <= world_.node_count(); ++i) {
    world_.node(i).jump_wall(world_.random.range(-500, 500));
  }
  world_.note_good_clock(500);
  if (!enabled_.empty()) schedule();
}

void Faults::stop() { ++round_; }

void Faults::later(core::TimeUs low_us, core::TimeUs high_us, std::function<void()> action) {
  world_.scheduler.after(world_.random.range(low_us, high_us),
                         [this, round = round_, action = std::move(action)] {
                           if (round == round_) action();
                         });
}

void Faults::schedule() {
  later(1'000, 2 * world_.settings.fault_gap_us, [this] {
    strike();
    schedule();
  });
}

void Faults::strike() { strike(world_.random.one_of(enabled_)); }

int Faults::victim() {
  const int leader = world_.leader();
  if (leader != 0 && world_.random.per_mille(450)) return leader;
  std::vector<int> running;
  for (int i = 1; i <= world_.node_count(); ++i) {
    if (world_.node(i).running()) running.push_back(i);
  }
  return running.empty() ? 0 : world_.random.one_of(running);
}

void Faults::strike(Fault fault) {
  switch (fault) {
    case Fault::kCrash:
      return crash(false);
    case Fault::kPowerLoss:
      return crash(true);
    case Fault::kRestart:
      return restart_now();
    case Fault::kPause:
      return pause();
    case Fault::kPartition:
      return partition();
    case Fault::kOneWay:
      return one_way();
    case Fault::kLoss:
    case Fault::kDuplication:
    case Fault::kReordering:
    case Fault::kDelay:
    case Fault::kLateCopy:
      return rough_weather(fault);
    case Fault::kSlowDisk:
      return slow_disk();
    case Fault::kClockJump:
      return clock_jump();
    case Fault::kLinkBreak:
      return link_break();
    case Fault::kJoin:
      return join();
    case Fault::kLeave:
      return leave();
    case Fault::kTransfer:
      return transfer();
    case Fault::kDiskError:
      return disk_error();
    case Fault::kFlap:
      return flap();
    case Fault::kFlappingPartition:
      return flapping_partition();
    case Fault::kAsymmetric:
      return asymmetric();
    case Fault::kStuffed:
      return stuffed();
    case Fault::kAllClocks:
      return all_clocks();
    case Fault::kRejoin:
      return rejoin();
    case Fault::kWipe:
      return wipe();
    case Fault::kRemoveLive:
      return remove_live();
    case Fault::kCutTransfer:
      return cut_transfer();
    case Fault::kClientCrash:
      return client_crash();
  }
}

void Faults::restart_later(int number) {
  later(1'000, world_.random.per_mille(500) ? 100'000 : 2'000'000, [this, number] {
    SimNode& node = world_.node(number);
    if (node.running() || node.booting() || node.retired()) return;
    world_.count(Fault::kRestart);
    node.start();
    // kill -> restart -> power loss: what the second life read must be on disk (R2.6).
    if ((world_.settings.faults >> static_cast<int>(Fault::kPowerLoss) & 1) != 0 &&
        world_.random.per_mille(200)) {
      later(0, 20'000, [this, number] {
        world_.count(Fault::kPowerLoss);
        world_.node(number).crash(true);
        restart_later(number);
      });
    }
  });
}

void Faults::crash(bool power_loss) {
  std::vector<int> victims;
  if (world_.random.per_mille(power_loss ? 150 : 50)) {
    for (int i = 1; i <= world_.node_count(); ++i) victims.push_back(i);
  } else if (const int one = victim(); one != 0) {
    victims.push_back(one);
  }
  for (const int number : victims) {
    SimNode& node = world_.node(number);
    if (!node.running() && !(power_loss && node.installed())) continue;
    world_.count(power_loss ? Fault::kPowerLoss : Fault::kCrash);
    node.crash(power_loss);
    restart_later(number);
  }
}

void Faults::restart_now() {
  const int number = victim();
  if (number == 0) return;
  world_.count(Fault::kRestart);
  world_.node(number).crash(false);
  world_.node(number).start();
}

void Faults::pause() {
  const int number = victim();
  if (number == 0 || world_.node(number).paused()) return;
  world_.count(Fault::kPause);
  world_.note("pause", {}, [&] { return world_.node(number).name(); });
  world_.node(number).pause();
  resume_later(number, 20'000, 2'000'000);
}

void Faults::resume_later(int number, core::TimeUs low_us, core::TimeUs high_us) {
  later(low_us, high_us, [this, number] {
    world_.note("resume", {}, [&] { return world_.node(number).name(); });
    world_.node(number).resume();
  });
}

// A leader that sleeps while everything is sent to it, and wakes up among what lies in its sockets:
// writes, reads, acknowledgements of its time and news of its successors.
void Faults::stuffed() {
  const int number = world_.leader();
  if (number == 0 || world_.node(number).paused()) return;
  world_.count(Fault::kStuffed);
  world_.note("stuffed", {}, [&] { return world_.node(number).name(); });
  world_.node(number).pause();
  for (int i = 0; i < 20; ++i) {
    later(0, 1'500'000, [this, number] {
      if (!world_.node(number).running() || world_.clients().empty()) return;
      world_.random.one_of(world_.clients())->bother(world_.node(number));
    });
  }
  resume_later(number, 700'000, 4'000'000);
}

void Faults::slow_disk() {
  const int number = victim();
  if (number == 0) return;
  world_.count(Fault::kSlowDisk);
  SimDisk& disk = world_.node(number).disk();
  if (world_.random.per_mille(400)) {
    disk.set_hanging(true);
    later(100'000, 3'000'000, [this, number] { world_.node(number).disk().set_hanging(false); });
    return;
  }
  const core::TimeUs slow = world_.random.range(5'000, 300'000);
  disk.set_latency(slow / 4, slow);
  later(200'000, 2'000'000, [this, number] {
    world_.node(number).disk().set_latency(world_.settings.disk_low_us,
                                           world_.settings.disk_high_us);
  });
}

// The node has no say any more, and its process ends a little later (R2.6).
void Faults::disk_error() {
  const int number = victim();
  if (number == 0 || world_.node(number).disk().failed()) return;
  SimNode& node = world_.node(number);
  world_.count(Fault::kDiskError);
  if (node.state().role == core::Role::kLeader) ++world_.stats.leaders_lost_to_disk_errors;
  node.disk().fail();
  node.input(core::PersistFailed{});
  later(0, 50'000, [this, number] {
    world_.node(number).crash(false);
    restart_later(number);
  });
}

void Faults::clock_jump() {
  constexpr core::WallMs kHour = 3'600'000;
  const int number = victim();
  if (number == 0) return;
  world_.count(Fault::kClockJump);
  // One clock of the seed is wild; replicated time must not follow it while three or more vote.
  const bool enough = world_.settings.voters >= 3 && world_.settings.least_voters >= 3;
  if (bad_clock_ == 0 && enough) bad_clock_ = number;
  SimNode& node = world_.node(number);
  if (number == bad_clock_) {
    node.jump_wall(
        world_.random.one_of<core::WallMs>({365 * 24 * kHour, -365 * 24 * kHour, 30 * 24 * kHour}));
    return;
  }
  node.jump_wall(world_.random.range(-60'000, 60'000));
  world_.note_good_clock(node.wall_skew_ms());
}

// Everybody's, for real or because the time server was wrong. Twice the retry window in all at the
// most: the sessions of the clients go on.
void Faults::all_clocks() {
  constexpr core::WallMs kWindow = chat::kRetryWindowMs;
  const core::WallMs by = world_.random.one_of<core::WallMs>(
      {kWindow + 3'600'000, kWindow - 1'000, kWindow + 1'000, 5'000, -5'000, -3'600'000, -kWindow});
  if (leapt_ms_ + by > 4 * kWindow) return;
  leapt_ms_ += std::max<core::WallMs>(by, 0);
  world_.count(Fault::kAllClocks);
  world_.note("all clocks", {static_cast<std::uint64_t>(by)});
  world_.leap(by);
  // Late copies of what was answered before, just inside the retry window and just past it.
  later(100'000, 600'000, [this] {
    for (const auto& client : world_.clients()) {
      const int number = world_.some_up_node();
      if (number != 0) client->bother(world_.node(number));
    }
  });
}

void Faults::client_crash() {
  if (world_.clients().empty()) return;
  world_.count(Fault::kClientCrash);
  world_.random.one_of(world_.clients())->crash();
}

}  // namespace starling::sim
