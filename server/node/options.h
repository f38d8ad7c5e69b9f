// What a Node is told when it is made, and the limits of its queues.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "server/core/types.h"

namespace starling::node {

struct NodeOptions {
  std::string address;  // Where the others reach this node.
  int heartbeat_ms = 50;
  int election_ms = 250;
  int reluctance = 0;                       // Ranks by which it stands later for election.
  int beat_ms = 100;                        // Of the WatchServers streams (R5.5).
  int checkpoint_ms = 1'000;                // How often the checkpoint thread looks,
  int checkpoint_idle_ms = 15'000;          // after how long it moves even a small WAL,
  std::size_t checkpoint_bytes = 8u << 20;  // and from what size on it does so at once.
  std::size_t log_max_bytes = 128u << 20;   // The log is compacted when it holds more,
  std::size_t log_keep_bytes = 64u << 20;   // and keeps this much for those who lag a little.
  int snapshot_keep_ms = 120'000;           // A snapshot nobody reads goes, and the log behind it.
  int snapshot_pause_us = 2'000;            // While one is made, after each mebibyte.
  // A voter that nobody reaches for so long is removed while three stay (R3.4); 0: never.
  int dead_server_timeout_ms = 300'000;
  int abandoned_learner_ms = 600'000;  // A learner silent this long is removed (R3.3).
  int max_time_lag_ms = 60'000;        // While nobody writes, replicated time lags by this (R4.4).
  int readers = 4;
  int chat_cache_kib = 24'576;
  std::uint64_t seed = 0;  // Of the core's jitter; 0: random.

  std::size_t max_proposals = 16'384;  // Waiting or under way; more are kOverloaded.
  std::size_t max_messages = 32'768;   // From peers, waiting; more are dropped (the core resends).
  std::size_t max_waiters = 65'536;    // Reads waiting for an index.
  std::size_t apply_batch = 1'024;     // Entries in one chat transaction.
  std::size_t apply_queue_bytes = 64u << 20;  // Beyond it the applier reads from the log instead.

  // The disk refused, or the state machine could not be advanced (R2.6, R2.8): the node has no say
  // any more. Called once, from a node thread; the default logs the sentence and ends the process.
  std::function<void(const std::string& sentence)> on_fatal;
  // A snapshot has come that has to take the place of log and chat store: stop the node, and open
  // the data directory anew with Node::fetched(). Called once, from a node thread.
  std::function<void()> on_snapshot;
  // The cluster goes on in a later epoch (R3.6), and a server of it answers at `address`: stop the
  // node, and open the data directory anew. Called once, from a node thread.
  std::function<void(const std::string& address)> on_newer_epoch;
};

}  // namespace starling::node
