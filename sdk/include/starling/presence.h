// Who is online, and who is typing: news of the moment, beside the events of a Session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "starling/export.h"
#include "starling/result.h"

namespace starling {

enum class PresenceState { kOffline, kAway, kOnline };

// How an account is, over all its sessions: online when one is, away when all are. One that shares
// no conversation with the own account, or that blocks it or is blocked by it, is told as offline
// and never seen, like one that does not exist.
struct Presence {
  std::int64_t account_id = 0;
  PresenceState state = PresenceState::kOffline;
  // Offline: when its last session went, by the wall clock of a server, in milliseconds since
  // 1970-01-01 UTC. 0: not known, as after all servers were down at once.
  std::int64_t last_seen_ms = 0;
  friend bool operator==(const Presence& a, const Presence& b) {
    return a.account_id == b.account_id && a.state == b.state && a.last_seen_ms == b.last_seen_ms;
  }
};

// Somebody else types in a conversation: for about six seconds, unless it is told again, and no
// longer than until a message of the account comes there, or it goes offline. A notice that its
// message overtook is told to no client that subscribes to events.
struct Typing {
  std::int64_t conversation_id = 0;
  std::int64_t account_id = 0;
};

// While it lives, the session that made it is online. Fails over by itself, and says again to the
// next server what it was told here; others do not see it go meanwhile. When no server has been
// reached for three seconds, everybody counts as offline until one is.
//
// Thread contract: every call is thread-safe and returns at once, but for close().
class STARLING_API PresenceWatch {
 public:
  static constexpr std::size_t kMaxWatched = 500;

  PresenceWatch();  // Empty: nobody is online, nobody is told.
  ~PresenceWatch();
  PresenceWatch(PresenceWatch&&) noexcept;
  PresenceWatch& operator=(PresenceWatch&&) noexcept;

  // Whose presence is wanted, in place of whom was named before. How each of them is comes to the
  // callback once, then every change. Of more than kMaxWatched the first ones count.
  void watch(std::vector<std::int64_t> account_ids);
  // Of this session; at first it is not away.
  void set_away(bool away);
  // That the account types in this conversation now: to be called while it does, as often as one
  // likes; a notice goes out every two seconds at most.
  void typing(std::int64_t conversation_id);
  // Of those watched, by account id, as far as they have been told; without a callback too.
  std::vector<Presence> current() const;
  // Ok while it goes on; else why it does not: kUnauthenticated when the session has ended,
  // kCancelled after close().
  Status status() const;
  // The server that answers now, "host:port"; empty while none does.
  std::string server() const;
  // The session is not online any more by this watch. No callback starts after it; waits, for two
  // seconds at most, for the one that runs.
  void close();

 private:
  friend class Session;
  struct STARLING_LOCAL Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace starling
