// Joins the presence table with the streams of this server's clients and with the other servers:
// what changed here goes to both, on a thread of its own. Neither the node nor its log know of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "server/chat/events.h"
#include "server/core/types.h"
#include "server/presence/presence_table.h"
#include "server/transport/mutex.h"
#include "server/transport/sight.h"
#include "server/transport/stream_limits.h"
#include "server/transport/wire.h"

namespace starling::transport {

struct Services;

// One client's Presence stream, as the hub sees it. Called from the hub's thread or a pool's,
// without a lock of the hub's.
class PresenceListener {
 public:
  virtual ~PresenceListener() = default;
  // Some that it watches may be another way now: PresenceHub::infos() tells.
  virtual void touched(const std::vector<chat::AccountId>& accounts) = 0;
  // Heard at `at`. That the stream may be told was found out after change `sight` of what is seen.
  virtual void typing(chat::ConversationId conversation, chat::AccountId account,
                      std::chrono::steady_clock::time_point at, std::uint64_t sight) = 0;
  // It is one of the viewers.
  virtual void sight_changed(const SightChange& change) = 0;
  // It missed some of those, up to that one.
  virtual void look_again(std::uint64_t sight) = 0;
  virtual void beat() = 0;
};

using PresenceNewsPtr = std::shared_ptr<const pb::PresenceNews>;

// The way to the other servers. Bounded: what does not fit is dropped, and asked for again.
class PresenceSender {
 public:
  virtual ~PresenceSender() = default;
  virtual void send_presence(const PresenceNewsPtr& news) = 0;  // To all of them.
  virtual void send_presence(core::NodeId to, const PresenceNewsPtr& news) = 0;
};

// Thread contract: start() and stop() by one caller; all else by anyone, and returns at once.
class PresenceHub {
 public:
  explicit PresenceHub(Services& services);
  ~PresenceHub();

  void start(PresenceSender& sender);
  void stop();

  // A session begins, online. `key` is set when it has got a place.
  Place add(chat::AccountId account, const std::weak_ptr<PresenceListener>& listener,
            const StreamLimits& limits, presence::SessionKey& key);
  void remove(presence::SessionKey key, bool goodbye);
  void set_away(presence::SessionKey key, bool away);
  void watch(presence::SessionKey key, const std::vector<chat::AccountId>& accounts);
  void typing(chat::AccountId account, chat::ConversationId conversation);
  std::vector<presence::Info> infos(const std::vector<chat::AccountId>& accounts);

  // Who is not offline, and at which server: `most` of them.
  std::vector<std::pair<core::NodeId, presence::Entry>> everybody(std::size_t most);

  // What was applied: it may change who sees whom.
  void applied(const std::vector<chat::Event>& events);

  // The other members of the cluster: nobody else is listened to.
  void set_peers(const std::vector<core::Member>& peers);
  void received(core::NodeId from, const pb::PresenceNews& news);
  void link_up(core::NodeId peer);     // This server's link to it.
  void link_broke(core::NodeId peer);  // Its link to this server.

 private:
  struct Listener {
    chat::AccountId account = 0;
    std::weak_ptr<PresenceListener> stream;
    std::vector<chat::AccountId> watched;
    std::uint64_t since = 0;  // The last of sights_ when it came: it is told of those behind it.
  };
  struct Typing {
    chat::ConversationId conversation = 0;
    chat::AccountId account = 0;
    bool local = false;  // The others are to be told.
    friend auto operator<=>(const Typing&, const Typing&) = default;
  };
  using Clock = std::chrono::steady_clock;
  // What is typed, and when that was heard last.
  using Typings = std::map<Typing, Clock::time_point>;
  using ListenerPtr = std::shared_ptr<PresenceListener>;
  // What a round found to do, to be done without the lock.
  struct Round;

  void run();
  void collect(Round& round) STARLING_REQUIRES(mutex_);
  void collect_news(Round& round) STARLING_REQUIRES(mutex_);
  void collect_listeners(Round& round) STARLING_REQUIRES(mutex_);
  void carry_out(Round& round);
  void tell_sight(const SightChange& change);
  void tell_typing(const Typings& notices);
  void wake() STARLING_REQUIRES(mutex_);

  Services& services_;
  PresenceSender* sender_ = nullptr;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::uint64_t> sights_{0};  // Batches that changed who sees whom.

  Mutex mutex_;
  Condition wake_;
  presence::Table table_ STARLING_GUARDED_BY(mutex_);
  presence::SessionKey next_key_ STARLING_GUARDED_BY(mutex_) = 1;
  std::unordered_map<presence::SessionKey, Listener> listeners_ STARLING_GUARDED_BY(mutex_);
  std::unordered_map<chat::AccountId, std::vector<presence::SessionKey>> by_account_
      STARLING_GUARDED_BY(mutex_);
  std::unordered_map<chat::AccountId, std::unordered_set<presence::SessionKey>> by_watched_
      STARLING_GUARDED_BY(mutex_);
  std::vector<SightChange> sight_ STARLING_GUARDED_BY(mutex_);
  std::size_t sight_ids_ STARLING_GUARDED_BY(mutex_) = 0;
  bool sight_missed_ STARLING_GUARDED_BY(mutex_) = false;  // There were too many.
  std::set<core::NodeId> peers_ STARLING_GUARDED_BY(mutex_);
  std::set<core::NodeId> whole_wanted_ STARLING_GUARDED_BY(mutex_);
  std::map<core::NodeId, chat::AccountId> seen_wanted_ STARLING_GUARDED_BY(mutex_);
  Typings typing_in_ STARLING_GUARDED_BY(mutex_);
  std::vector<Typing> typing_out_ STARLING_GUARDED_BY(mutex_);
  bool typing_busy_ STARLING_GUARDED_BY(mutex_) = false;
  bool changed_ STARLING_GUARDED_BY(mutex_) = false;
  bool stopping_ STARLING_GUARDED_BY(mutex_) = false;
  Clock::time_point news_at_ STARLING_GUARDED_BY(mutex_);
  Clock::time_point beat_at_ STARLING_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace starling::transport
