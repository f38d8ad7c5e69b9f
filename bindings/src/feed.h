// Events for asyncio: pushed by the SDK into a bounded queue, taken from there by the event loop.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bindings/src/handles.h"
#include "starling/client.h"

namespace starling::python {

// No thread waits for a feed. When its queue is full it drops the subscription, and takes it up
// again after the last event that it kept: nothing is buffered without end, lost or given twice.
// Thread-safe; no method is called with the GIL.
class Feed : public std::enable_shared_from_this<Feed> {
 public:
  static constexpr std::size_t kFull = 1'024;

  // `wake` is called, once, when events come after a take() that found none.
  Feed(std::shared_ptr<SessionState> session, Callback wake);
  // Blocks, when `after` is none, until the stream stands.
  Status open(const std::optional<Cursor>& after);
  // At most `most` events; none when there are none now. kCancelled when the feed is closed.
  Result<std::vector<Event>> take(std::size_t most);
  // Where to resume when everything taken is done with.
  Cursor cursor();
  void close();
  const std::shared_ptr<SessionState>& session() const { return session_; }

 private:
  Status subscribe(const std::optional<Cursor>& after, int stream);
  void arrived(const Event& event, int stream);

  const std::shared_ptr<SessionState> session_;
  const Callback wake_;
  std::mutex mutex_;
  std::deque<Event> queue_;
  std::shared_ptr<Subscription> subscription_;  // None before it stands and while full.
  Cursor last_;                                 // Of the last event queued.
  Cursor place_;                                // Behind the last event taken.
  std::optional<Error> end_;                    // Why it could not be taken up again.
  int stream_ = 0;                              // Events of earlier subscriptions are not ours.
  bool full_ = false;
  bool asleep_ = false;
  bool closed_ = false;
};

}  // namespace starling::python
