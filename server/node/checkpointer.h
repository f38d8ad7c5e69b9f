// The checkpoint thread: moves the WALs of log.db and chat.db into their databases, off the write
// path, knows how much of the chat a power cut can no longer take, and says how much of the log may
// go therefore (R2.4).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "server/chat/store.h"
#include "server/node/options.h"
#include "server/node/sync.h"
#include "server/storage/storage.h"

namespace starling::node {

class Checkpointer {
 public:
  struct Hooks {
    std::function<void(const std::string&)> fatal;
    std::function<void(const std::string&)> damaged;  // The chat store is: before fatal.
    std::function<core::Index()> floor;               // What the log has to keep is behind it.
    std::function<void(core::Index)> compact;         // The log may let go of what is up to here.
  };
  Checkpointer(const NodeOptions& options, storage::DataDirectory& directory,
               storage::LogStore& log, chat::Store& store, Hooks hooks);
  ~Checkpointer();

  void start();
  void stop();        // After it the caller may call checkpoint() itself, for the last time.
  bool checkpoint();  // Both, now. False: fatal was called.
  std::uint64_t data_bytes() const { return data_bytes_.load(std::memory_order_relaxed); }
  std::uint64_t durable_index() const { return durable_index_.load(std::memory_order_relaxed); }

 private:
  void run();
  bool compaction_waits() const;  // For a checkpoint.
  void compact();

  const NodeOptions& options_;
  storage::DataDirectory& directory_;
  storage::LogStore& log_;
  chat::Store& store_;
  const Hooks hooks_;
  std::atomic<std::uint64_t> data_bytes_{0};
  std::atomic<std::uint64_t> durable_index_{0};
  Mutex mutex_;
  Condition condition_;
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::node
