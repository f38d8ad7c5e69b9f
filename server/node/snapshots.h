// Copies of the chat store for others to fetch: made on a thread of their own while the node
// serves, kept while somebody reads, and the log behind them with them (R3.3).
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/node/log_reader.h"
#include "server/node/options.h"
#include "server/node/sync.h"
#include "server/storage/snapshot_file.h"
#include "server/storage/storage.h"
#include "server/transport/backend.h"

namespace starling::node {

// Thread contract: start() and stop() by one caller in this order; all else by anyone.
class Snapshots {
 public:
  struct Hooks {
    std::function<core::Index()> applied;   // How far the chat store has got.
    std::function<core::Index()> log_base;  // The log holds what is behind it.
  };
  Snapshots(const NodeOptions& options, storage::DataDirectory& directory, std::string chat_path,
            LogReader& log, Hooks hooks);
  ~Snapshots();

  void start();
  void stop();  // Answers everything that waits.

  // As in transport::Backend.
  void open(core::Index at_least, std::uint64_t id, transport::Deadline deadline,
            transport::SnapshotCallback done);
  bool read(std::uint64_t id, std::uint64_t offset, std::size_t max_bytes,
            transport::SnapshotChunk& out);

  // The log has to keep what is behind this index.
  core::Index floor() const;

 private:
  struct Waiter {
    core::Index at_least = 0;
    transport::Deadline deadline;
    transport::SnapshotCallback done;
  };
  void run();
  bool make();
  bool pause_between_steps();
  // The waiters that `error` ends, or that the copy at hand serves.
  void answer(transport::SnapshotError error);
  void drop_when_idle();
  void remove_file();

  const NodeOptions& options_;
  storage::DataDirectory& directory_;
  const std::string chat_path_;
  LogReader& log_;
  const Hooks hooks_;

  mutable Mutex mutex_;
  Condition condition_;
  std::vector<Waiter> waiting_ STARLING_GUARDED_BY(mutex_);
  transport::SnapshotHeader header_ STARLING_GUARDED_BY(mutex_);  // id 0: there is none.
  std::shared_ptr<storage::SnapshotFile> file_ STARLING_GUARDED_BY(mutex_);
  SteadyTime used_ STARLING_GUARDED_BY(mutex_);
  SteadyTime again_ STARLING_GUARDED_BY(mutex_);  // No copy is made before.
  bool making_ STARLING_GUARDED_BY(mutex_) = false;
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::node
