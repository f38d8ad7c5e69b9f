// Fetching a snapshot from another server: by a joiner before its node exists, and by a node that
// is told to (SnapshotFetcher). What has come stays when the link breaks; what is whole is checked
// row by row before it counts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "server/node/sync.h"
#include "server/storage/snapshot_file.h"
#include "server/storage/storage.h"
#include "server/transport/snapshot_client.h"

namespace starling::node {

// A snapshot that lies in the data directory, durable, under the name that the log is to be given.
struct FetchedSnapshot {
  storage::Base base;
  std::string chat_file;
};

// Thread contract: attempt() by one caller; cancel() by anyone.
class SnapshotFetch {
 public:
  SnapshotFetch(storage::DataDirectory& directory, const storage::Identity& self)
      : directory_(directory), self_(self) {}

  // Asks `server` at `target` for what reaches `at_least`, for a bounded time. True when it is all
  // there: `out` then. False with a sentence; the next attempt goes on where this one broke off,
  // if it is the same server and it still has the same snapshot.
  bool attempt(const std::string& target, core::NodeId server, core::Index at_least,
               FetchedSnapshot& out, std::string& error);
  void cancel();  // For good: this attempt and all later ones fail at once.
  // Bytes of all attempts; what came to nothing, a copy that is not what it should be, counts not.
  std::uint64_t received() const { return received_; }

 private:
  bool receive(const transport::SnapshotRequest& request, std::string& error);
  bool begin(const transport::SnapshotHeader& header, std::uint64_t offset, std::string& error);
  bool finish(FetchedSnapshot& out, std::string& error);

  storage::DataDirectory& directory_;
  const storage::Identity self_;
  core::NodeId server_ = core::kNoNode;  // Whose snapshot is coming.
  transport::SnapshotHeader header_;
  storage::IncomingSnapshot incoming_;
  std::uint64_t received_ = 0;
  Mutex mutex_;
  std::shared_ptr<transport::SnapshotClient> client_ STARLING_GUARDED_BY(mutex_);
  bool cancelled_ STARLING_GUARDED_BY(mutex_) = false;
};

// The thread of a node that fetches what its core was told to. Thread contract: start() and stop()
// by one caller in this order; all else by anyone.
class SnapshotFetcher {
 public:
  struct Hooks {
    std::function<std::string(core::NodeId)> address;  // Empty: not a member any more.
    std::function<core::Index()> applied;
    std::function<void()> arrived;  // fetched() has something. Called once.
  };
  SnapshotFetcher(storage::DataDirectory& directory, const storage::Identity& self, Hooks hooks);
  ~SnapshotFetcher();

  void start();
  void stop();
  // Said again while it is wanted; what is not said for a while is not wanted any more.
  void want(core::NodeId from, core::Index index);
  // Unless the node has got there by itself.
  std::optional<FetchedSnapshot> fetched() const;

 private:
  void run();

  const Hooks hooks_;
  SnapshotFetch fetch_;
  mutable Mutex mutex_;
  Condition condition_;
  core::NodeId from_ STARLING_GUARDED_BY(mutex_) = core::kNoNode;
  core::Index index_ STARLING_GUARDED_BY(mutex_) = 0;
  SteadyTime wanted_until_ STARLING_GUARDED_BY(mutex_);
  std::optional<FetchedSnapshot> fetched_ STARLING_GUARDED_BY(mutex_);
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::node
