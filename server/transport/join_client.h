// The joiner's side of JoinNetwork: asks a server of a running cluster to be let in and takes its
// log, before the joiner's own node exists.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "server/transport/backend.h"

namespace starling::transport {

enum class JoinError {
  kNone,
  kUnreachable,   // Nothing answers there.
  kNotStarling,   // Something answers, but no Starling server.
  kWrongVersion,  // It speaks another protocol version.
  kRefused,       // It said no; the sentence says why.
  kNoPrimary,     // No primary was found up to the deadline.
  kStopped,       // A callback returned false or `stop` was set.
  kBroken,        // The stream ended too early. A new attempt may go on.
  kSnapshot,      // A snapshot has to be fetched first, from the primary of the header.
};

struct JoinRequest {
  std::vector<std::string> targets;  // host:port; any server of the cluster.
  core::NodeId id = core::kNoNode;
  std::string address;  // Where the others will reach the joiner.
  Deadline deadline;
  const std::atomic<bool>* stop = nullptr;  // May be null.
  core::Index from = 1;                     // The first entry that is wanted.
  bool returning = false;                   // As core::Member::returning.
  core::ClusterId cluster = 0;              // Another cluster or epoch refuses; 0: any will do.
  core::Epoch epoch = 0;
};

struct JoinCallbacks {
  // The first message: who is there, and how far the log will be streamed (from `from` on). May be
  // called again with the same cluster after the primary changed: the log then starts again from
  // there (the same entries; skip what has come).
  std::function<bool(const ServerList& list, core::Index through_index)> on_header;
  // Entries in order, without a gap. False stops the joining.
  std::function<bool(const std::vector<core::EntryPtr>& entries)> on_entries;
};

// Blocks until the whole log has come, or it cannot go on. Follows the hints of servers that are
// not the primary. `error` is a sentence for people.
JoinError join_network(const JoinRequest& request, const JoinCallbacks& callbacks,
                       std::string& error);

}  // namespace starling::transport
