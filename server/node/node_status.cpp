// What a node tells of itself.
#include <algorithm>

#include "server/node/clock.h"
#include "server/node/node_impl.h"

namespace starling::node {

using transport::NodeStatus;
using transport::ServerRole;

NodeStatus Node::Impl::status() const {
  const Published published = loop.published();
  const core::State& state = published.state;
  const core::Configuration& members = *published.configuration;
  const AppliedState applied = applier.state();
  const auto now = std::chrono::steady_clock::now();

  NodeStatus result;
  result.cluster = opened.identity.cluster;
  result.epoch = opened.identity.epoch;
  result.id = opened.identity.id;
  result.address = options.address;
  result.term = state.term;
  result.primary = known_primary(state, result.id);
  if (const core::Member* primary = members.find(result.primary)) {
    result.primary_address = primary->address;
  }
  const core::Member* self = members.find(result.id);
  const bool leads = state.role == core::Role::kLeader;
  if (leads) {
    result.role = ServerRole::kPrimary;
  } else if (self != nullptr && result.primary != core::kNoNode) {
    result.role = self->voter ? ServerRole::kBackup : ServerRole::kLearner;
  }
  result.base_index = state.base_index;
  result.last_index = state.last_index;
  result.last_term = state.last_term;
  result.commit_index = std::max(state.commit_index, applied.index);
  result.applied_index = applied.index;
  result.state_hash = applied.state_hash;
  result.time_ms = applied.time_ms;
  result.data_bytes = checkpointer.data_bytes();
  result.uptime_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now - started).count());
  // The age grows by itself when the loop is stuck: a resumed process does not look fresh (R5.3).
  const core::TimeUs since =
      state.quorum_contact_us == 0 ? to_us(started) : state.quorum_contact_us;
  const core::TimeUs age_us = std::max<core::TimeUs>(0, to_us(now) - since);
  result.quorum_contact_age_ms = static_cast<std::uint64_t>(age_us / 1'000);
  const bool fresh =
      state.quorum_contact_us != 0 && age_us < core::TimeUs{options.election_ms} * 2'000;
  result.has_quorum = fresh && result.role != ServerRole::kNone &&
                      state.fault == core::Fault::kNone && (!leads || state.noop_committed);
  result.draining = draining.load(std::memory_order_relaxed);
  return result;
}

}  // namespace starling::node
