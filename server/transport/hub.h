// Hands what the node publishes to the open streams, on a thread of its own, so that neither the
// node's loop nor its applier pays for them.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "server/transport/backend.h"
#include "server/transport/mutex.h"
#include "server/transport/stream_limits.h"

namespace starling::transport {

// Live events in the order published, shared by all who see them.
using EventPtr = std::shared_ptr<const chat::Event>;

// One Subscribe stream, as the hub sees it.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  virtual void live(const EventPtr& event) = 0;
  // Some events were not handed out: look them up in the store.
  virtual void missed() = 0;
  // All events up to here have been handed out (called for each subscriber about once a second).
  virtual void idle(std::uint64_t applied_index) = 0;
};

// Thread contract: every call is thread-safe; subscribers are called from one thread.
class EventHub {
 public:
  EventHub();
  ~EventHub();

  Place add(chat::AccountId account, const std::shared_ptr<Subscriber>& subscriber,
            const StreamLimits& limits);
  void remove(chat::AccountId account, const Subscriber* subscriber);
  void publish(const std::vector<chat::Event>& events, std::uint64_t applied_index);
  void stop();

 private:
  struct Batch {
    std::vector<EventPtr> events;
    std::uint64_t applied_index = 0;
  };
  using Group = std::vector<std::pair<const Subscriber*, std::weak_ptr<Subscriber>>>;

  void run();
  void hand_out(const Batch& batch);
  std::vector<std::shared_ptr<Subscriber>> all();
  std::vector<std::shared_ptr<Subscriber>> listeners(const std::vector<chat::AccountId>& audience);

  std::atomic<std::size_t> count_{0};
  Mutex subscribers_mutex_;
  std::unordered_map<chat::AccountId, Group> subscribers_ STARLING_GUARDED_BY(subscribers_mutex_);

  Mutex mutex_;
  Condition wake_;
  std::deque<Batch> queue_ STARLING_GUARDED_BY(mutex_);
  std::size_t queued_events_ STARLING_GUARDED_BY(mutex_) = 0;
  bool overflowed_ STARLING_GUARDED_BY(mutex_) = false;
  bool stopping_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// A beat, and when the node's loop gave it.
struct TimedBeat {
  Beat beat;
  std::chrono::steady_clock::time_point at;
};
using BeatPtr = std::shared_ptr<const TimedBeat>;

// One WatchServers stream, as the hub sees it: only the latest list and beat count.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void news(const std::shared_ptr<const ServerList>& list, const BeatPtr& beat) = 0;
};

// Thread contract: every call is thread-safe.
class WatchHub {
 public:
  WatchHub();
  ~WatchHub();

  // `client` labels a client's stream; false when there are `limit` already.
  bool add(const std::shared_ptr<Watcher>& watcher, const std::string& client, std::size_t limit);
  void remove(const Watcher* watcher);
  std::vector<std::string> clients();
  std::size_t client_count();

  void publish_list(const ServerList& list);
  // A beat goes out only when the node's loop gave one (R5.5).
  void publish_beat(const Beat& beat);
  // The last one once more, as old as it is: something else changed that goes out with it.
  void repeat_beat();
  // The last one, for a stream that begins; null when a loop that is well would have given another.
  BeatPtr fresh_beat();
  // Run on the hub's thread with every beat, also a repeated one, and every list.
  void on_news(std::function<void()> observer);
  void stop();

 private:
  struct Entry {
    std::weak_ptr<Watcher> watcher;
    std::string client;
  };
  void run();

  Mutex mutex_;
  Condition wake_;
  std::map<const Watcher*, Entry> watchers_ STARLING_GUARDED_BY(mutex_);
  std::shared_ptr<const ServerList> list_ STARLING_GUARDED_BY(mutex_);
  BeatPtr beat_ STARLING_GUARDED_BY(mutex_);  // Still to be handed out.
  BeatPtr last_beat_ STARLING_GUARDED_BY(mutex_);
  bool changed_ STARLING_GUARDED_BY(mutex_) = false;  // The observer has to look.
  std::function<void()> observer_ STARLING_GUARDED_BY(mutex_);
  bool stopping_ STARLING_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace starling::transport
