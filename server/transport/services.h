// What all services of one server share.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/transport/auth.h"
#include "server/transport/call.h"
#include "server/transport/errors.h"
#include "server/transport/forwarder.h"
#include "server/transport/hub.h"
#include "server/transport/in_flight.h"
#include "server/transport/look_queue.h"
#include "server/transport/pending.h"
#include "server/transport/presence_hub.h"
#include "server/transport/scheduler.h"
#include "server/transport/server.h"
#include "server/transport/throttle.h"
#include "server/transport/work_pool.h"

namespace starling::transport {

// A stream that the server may have to end: at shutdown, or because the primary changed.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual void end(const Failure& failure) = 0;
  virtual void primary_changed(core::NodeId /*primary*/) {}
};

// Every open stream, held weakly. Thread contract: every call is thread-safe.
class StreamRegistry {
 public:
  // False when the server is ending: the stream must not begin.
  bool add(const std::weak_ptr<Stream>& stream);
  void remove(const Stream* stream);
  void end_all(const Failure& failure);  // And everything that is added later is refused.
  void primary_changed(core::NodeId primary);
  std::size_t size();

 private:
  std::vector<std::shared_ptr<Stream>> all();
  Mutex mutex_;
  std::map<const Stream*, std::weak_ptr<Stream>> streams_ STARLING_GUARDED_BY(mutex_);
  bool ended_ STARLING_GUARDED_BY(mutex_) = false;
};

struct Services {
  Services(const ServerOptions& options, Backend& backend);

  const ServerOptions options;
  Backend& backend;
  Pending pending;
  Authenticator auth;
  Throttle account_throttle;
  Throttle peer_throttle;
  WorkPool hashers;
  LookQueue looks;  // Whom presence streams may see: with `disk`, but never all of its threads.
  // All that reads the store, and a joiner's log. gRPC's threads are few, and the peers' messages
  // wait for them: a slow read there could cost the primary its office. The node's must not block.
  WorkPool disk;
  WorkPool searchers;  // Searches, which may take seconds: other reads do not wait behind them.
  InFlight searching;  // Nor all of the others' searches behind those of one account.
  Forwarder forwarder;
  StreamRegistry streams;
  EventHub hub;
  WatchHub watchers;
  PresenceHub presence;
  Scheduler scheduler;
  std::atomic<bool> draining{false};  // No new writes.
  std::atomic<bool> ending{false};    // And nothing waits for better times any more.
  std::string dummy_hash;

  void fill_header(core::Index index, chat::TimeMs time_ms, pb::ResponseHeader& header) const;

  using AuthDone = std::function<void(const std::optional<Failure>&, const Identity&)>;
  // Answers at once from the cache, else from the pool: when the token is unknown here, after
  // catching up with the primary. A token is refused for good only by a server that knows.
  void authenticate(const chat::TokenHash& token, AuthDone done);
  // For threads that may block: so is the one that success is told on.
  void authenticate_blocking(const chat::TokenHash& token, AuthDone done);

 private:
  void authenticate_again(const chat::TokenHash& token, WaitError caught_up, const AuthDone& done);
};

Failure failure_of(AuthResult result);  // Not for kOk.

}  // namespace starling::transport
