// What a leader knows and assumes about one other node of its configuration.
#pragma once

#include <deque>
#include <limits>

#include "server/core/types.h"

namespace starling::core {

inline constexpr TimeUs kNever = std::numeric_limits<TimeUs>::max();

struct Progress {
  // Probing: one request at a time until it is known where the logs agree. Replicating: pipelined,
  // `next` runs ahead of `match` (dissertation section 10.2.1).
  bool replicating = false;
  Index match = 0;  // Durable there and equal to our log.
  Index next = 1;
  std::deque<Index> in_flight;  // Replicating: the last index of each unanswered request.
  bool probe_sent = false;      // Probing: the one request is unanswered.
  bool reading = false;         // A ReadLog for it is unanswered.

  // Anything may get lost: when nothing moves until then, what is under way counts as lost.
  TimeUs resend_at_us = kNever;
  TimeUs resend_delay_us = 0;
  bool bare = false;  // Probe without entries: it has not answered for a while.

  TimeUs heard_us = 0;            // 0: not in this term.
  TimeUs reached_us = 0;          // By this leader or a voter that reports to it.
  std::uint64_t acked_round = 0;  // Newest heartbeat round answered,
  std::uint64_t acked_boot = 0;   // and by which start of the follower.
  Index commit_told = 0;          // The newest commit index sent to it.
  // R5.3: an answered round, the first round that was started after that answer, and what is to be
  // told of an earlier one whose later round is confirmed.
  std::uint64_t answered_round = 0;
  std::uint64_t answered_boot = 0;
  std::uint64_t next_round = 0;
  std::uint64_t fresh_round = 0;
  Index fresh_index = 0;
  std::uint64_t fresh_boot = 0;

  bool clock_known = false;
  WallMs clock_ms = 0;  // Its wall clock at clock_at_us of ours.
  TimeUs clock_at_us = 0;

  bool departing = false;  // No longer a member; still to be told so.
  TimeUs depart_by_us = kNever;

  bool outstanding() const { return reading || (replicating ? !in_flight.empty() : probe_sent); }

  // Where to look again when what was under way is lost. While nothing is known of this follower
  // the place stays: it is near the end of the log, and the answer tells how far back to go.
  Index retry_from() const { return replicating || match > 0 ? match + 1 : next; }

  void start_probe(Index from) {
    replicating = false;
    in_flight.clear();
    probe_sent = false;
    reading = false;
    next = from;
  }

  void start_replicating() {
    replicating = true;
    in_flight.clear();
    probe_sent = false;
    reading = false;
    next = match + 1;
  }
};

}  // namespace starling::core
