// Reads of the node's own log: for followers that lag behind the core's cache (a thread of its
// own), for joiners, and for an applier that lags behind its queue.
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

class LogReader {
 public:
  using Fatal = std::function<void(const std::string&)>;
  LogReader(storage::LogStore& log, Mailbox& mailbox, Fatal fatal);
  ~LogReader();

  void start();
  void stop();
  // By the loop; the core has at most one read under way for each peer.
  void push(std::vector<core::ReadLog>& reads);
  // On the caller's thread. False: the entries could not be read.
  bool read(core::Index from, core::Index to, std::size_t max_bytes,
            std::vector<core::EntryPtr>& out);
  // As LogStore's, on the caller's thread.
  storage::Status base_at(core::Index index, storage::Base& out);

 private:
  void run();

  storage::LogStore& log_;
  Mailbox& mailbox_;
  const Fatal fatal_;
  Mutex disk_;  // LogStore's read connection serves one caller at a time.
  Mutex mutex_;
  Condition condition_;
  std::vector<core::ReadLog> queue_ STARLING_GUARDED_BY(mutex_);
  bool stop_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::node
