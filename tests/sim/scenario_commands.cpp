// What the commands of a scenario do.
#include <algorithm>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_members.h"
#include "tests/sim/scenario_runner.h"

namespace starling::sim {

namespace {
void need(const Words& words, std::size_t least) {
  if (words.size() < least) throw ScenarioError("'" + words[0] + "' needs more words");
}
}  // namespace

World& ScenarioRunner::world() {
  if (!world_) world_ = std::make_unique<World>(settings_, trace_);
  return *world_;
}

SimNode& ScenarioRunner::node(const std::string& word) {
  if (word.size() < 2 || word[0] != 'n') throw ScenarioError("'" + word + "' is no node");
  const std::uint64_t number = scenario_number(word.substr(1));
  if (number == 0 || number > static_cast<std::uint64_t>(world().node_count())) {
    throw ScenarioError("there is no " + word);
  }
  return world().node(static_cast<int>(number));
}

std::pair<int, int> ScenarioRunner::arrow(const Words& words) {
  need(words, 2);
  const std::size_t middle = words[1].find("->");
  if (middle == std::string::npos) throw ScenarioError("a direction is written n1->n2");
  return {node(words[1].substr(0, middle)).number(), node(words[1].substr(middle + 2)).number()};
}

void ScenarioRunner::nodes(const Words& words) {
  need(words, 2);
  if (world_) throw ScenarioError("'nodes' comes first");
  settings_.voters = static_cast<int>(scenario_number(words[1]));
  if (words.size() == 4 && words[2] == "spares") {
    settings_.spares = static_cast<int>(scenario_number(words[3]));
  }
}

void ScenarioRunner::seed(const Words& words) {
  need(words, 2);
  if (world_) throw ScenarioError("'seed' comes first");
  settings_.seed = scenario_number(words[1]);
}

void ScenarioRunner::option(const Words& words) {
  need(words, 3);
  if (world_) throw ScenarioError("'option' comes first");
  const std::uint64_t value = scenario_number(words[2]);
  if (words[1] == "batch") {
    settings_.core.max_batch_entries = value;
  } else if (words[1] == "window") {
    settings_.core.max_in_flight = value;
  } else if (words[1] == "cache") {
    settings_.core.cache_bytes = value;
  } else if (words[1] == "clients") {
    settings_.clients = static_cast<int>(value);
  } else if (words[1] == "forwarding") {
    settings_.forwarding = value != 0;
  } else if (words[1] == "healing") {
    settings_.dead_after_us = static_cast<core::TimeUs>(value) * 1'000'000;
  } else if (words[1] == "floor") {
    settings_.least_voters = value;
  } else {
    throw ScenarioError("unknown option " + words[1]);
  }
}

void ScenarioRunner::expect_failure(const Words& words) {
  need(words, 2);
  must_fail_ = words[1];
  for (std::size_t i = 2; i < words.size(); ++i) must_fail_ += " " + words[i];
}

void ScenarioRunner::log(const Words& words) {
  need(words, 3);
  SimNode& owner = node(words[1]);
  DiskImage image;
  image.log.append(owner.disk().cached().log.at(1));
  for (std::size_t i = 3; i < words.size(); ++i) {
    auto entry = std::make_shared<core::Entry>();
    entry->index = i - 1;
    entry->term = scenario_number(words[i]);
    // The first of a term is its no-op, as a leader would have written it.
    entry->kind = image.log.entries.back()->term == entry->term ? core::EntryKind::kCommand
                                                                : core::EntryKind::kNoop;
    entry->stamp_ms = kWallStartMs;
    if (entry->kind == core::EntryKind::kCommand) {
      entry->data = std::to_string(entry->index) + ":" + words[i];
    }
    image.log.append(std::move(entry));
  }
  image.hard_state = {image.log.entries.back()->term, core::kNoNode};
  owner.install(std::move(image));
  world().invariants.installed(owner);
}

void ScenarioRunner::term(const Words& words) {
  need(words, 3);
  SimNode& owner = node(words[1]);
  DiskImage image = owner.disk().cached();
  image.hard_state = {scenario_number(words[2]), core::kNoNode};
  owner.install(std::move(image));
}

void ScenarioRunner::start(const Words& words) {
  if (!started_ && words.size() == 1) {
    world().start_all();
  } else {
    if (!started_) world().keep_connected();
    restart(words);
  }
  started_ = true;
  world().advance(50'000);
}

void ScenarioRunner::crash(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).crash(false);
}
void ScenarioRunner::power_loss(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).crash(true);
}
void ScenarioRunner::restart(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).start();
}
void ScenarioRunner::pause(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).pause();
}
void ScenarioRunner::resume(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).resume();
}

