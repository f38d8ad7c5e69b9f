// The log thread: writes what the core wants durable, in order. Everything that waits goes into one
// transaction, so that one fsync serves all of it (group commit).
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "server/core/core.h"
#include "server/node/mailbox.h"
#include "server/node/sync.h"
#include "server/storage/storage.h"

namespace starling::node {

class LogWriter {
 public:
  using Fatal = std::function<void(const std::string&)>;
  LogWriter(storage::LogStore& log, storage::VoteFile& vote, Mailbox& mailbox, Fatal fatal);
  ~LogWriter();

  void start();
  // By the loop. What may wait is bounded by the core: max_uncommitted_bytes on a leader, the
  // window of the leader on a follower.
  void push(std::vector<core::Persist>& persist);
  // Writes what waits, then ends.
  void stop();

 private:
  void run();
  bool compact_some(bool& more);
  bool write(std::vector<core::Persist>& work);
  bool write_entries(std::vector<core::PersistEntries>& group);

  storage::LogStore& log_;
  storage::VoteFile& vote_;
  Mailbox& mailbox_;
  const Fatal fatal_;
  Mutex mutex_;
  Condition condition_;
  std::vector<core::Persist> queue_ STARLING_GUARDED_BY(mutex_);
  bool waiting_ STARLING_GUARDED_BY(mutex_) = false;
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  std::vector<core::Event> done_;  // The log thread's own.
  std::thread thread_;
};

}  // namespace starling::node
