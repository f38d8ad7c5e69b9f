// Who is online and who types, for Python: pushed by the SDK into a small queue, taken from there
// by whoever waits, a thread or an event loop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "bindings/src/handles.h"
#include "starling/client.h"

namespace starling::python {

using Signal = std::variant<Presence, Typing>;

// Bounded by whom it watches: of each account only the latest waits. Thread-safe; no method is
// called with the GIL.
class LivePresence : public std::enable_shared_from_this<LivePresence> {
 public:
  // `wake` is called, once, when signals come after a take() that found none.
  LivePresence(std::shared_ptr<SessionState> session, std::optional<Callback> wake);
  Status open();
  void watch(std::vector<std::int64_t> accounts);
  void set_away(bool away) { watch_.set_away(away); }
  void typing(std::int64_t conversation) { watch_.typing(conversation); }
  std::vector<Presence> current() const { return watch_.current(); }
  std::string server() const { return watch_.server(); }
  // Those that wait; none when there are none by the deadline. kCancelled when it is closed.
  Result<std::vector<Signal>> take(std::chrono::milliseconds patience);
  void close();
  const std::shared_ptr<SessionState>& session() const { return session_; }

 private:
  void arrived(const Presence& presence);
  void arrived(const Typing& typing);
  void tell();

  const std::shared_ptr<SessionState> session_;
  const std::optional<Callback> wake_;
  PresenceWatch watch_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Signal> queue_;
  bool asleep_ = false;
  bool closed_ = false;
};

}  // namespace starling::python
