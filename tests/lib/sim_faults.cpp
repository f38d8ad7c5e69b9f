// The faults of a run.
#include "tests/lib/sim_faults.h"

#include <algorithm>
#include <utility>

#include "tests/lib/sim_members.h"

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
  later(20'000, 2'000'000, [this, number] {
    world_.note("resume", {}, [&] { return world_.node(number).name(); });
    world_.node(number).resume();
  });
}

void Faults::partition() {
  std::vector<int> left;
  std::vector<int> right;
  for (int i = 1; i <= world_.node_count(); ++i) {
    (world_.random.per_mille(500) ? left : right).push_back(i);
  }
  if (left.empty() || right.empty()) return;
  world_.count(Fault::kPartition);
  world_.note("partition", {}, [&] {
    std::string text = "away:";
    for (const int i : left) text += " n" + std::to_string(i);
    return text;
  });
  for (const int a : left) {
    for (const int b : right) {
      world_.network.cut(a, b);
      world_.network.cut(b, a);
    }
  }
  later(100'000, 2'500'000, [this, left, right] {
    for (const int a : left) {
      for (const int b : right) {
        world_.network.mend(a, b);
        world_.network.mend(b, a);
      }
    }
  });
}

void Faults::one_way() {
  const int node = victim();
  if (node == 0) return;
  const bool outgoing = world_.random.per_mille(500);
  std::vector<int> peers;
  for (int i = 1; i <= world_.node_count(); ++i) {
    if (i != node && world_.random.per_mille(600)) peers.push_back(i);
  }
  if (peers.empty()) return;
  world_.count(Fault::kOneWay);
  world_.note("one-way", {static_cast<std::uint64_t>(node), outgoing});
  for (const int peer : peers) {
    outgoing ? world_.network.cut(node, peer) : world_.network.cut(peer, node);
  }
  later(100'000, 2'000'000, [this, node, outgoing, peers] {
    for (const int peer : peers) {
      outgoing ? world_.network.mend(node, peer) : world_.network.mend(peer, node);
    }
  });
}

void Faults::rough_weather(Fault fault) {
  Weather& weather = world_.network.weather();
  const auto chance = static_cast<std::uint32_t>(world_.random.range(10, 300));
  if (fault == Fault::kLoss) weather.loss = chance;
  if (fault == Fault::kDuplication) weather.duplication = chance;
  if (fault == Fault::kReordering) weather.reordering = chance;
  if (fault == Fault::kDelay) {
    weather.delay = chance;
    weather.delay_us = world_.random.range(1'000, 400'000);
  }
  later(200'000, 2'000'000, [this, fault] {
    Weather& now = world_.network.weather();
    if (fault == Fault::kLoss) now.loss = 0;
    if (fault == Fault::kDuplication) now.duplication = 0;
    if (fault == Fault::kReordering) now.reordering = 0;
    if (fault == Fault::kDelay) now.delay = 0;
  });
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
  if (!leapt_ && world_.random.per_mille(150)) {
    // More than the retry window passes for everybody.
    leapt_ = true;
    world_.leap_ms += 25 * kHour;
    return;
  }
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

void Faults::link_break() {
  const int a = victim();
  if (a == 0 || world_.node_count() < 2) return;
  const int b = 1 + (a + static_cast<int>(world_.random.below(world_.node_count() - 1))) %
                        world_.node_count();
  if (a == b) return;
  world_.count(Fault::kLinkBreak);
  world_.network.sever(a, b);
  later(1'000, 500'000, [this, a, b] { world_.network.repair(a, b); });
}

void Faults::join() {
  if (next_joiner_ > world_.node_count()) return;
  world_.membership().join(next_joiner_++);
}

void Faults::leave() {
  const int leader = world_.leader();
  if (leader == 0 || !world_.membership().idle()) return;
  const core::Configuration& configuration = world_.node(leader).core().configuration();
  if (configuration.voter_count() <= world_.settings.least_voters) return;
  const int number = victim();
  if (number == 0 || configuration.find(world_.node(number).id()) == nullptr) return;
  world_.membership().leave(number);
}

void Faults::transfer() {
  const int leader = world_.leader();
  if (leader == 0) return;
  world_.count(Fault::kTransfer);
  const int target = world_.random.per_mille(500) ? victim() : 0;
  world_.node(leader).input(core::Transfer{target == 0 ? core::kNoNode : world_.node(target).id()});
}

}  // namespace starling::sim
