// From a data directory to what a node runs on: the first start of a first server, the joining of a
// cluster, and every later start. Safe against a crash at any point.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "server/node/opened.h"
#include "server/node/snapshot_fetch.h"

namespace starling::node {

struct StartRequest {
  std::string data;
  std::string address;  // As advertised.
  std::vector<std::string> join;
  core::Epoch recover = 0;    // Begin this epoch, the directory's next one, alone (R3.6); 0: no.
  core::Epoch min_epoch = 0;  // A directory of an earlier one does not serve, it joins (R3.6).
  int chat_cache_kib = 24'576;
  int join_timeout_ms = 30'000;
  // Where the node heard of a later epoch before it was stopped: its own log may not know of that
  // server.
  std::string heard_at;
  const std::atomic<bool>* stop = nullptr;  // May be null.
  // What the node fetched before it was stopped: put in place before anything is opened.
  std::optional<FetchedSnapshot> snapshot;
};

// False with a sentence for people.
bool open_data(const StartRequest& request, Opened& out, std::string& error);

// For a first start and a join, too. The log first: it says which file is the chat store's (R2.5);
// that the two fit together is seen when the log is restored (R2.7).
bool open_log(const StartRequest& request, Opened& out, std::string& error);
// Puts the snapshot under the log; opens the chat store that the log names, and
// removes those that it does not.
bool install(const FetchedSnapshot& snapshot, Opened& out, std::string& error);
bool open_store(const StartRequest& request, Opened& out, std::string& error);

}  // namespace starling::node
