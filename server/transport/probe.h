// Asks a server who it is, before this process has a server of its own.
#pragma once

#include <string>

#include "server/transport/backend.h"

namespace starling::transport {

struct ProbeResult {
  core::ClusterId cluster = 0;
  core::Epoch epoch = 0;
  core::NodeId id = core::kNoNode;
  bool has_quorum = false;
  ServerList servers;
};

// One HealthCheck. False: nothing answers at `target` up to the deadline, or it is no Starling
// server. Blocks.
bool probe_server(const std::string& target, Deadline deadline, ProbeResult& out);

}  // namespace starling::transport