void ScenarioRunner::advance(const Words& words) {
  need(words, 2);
  world().advance(scenario_duration_us(words[1]));
}

void ScenarioRunner::timers(const Words& words) {
  need(words, 2);
  for (int i = 1; i <= world().node_count(); ++i) world().node(i).set_timers(words[1] == "all");
  if (words[1] == "all" || words[1] == "none") return;
  for (std::size_t i = 1; i < words.size(); ++i) node(words[i]).set_timers(true);
}

void ScenarioRunner::clock(const Words& words) {
  need(words, 3);
  const std::string& by = words[2];
  if (by.size() < 3 || (by[0] != '+' && by[0] != '-') || by.back() != 'd') {
    throw ScenarioError("clock n1 +365d");
  }
  const auto days = static_cast<core::WallMs>(scenario_number(by.substr(1, by.size() - 2)));
  node(words[1]).jump_wall((by[0] == '-' ? -days : days) * 86'400'000);
}

void ScenarioRunner::clocks(const Words& words) {
  need(words, 2);
  const std::string& by = words[1];
  if (by.size() < 3 || (by[0] != '+' && by[0] != '-')) throw ScenarioError("clocks +86399s");
  const core::WallMs by_ms = scenario_duration_us(by.substr(1)) / 1'000;
  world().leap(by[0] == '-' ? -by_ms : by_ms);
}

void ScenarioRunner::elect(const Words& words) {
  need(words, 2);
  SimNode& candidate = node(words[1]);
  timers({"timers", words[1]});
  if (!world().run_until(20'000'000, [&] {
        return candidate.up() && candidate.state().role == core::Role::kLeader;
      })) {
    throw ScenarioError(words[1] + " is not elected\n" + picture());
  }
}

void ScenarioRunner::partition(const Words& words) {
  const auto bar = std::find(words.begin(), words.end(), "|");
  if (bar == words.end()) throw ScenarioError("partition n1 n2 | n3 n4 n5");
  for (auto a = words.begin() + 1; a != bar; ++a) {
    for (auto b = bar + 1; b != words.end(); ++b) {
      world().network.cut(node(*a).number(), node(*b).number());
      world().network.cut(node(*b).number(), node(*a).number());
    }
  }
}

void ScenarioRunner::cut(const Words& words) {
  const auto [from, to] = arrow(words);
  world().network.cut(from, to);
}
void ScenarioRunner::mend(const Words& words) {
  const auto [from, to] = arrow(words);
  world().network.mend(from, to);
}
void ScenarioRunner::heal(const Words&) { world().network.mend_all(); }
void ScenarioRunner::sever(const Words& words) {
  need(words, 3);
  world().network.sever(node(words[1]).number(), node(words[2]).number());
}
void ScenarioRunner::repair(const Words& words) {
  need(words, 3);
  world().network.repair(node(words[1]).number(), node(words[2]).number());
}
void ScenarioRunner::hold(const Words& words) {
  const auto [from, to] = arrow(words);
  world().network.hold(from, to);
}
void ScenarioRunner::release(const Words& words) {
  const auto [from, to] = arrow(words);
  world().network.release(from, to);
}
void ScenarioRunner::drop(const Words& words) {
  const auto [from, to] = arrow(words);
  world().network.drop_held(from, to);
}

void ScenarioRunner::disk(const Words& words) {
  need(words, 3);
  SimDisk& disk = node(words[1]).disk();
  if (words[2] == "hang") {
    disk.set_hanging(true);
  } else if (words[2] == "stall") {
    disk.set_syncs_hanging();
  } else if (words[2] == "ok") {
    disk.set_hanging(false);
  } else if (words[2] == "next") {
    disk.complete_one();
  } else if (words[2] == "no-boot-record") {
    disk.set_boot_record(false);
  } else {
    throw ScenarioError("disk n1 hang|stall|ok|next|no-boot-record");
  }
}

void ScenarioRunner::propose(const Words& words) {
  need(words, 3);
  for (std::size_t i = 2; i < words.size(); ++i) {
    node(words[1]).write(words[i], [this](const WriteReply& reply) {
      if (reply.answered) world().invariants.acknowledged(reply.index);
    });
  }
  world().advance(0);
}

}  // namespace starling::sim
