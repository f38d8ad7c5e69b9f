// R4.4 while nobody writes: replicated time goes on wherever there is a leader with a quorum.
#include <algorithm>
#include <limits>
#include <vector>

#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {

// What a clock may be told late by, on the way from the voter to the leader.
constexpr core::WallMs kLateMs = 2'000;
constexpr core::TimeUs kTimeGoesOnUs = 2'000'000;

// Of the present voters, ascending.
std::vector<core::WallMs> clocks(World& world, const core::Configuration& configuration) {
  std::vector<core::WallMs> found;
  for (const core::Member& member : configuration.members) {
    if (member.voter) found.push_back(world.node(world.number_of(member.id)).wall_ms());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

// Whichever clocks it has heard, their median is one of a voter's: so the least of them bounds it.
// Answers to a round that began when it was behind tell it so, and then a heartbeat is enough.
void Invariants::time_goes_on(const SimNode& node, const core::State& state) {
  const core::Options& options = world_.settings.core;
  const core::TimeUs now = node.mono_us();
  const bool leads = state.role == core::Role::kLeader && !state.transferring &&
                     state.commit_index == state.last_index;
  const auto behind = [&] {
    const auto heard = clocks(world_, node.core().configuration());
    return !heard.empty() && heard.front() - options.max_time_lag_ms - kLateMs >
                                 node.log().stamp_at(state.last_index);
  };
  if (!leads || !behind()) {
    lags_.erase(node.id());
    return;
  }
  Lag& lag = lags_[node.id()];
  if (lag.term != state.term) lag = {state.term, now, 0};
  if (lag.confirmed_us == 0 && state.quorum_contact_us > lag.since_us) lag.confirmed_us = now;
  if (lag.confirmed_us == 0) return;
  if (now - lag.confirmed_us > 2 * options.heartbeat_us + world_.settings.timer_late_us) {
    violated("R4.4 time goes on", node.name() + " lets time stand, in term " +
                                      std::to_string(state.term) + " at index " +
                                      std::to_string(state.last_index));
  }
}

// All are up and in touch, nobody writes, and all clocks go far ahead.
void World::watch_time() {
  leap(2 * settings.core.max_time_lag_ms);
  const auto gone_on = [this] {
    const int first = leader();
    if (first == 0) return false;
    const core::Configuration& members = node(first).core().configuration();
    const auto heard = clocks(*this, members);
    const core::WallMs median = heard[(heard.size() - 1) / 2];
    return std::all_of(members.members.begin(), members.members.end(), [&](const auto& member) {
      SimNode& other = node(number_of(member.id));
      if (!other.running() || !is_present(member.id)) return true;  // As in members_converged.
      return other.store().time_ms() >= median - settings.core.max_time_lag_ms;
    });
  };
  if (run_until(kTimeGoesOnUs, gone_on)) return;
  violated("R4.4 time goes on", "nobody writes, and time stands");
}

}  // namespace starling::sim
