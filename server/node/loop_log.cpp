// What the loop tells people: one line for each change of role, term, members and peers.
#include <algorithm>
#include <string>

#include "server/node/loop.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

const char* name_of(core::Role role) {
  switch (role) {
    case core::Role::kFollower:
      return "backup";
    case core::Role::kPreCandidate:
      return "looking for a primary (pre-vote)";
    case core::Role::kCandidate:
      return "standing for election";
    case core::Role::kLeader:
      return "primary";
  }
  return "?";
}

const char* name_of(transport::ServerHealth health) {
  switch (health) {
    case transport::ServerHealth::kUp:
      return "up";
    case transport::ServerHealth::kSuspect:
      return "suspect";
    case transport::ServerHealth::kDown:
      return "down";
  }
  return "?";
}

std::string address_of(const core::Configuration& configuration, core::NodeId id) {
  const core::Member* member = configuration.find(id);
  return member == nullptr ? "unlisted" : member->address;
}

}  // namespace

void Loop::log_state(const core::State& before, const core::State& after) const {
  if (before.role != after.role) {
    spdlog::info("term {}: now {}", after.term, name_of(after.role));
  } else if (before.term != after.term) {
    spdlog::info("term {} begins", after.term);
  }
  if (before.leader != after.leader && after.role == core::Role::kFollower) {
    if (after.leader == core::kNoNode) {
      spdlog::info("term {}: no primary is known", after.term);
    } else {
      spdlog::info("term {}: the primary is {:016x} ({})", after.term, after.leader,
                   address_of(last_configuration_, after.leader));
    }
  }
  if (before.transferring != after.transferring) {
    spdlog::info("term {}: {}", after.term,
                 after.transferring ? "handing over" : "the handover has ended");
  }
}

void Loop::log_members() const {
  std::string text;
  for (const core::Member& member : last_configuration_.members) {
    if (!text.empty()) text += ", ";
    text +=
        fmt::format("{:016x} {}{}", member.id, member.address, member.voter ? "" : " (learner)");
  }
  spdlog::info("members, {} voters: {}", last_configuration_.voter_count(), text);
  if (last_configuration_.find(core_options_.id) == nullptr) {
    spdlog::warn(
        "this server was removed from the cluster: it stays up without a role; to come back, start "
        "it with --join");
  }
}

void Loop::log_list(const transport::ServerList& before, const transport::ServerList& after) const {
  if (!active_.own()) return;
  for (const transport::ListedServer& server : after.servers) {
    const auto old = std::find_if(before.servers.begin(), before.servers.end(),
                                  [&](const auto& other) { return other.id == server.id; });
    if (old == before.servers.end() || old->health == server.health) continue;
    spdlog::info("server {:016x} ({}) is {}", server.id, server.address, name_of(server.health));
  }
}

}  // namespace starling::node
