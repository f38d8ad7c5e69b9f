// For operators' tools: the status of one server, and changes to the members. Thread-safe functions
// that dial the given address, ask, and hang up.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "starling/export.h"
#include "starling/result.h"
#include "starling/types.h"

namespace starling::admin {

struct ServerStatus {
  std::uint64_t cluster_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t server_id = 0;
  std::string address;
  Role role = Role::kNone;
  std::uint64_t term = 0;
  std::uint64_t primary_id = 0;
  std::string primary_address;
  std::uint64_t last_index = 0;
  std::uint64_t last_term = 0;  // Of the entry at last_index.
  std::uint64_t commit_index = 0;
  std::uint64_t applied_index = 0;
  std::uint64_t state_hash = 0;  // At applied_index.
  std::uint32_t clients = 0;
  std::uint64_t data_bytes = 0;
  std::uint64_t uptime_ms = 0;
  std::uint64_t quorum_contact_age_ms = 0;
  bool has_quorum = false;
  bool draining = false;
  ServerList servers;
};

// What the server at `address` says of itself. kUnavailable when nothing answers there, kFailed
// when something else than a Starling server does; here and below, kInvalidArgument when `address`
// is not HOST:PORT.
STARLING_API Result<ServerStatus> status(const std::string& address,
                                         std::chrono::milliseconds timeout);

// Removes a member; follows the hint to the primary by itself. Returns the list without it.
STARLING_API Result<ServerList> leave(const std::string& address, std::uint64_t server_id,
                                      std::chrono::milliseconds timeout);

// Hands the primacy to `server_id` (0: the most advanced voter). Returns the new primary's id.
STARLING_API Result<std::uint64_t> transfer(const std::string& address, std::uint64_t server_id,
                                            std::chrono::milliseconds timeout);

}  // namespace starling::admin
