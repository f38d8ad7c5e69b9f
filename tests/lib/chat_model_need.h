// How the chat model says that a server has something else.
#pragma once

#include <string>

#include "server/sqlite/sqlite.h"
#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

inline void need(const SimNode& node, bool holds, const std::string& what) {
  if (!holds) violated("chat model", node.name() + " has another " + what);
}

inline void need(const SimNode& node, const sqlite::Status& status) {
  if (!status.ok()) violated("reader", node.name() + ": " + status.message());
}

}  // namespace starling::sim
