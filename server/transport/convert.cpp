// Implements server/transport/convert.h: the seam's types.
#include "server/transport/convert.h"

namespace starling::transport {

pb::Role to_wire(ServerRole role) {
  switch (role) {
    case ServerRole::kNone:
      return pb::ROLE_NONE;
    case ServerRole::kPrimary:
      return pb::ROLE_PRIMARY;
    case ServerRole::kBackup:
      return pb::ROLE_BACKUP;
    case ServerRole::kLearner:
      return pb::ROLE_LEARNER;
  }
  return pb::ROLE_NONE;
}

namespace {

ServerRole role_from_wire(pb::Role role) {
  switch (role) {
    case pb::ROLE_PRIMARY:
      return ServerRole::kPrimary;
    case pb::ROLE_BACKUP:
      return ServerRole::kBackup;
    case pb::ROLE_LEARNER:
      return ServerRole::kLearner;
    default:
      return ServerRole::kNone;
  }
}

pb::ServerState to_wire(ServerHealth health) {
  switch (health) {
    case ServerHealth::kUp:
      return pb::SERVER_STATE_UP;
    case ServerHealth::kSuspect:
      return pb::SERVER_STATE_SUSPECT;
    case ServerHealth::kDown:
      return pb::SERVER_STATE_DOWN;
  }
  return pb::SERVER_STATE_UNSPECIFIED;
}

ServerHealth health_from_wire(pb::ServerState state) {
  switch (state) {
    case pb::SERVER_STATE_SUSPECT:
      return ServerHealth::kSuspect;
    case pb::SERVER_STATE_DOWN:
      return ServerHealth::kDown;
    default:
      return ServerHealth::kUp;
  }
}

}  // namespace

void to_wire(const ServerList& list, pb::ServerList& out) {
  out.set_cluster_id(list.cluster);
  out.set_epoch(list.epoch);
  out.set_term(list.term);
  out.set_version(list.version);
  out.set_primary_id(list.primary);
  for (const ListedServer& server : list.servers) {
    pb::Server& to = *out.add_servers();
    to.set_id(server.id);
    to.set_address(server.address);
    to.set_role(to_wire(server.role));
    to.set_state(to_wire(server.health));
    to.set_voter(server.voter);
  }
}

ServerList from_wire(const pb::ServerList& list) {
  ServerList out;
  out.cluster = list.cluster_id();
  out.epoch = list.epoch();
  out.term = list.term();
  out.version = list.version();
  out.primary = list.primary_id();
  for (const pb::Server& server : list.servers()) {
    out.servers.push_back({server.id(), server.address(), role_from_wire(server.role()),
                           health_from_wire(server.state()), server.voter()});
  }
  return out;
}

}  // namespace starling::transport
