// The active list as this node shows it: built by the primary from the configuration and from whom
// it has heard, taken over by the others (DESIGN 4.5). Advice for people and clients; quorums never
// look at it (R1.5).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "server/core/core.h"
#include "server/transport/backend.h"

namespace starling::node {

// Who is the primary as far as this state tells; kNoNode: none is known.
core::NodeId known_primary(const core::State& state, core::NodeId self);

// Thread contract: one caller at a time (the loop).
class ActiveList {
 public:
  ActiveList(core::ClusterId cluster, core::Epoch epoch, core::NodeId self, core::TimeUs election);

  void unreachable(core::NodeId peer, core::TimeUs now);
  void connected(core::NodeId peer);
  // Whom the last list that was received names; nobody while this node leads.
  std::vector<core::Member> received_members() const;
  // The primary's list. False: older than what is here, or not of this cluster.
  bool received(transport::ServerList list);
  // Looks anew. True when what is shown changed.
  bool refresh(const core::State& state, const core::Configuration& configuration,
               const std::vector<core::PeerView>& peers, core::TimeUs now);

  const transport::ServerList& list() const { return shown_; }
  // This node's own list, as the primary: to be sent to the peers.
  bool own() const { return leading_; }

 private:
  transport::ServerHealth health_of(core::NodeId peer, core::TimeUs heard, core::TimeUs now);
  transport::ServerHealth health_shown(core::NodeId peer) const;
  std::vector<transport::ListedServer> servers_of(const core::Configuration& configuration,
                                                  core::NodeId primary) const;
  void build(const core::State& state, const core::Configuration& configuration,
             const std::vector<core::PeerView>& peers, core::TimeUs now,
             transport::ServerList& out);
  void follow(const core::State& state, const core::Configuration& configuration,
              transport::ServerList& out) const;

  const core::NodeId self_;
  const core::TimeUs election_us_;
  transport::ServerList shown_;
  std::optional<transport::ServerList> received_;
  std::map<core::NodeId, core::TimeUs> unreachable_;  // Since when; until heard or connected again.
  bool leading_ = false;
  core::TimeUs reign_start_us_ = 0;
};

}  // namespace starling::node
