// What nodes say to one another (peer.proto says the same on the wire).
#pragma once

#include <variant>
#include <vector>

#include "server/core/types.h"

namespace starling::core {

struct VoteRequest {
  bool pre_vote = false;
  bool transfer = false;
  Index last_index = 0;
  Term last_term = 0;
};
struct VoteResponse {
  bool pre_vote = false;
  bool granted = false;
};
struct AppendRequest {
  Index prev_index = 0;
  Term prev_term = 0;
  std::vector<EntryPtr> entries;
  Index commit = 0;
  // What the follower has told this leader to be durable there: with less it has lost what it
  // vouched for (R2.7).
  Index known_durable = 0;
};
struct AppendResponse {
  bool success = false;
  Index match = 0;          // Durable here and equal to the leader's log, up to this index.
  Index rejected_prev = 0;  // On failure.
  Index hint_index = 0;
  Term hint_term = 0;
};
// Dissertation section 5.3, without the bytes: the entries that the follower lacks have left the
// leader's log, so it has to fetch a snapshot that reaches this index at least. Answered by an
// AppendResponse once it has all that.
struct InstallSnapshot {
  Index index = 0;  // The leader's log begins behind it,
  Term term = 0;    // and this was its term.
};
struct HeartbeatRequest {
  std::uint64_t round = 0;
  Index commit = 0;
  // R5.3: whatever was acknowledged before the follower answered `fresh_round` is at or below
  // `fresh_index`. 0: nothing to tell yet. `fresh_boot` is the start of the follower that answered:
  // a later one may have answered a late copy of that round, later.
  std::uint64_t fresh_round = 0;
  Index fresh_index = 0;
  std::uint64_t fresh_boot = 0;
};
struct HeartbeatResponse {
  std::uint64_t round = 0;
  WallMs clock_ms = 0;
  std::uint64_t boot = 0;
  std::vector<NodeId> unreached = {};  // Members to which this follower has no link (R3.4).
};
struct TimeoutNow {};
struct ReadIndexRequest {
  std::uint64_t read_id = 0;
};
struct ReadIndexResponse {
  std::uint64_t read_id = 0;
  bool ok = false;
  Index index = 0;
};

using MessageBody = std::variant<VoteRequest, VoteResponse, AppendRequest, AppendResponse,
                                 HeartbeatRequest, HeartbeatResponse, TimeoutNow, ReadIndexRequest,
                                 ReadIndexResponse, InstallSnapshot>;

// A message in its envelope. The core drops one whose cluster, epoch or `to` is not its own (R3.2).
struct Message {
  ClusterId cluster = 0;
  Epoch epoch = 0;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  Term term =
      0;  // The sender's; of a pre-vote request and its grant, the term that would be started.
  MessageBody body;
};

}  // namespace starling::core
