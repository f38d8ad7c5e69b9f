// A few threads for work that must not run on gRPC's or the node's: hashing of passwords, reads of
// the store and of the log. Bounded: what does not fit in the queue is refused.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "server/transport/mutex.h"

namespace starling::transport {

// Thread contract: every call is thread-safe. Work accepted before stop() is run.
class WorkPool {
 public:
  WorkPool(int threads, std::size_t queue);
  ~WorkPool();

  // False when the queue is full or the pool has stopped: `work` will not run.
  bool submit(std::function<void()> work);
  void stop();

 private:
  void run();

  const std::size_t queue_limit_;
  Mutex mutex_;
  Condition wake_;
  std::deque<std::function<void()>> queue_ STARLING_GUARDED_BY(mutex_);
  bool stopping_ STARLING_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace starling::transport
