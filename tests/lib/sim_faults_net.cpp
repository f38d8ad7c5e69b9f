// Faults of the network: partitions and other shapes, links that break, rough weather.
#include <utility>

#include "tests/lib/sim_faults.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

std::pair<Faults::Group, Faults::Group> Faults::two_groups() {
  std::pair<Group, Group> groups;
  for (int i = 1; i <= world_.node_count(); ++i) {
    (world_.random.per_mille(500) ? groups.first : groups.second).push_back(i);
  }
  return groups;
}

// What `from` says does not reach `to`; or does again.
void Faults::set_cut(const Group& from, const Group& to, bool cut) {
  for (const int a : from) {
    for (const int b : to) cut ? world_.network.cut(a, b) : world_.network.mend(a, b);
  }
}

void Faults::split(const Group& left, const Group& right, bool cut) {
  set_cut(left, right, cut);
  set_cut(right, left, cut);
}

void Faults::partition() {
  const auto [left, right] = two_groups();
  if (left.empty() || right.empty()) return;
  world_.count(Fault::kPartition);
  world_.note("partition", {}, [&, away = left] {
    std::string text = "away:";
    for (const int i : away) text += " n" + std::to_string(i);
    return text;
  });
  split(left, right, true);
  later(100'000, 2'500'000, [this, left = left, right = right] { split(left, right, false); });
}

// The same cut comes and goes, faster than an election takes or a little slower.
void Faults::flapping_partition() {
  const auto [left, right] = two_groups();
  if (left.empty() || right.empty()) return;
  world_.count(Fault::kFlappingPartition);
  const bool both_ways = world_.random.per_mille(500);
  const core::TimeUs beat = world_.random.one_of<core::TimeUs>({20'000, 100'000, 400'000});
  const int beats = static_cast<int>(world_.random.range(4, 20));
  world_.note("flapping partition", {static_cast<std::uint64_t>(beats)});
  for (int i = 0; i <= beats; ++i) {
    const bool cut = i % 2 == 0 && i < beats;
    later(i * beat, i * beat + beat / 2, [this, left = left, right = right, both_ways, cut] {
      set_cut(left, right, cut);
      if (both_ways) set_cut(right, left, cut);
    });
  }
}

// A link of the leader to one backup, or all links of one server (often the lowest address), break
// and come back every few milliseconds, for seconds.
void Faults::flap() {
  const int leader = world_.leader();
  const int number = world_.random.per_mille(400) ? 1 : victim();
  if (number == 0 || world_.node_count() < 2) return;
  std::vector<int> others;
  for (int i = 1; i <= world_.node_count(); ++i) {
    if (i != number) others.push_back(i);
  }
  const bool one_link = world_.random.per_mille(600);
  if (one_link) {
    const bool lead = leader != 0 && leader != number;
    others = {lead ? leader : world_.random.one_of(others)};
  }
  world_.count(Fault::kFlap);
  world_.note("flap", {static_cast<std::uint64_t>(number), others.size()});
  const core::TimeUs beat = world_.random.range(2'000, 60'000);
  const core::TimeUs long_us = world_.random.range(200'000, 4'000'000);
  for (core::TimeUs at = 0; at < long_us; at += 2 * beat) {
    later(at, at + beat / 2, [this, number, others] {
      for (const int other : others) world_.network.sever(number, other);
    });
    later(at + beat, at + 3 * beat / 2, [this, number, others] {
      for (const int other : others) world_.network.repair(number, other);
      world_.network.reconnect();
    });
  }
}

// Shapes that are no partition in two.
void Faults::asymmetric() {
  const int count = world_.node_count();
  if (count < 2) return;
  world_.count(Fault::kAsymmetric);
  std::vector<std::pair<Group, Group>> cuts;
  Group all;
  for (int i = 1; i <= count; ++i) all.push_back(i);
  world_.random.shuffle(all);
  const auto shape = world_.random.below(3);
  world_.note("asymmetric", {shape});
  if (shape == 0) {  // One group hears the other, which does not hear it.
    auto [left, right] = two_groups();
    cuts.emplace_back(left, right);
  } else if (shape == 1) {  // A ring: each is heard by the next one only.
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j < count; ++j) {
        if (j != i && j != (i + 1) % count) cuts.push_back({{all[i]}, {all[j]}});
      }
    }
  } else {  // A bridge: two halves that only one server joins.
    for (int i = 1; i < count; ++i) {
      for (int j = 1; j < count; ++j) {
        if ((i < count / 2) != (j < count / 2)) cuts.push_back({{all[i]}, {all[j]}});
      }
    }
  }
  for (const auto& [from, to] : cuts) set_cut(from, to, true);
  later(100'000, 2'500'000, [this, cuts] {
    for (const auto& [from, to] : cuts) set_cut(from, to, false);
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
  if (fault == Fault::kLateCopy) {
    weather.late_copies = 1 + chance / 30;
    weather.late_us = world_.random.range(1'000'000, 200'000'000);
  }
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
    if (fault == Fault::kLateCopy) now.late_copies = 0;
  });
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

}  // namespace starling::sim
