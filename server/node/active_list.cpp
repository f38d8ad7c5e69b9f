// See active_list.h.
#include "server/node/active_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace starling::node {

using transport::ListedServer;
using transport::ServerHealth;
using transport::ServerList;
using transport::ServerRole;

namespace {

constexpr core::TimeUs kDownAfterElections = 3;

ServerRole role_of(const core::Member& member, core::NodeId primary) {
  if (member.id == primary) return ServerRole::kPrimary;
  return member.voter ? ServerRole::kBackup : ServerRole::kLearner;
}

bool same(const ServerList& a, const ServerList& b) {
  return a.term == b.term && a.primary == b.primary && a.servers == b.servers;
}

}  // namespace

std::vector<core::Member> ActiveList::received_members() const {
  std::vector<core::Member> members;
  if (leading_ || !received_) return members;
  for (const ListedServer& server : received_->servers) {
    members.push_back({server.id, server.address, server.voter});
  }
  return members;
}

core::NodeId known_primary(const core::State& state, core::NodeId self) {
  if (state.role == core::Role::kLeader) return self;
  return state.role == core::Role::kFollower ? state.leader : core::kNoNode;
}

ActiveList::ActiveList(core::ClusterId cluster, core::Epoch epoch, core::NodeId self,
                       core::TimeUs election)
    : self_(self), election_us_(election) {
  shown_.cluster = cluster;
  shown_.epoch = epoch;
}

void ActiveList::unreachable(core::NodeId peer, core::TimeUs now) { unreachable_[peer] = now; }

void ActiveList::connected(core::NodeId peer) { unreachable_.erase(peer); }

bool ActiveList::received(ServerList list) {
  if (list.cluster != shown_.cluster || list.epoch != shown_.epoch) return false;
  const auto age = [](const ServerList& l) { return std::tie(l.term, l.version); };
  if (received_ && age(list) < age(*received_)) return false;
  if (leading_ && list.term <= shown_.term) return false;
  received_ = std::move(list);
  return true;
}

ServerHealth ActiveList::health_of(core::NodeId peer, core::TimeUs heard, core::TimeUs now) {
  const auto lost = unreachable_.find(peer);
  if (lost != unreachable_.end()) {
    if (heard <= lost->second) return ServerHealth::kDown;
    unreachable_.erase(lost);
  }
  const core::TimeUs silent = now - std::max(heard, reign_start_us_);
  if (silent <= election_us_) return ServerHealth::kUp;
  return silent <= kDownAfterElections * election_us_ ? ServerHealth::kSuspect
                                                      : ServerHealth::kDown;
}

ServerHealth ActiveList::health_shown(core::NodeId peer) const {
  for (const ListedServer& server : shown_.servers) {
    if (server.id == peer) return server.health;
  }
  return ServerHealth::kUp;
}

std::vector<ListedServer> ActiveList::servers_of(const core::Configuration& configuration,
                                                 core::NodeId primary) const {
  std::vector<ListedServer> servers;
  for (const core::Member& member : configuration.members) {
    servers.push_back({member.id, member.address, role_of(member, primary),
                       member.id == primary ? ServerHealth::kUp : health_shown(member.id),
                       member.voter});
  }
  std::sort(servers.begin(), servers.end(), [](const ListedServer& a, const ListedServer& b) {
    return core::address_less(a.address, b.address);
  });
  return servers;
}

void ActiveList::build(const core::State& state, const core::Configuration& configuration,
                       const std::vector<core::PeerView>& peers, core::TimeUs now,
                       ServerList& out) {
  out.primary = self_;
  out.term = state.term;
  out.servers = servers_of(configuration, self_);
  for (ListedServer& server : out.servers) {
    if (server.id == self_) continue;
    const auto peer = std::find_if(peers.begin(), peers.end(), [&](const core::PeerView& view) {
      return view.id == server.id;
    });
    server.health = health_of(server.id, peer == peers.end() ? 0 : peer->heard_us, now);
  }
}

void ActiveList::follow(const core::State& state, const core::Configuration& configuration,
                        ServerList& out) const {
  const core::NodeId primary = known_primary(state, self_);
  const bool newer_term = !received_ || received_->term < state.term;
  if (newer_term && (primary != core::kNoNode || !received_)) {
    // The news of a new primary does not wait for its first list.
    out.term = state.term;
    out.version = 0;
    out.servers = servers_of(configuration, primary);
  } else {
    out = *received_;
    if (received_->term > state.term) return;
  }
  out.primary = primary;
  for (ListedServer& server : out.servers) {
    if (server.id == primary) {
      server.role = ServerRole::kPrimary;
      server.health = ServerHealth::kUp;
    } else if (server.role == ServerRole::kPrimary) {
      server.role = server.voter ? ServerRole::kBackup : ServerRole::kLearner;
      server.health =
          unreachable_.contains(server.id) ? ServerHealth::kDown : ServerHealth::kSuspect;
    }
  }
}

bool ActiveList::refresh(const core::State& state, const core::Configuration& configuration,
                         const std::vector<core::PeerView>& peers, core::TimeUs now) {
  const bool leads = state.role == core::Role::kLeader;
  ServerList next = shown_;
  if (leads) {
    if (!leading_ || shown_.term != state.term) reign_start_us_ = now;
    build(state, configuration, peers, now, next);
    if (next.term != shown_.term) next.version = 0;
    if (!same(next, shown_)) ++next.version;
  } else {
    follow(state, configuration, next);
  }
  leading_ = leads;
  const bool changed = !same(next, shown_) || next.version != shown_.version;
  if (changed) shown_ = std::move(next);
  return changed;
}

}  // namespace starling::node
