// Counts what is still under way towards other servers, so that a shutdown can wait for it.
//
// Whatever owns a grpc::ClientContext declares its token before it, so that the token goes last.
// With the context may go the last use of a channel, and with the last channel or server of the
// process gRPC 1.51 joins the threads of its shared callback queue: a thread of that queue that did
// so would join itself and abort. While a token is left the grpc::Server is not shut down, and so
// holds the queue; it is let go of by the thread that calls Server::shutdown.
#pragma once

#include <chrono>
#include <memory>

#include "server/transport/mutex.h"

namespace starling::transport {

// Thread contract: every call is thread-safe. Tokens must go before the Pending does.
class Pending {
 public:
  using Token = std::shared_ptr<void>;  // Held as long as the work may still touch the server.

  Token token() {
    MutexLock lock(mutex_);
    ++count_;
    return Token(this, [](Pending* self) { self->release(); });
  }
  // False when something is left at the deadline.
  bool wait(std::chrono::steady_clock::time_point deadline) {
    MutexLock lock(mutex_);
    while (count_ != 0 && std::chrono::steady_clock::now() < deadline) {
      none_.wait_until(mutex_, deadline);
    }
    return count_ == 0;
  }

 private:
  void release() {
    MutexLock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  Mutex mutex_;
  Condition none_;
  std::size_t count_ STARLING_GUARDED_BY(mutex_) = 0;
};

}  // namespace starling::transport
