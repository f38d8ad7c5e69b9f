// Who is online, as one server knows it: its own sessions, and what every other server last told of
// its own. Pure: time comes in with each call, and what is to be sent goes out as values. It is
// news of the moment, kept in memory only, and no part of the replicated state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace starling::presence {

using AccountId = std::int64_t;
using ServerId = std::uint64_t;
using SessionKey = std::uint64_t;  // One session's stream; never used again.
using TimeUs = std::int64_t;       // Monotonic.
using WallMs = std::int64_t;       // Since 1970-01-01 UTC.

enum class State : std::uint8_t { kOffline = 0, kAway = 1, kOnline = 2 };

struct Info {
  State state = State::kOffline;
  WallMs last_seen_ms = 0;  // Offline: when its last session went; 0: not known.
  friend bool operator==(const Info&, const Info&) = default;
};
struct Entry {
  AccountId account = 0;
  Info info;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// What one server tells the others of its own sessions (peer.proto: PresenceNews).
struct News {
  std::uint64_t boot = 0;
  std::uint64_t version = 0;
  std::uint64_t base = 0;
  bool whole = false;
  std::uint32_t page = 0;
  std::uint32_t pages = 0;
  std::vector<Entry> entries;
};

// A page of the last-seen times, by account id.
struct SeenPage {
  AccountId after = 0;
  std::vector<Entry> entries;
  bool more = false;
};

// What this server needs from another one.
struct Want {
  ServerId server = 0;
  bool whole = false;
  std::optional<AccountId> seen_after;
};

struct Limits {
  TimeUs grace_us = 1'500'000;    // A session whose stream broke may come back, here or elsewhere.
  TimeUs silence_us = 1'500'000;  // A server that says nothing for so long is gone,
  TimeUs broken_us = 1'000'000;   // and one whose link broke and did not come back.
  TimeUs ask_again_us = 300'000;
  TimeUs own_pause_us = 500'000;  // Between two ticks: then this server slept, not the others.
  std::size_t page = 2'000;
  std::size_t accounts = 100'000;  // Of one other server.
  std::size_t seen = 100'000;      // The newest are kept.
};

// Thread contract: one caller at a time.
class Table {
 public:
  Table(ServerId self, std::uint64_t boot, Limits limits = {});

  // ---- This server's own sessions. `state` is not kOffline.
  void session(SessionKey key, AccountId account, State state);
  // `goodbye`: it will not come back.
  void session_ended(SessionKey key, bool goodbye, TimeUs now, WallMs wall);

  // ---- What the others tell
  void received(ServerId from, const News& news, TimeUs now, WallMs wall);
  void received_seen(ServerId from, const SeenPage& page, WallMs wall);
  // Its stream to this server ended.
  void link_broke(ServerId from, TimeUs now);

  // Lets go of what has run out. Called several times a second.
  void tick(TimeUs now, WallMs wall);

  // ---- What is to be told to others
  // The own changes since the last call, a page each; when nothing changed, one without entries.
  std::vector<News> take_changes();
  // The whole own table, as of the last take_changes().
  std::vector<News> whole() const;
  SeenPage seen_page(AccountId after) const;
  std::vector<Want> wants(TimeUs now);

  // ---- How it is, over all servers
  Info info(AccountId account) const;
  // Who changed since the last call.
  std::vector<AccountId> take_touched();
  // Everybody who is not offline, with the server: at most `most`.
  std::vector<std::pair<ServerId, Entry>> everybody(std::size_t most) const;

 private:
  using States = std::unordered_map<AccountId, State>;
  struct Session {
    AccountId account = 0;
    State state = State::kOnline;
    std::optional<TimeUs> ends_at;
  };
  struct Own {
    std::size_t online = 0;
    std::size_t away = 0;
    State state() const {
      return online != 0 ? State::kOnline : away != 0 ? State::kAway : State::kOffline;
    }
  };
  struct Peer {
    std::uint64_t boot = 0;
    std::uint64_t version = 0;
    bool complete = false;  // `accounts` is the table of that version.
    States accounts;
    // Of its earlier start: its sessions have a moment to come back.
    States former;
    TimeUs former_until = 0;
    TimeUs heard_us = 0;
    WallMs heard_ms = 0;
    std::optional<TimeUs> broken_at;
    std::optional<TimeUs> asked_at;
    // The pages of a whole table that have come.
    std::uint64_t paged_version = 0;
    std::uint32_t next_page = 0;
    States pages;
    std::optional<AccountId> seen_after = 0;  // The next page; none: all have come.
    std::optional<TimeUs> seen_asked_at;
  };

  void count(const Session& session, bool in);
  void erase_session(std::map<SessionKey, Session>::iterator session, WallMs wall);
  void begin_boot(Peer& peer, const News& news, TimeUs now);
  void take_page(Peer& peer, const News& news, WallMs wall);
  void take_delta(Peer& peer, const News& news, WallMs wall);
  void set(States& states, AccountId account, State state);
  void let_go(States& states, WallMs wall);
  void see(AccountId account, WallMs when, WallMs wall);

  const ServerId self_;
  const std::uint64_t boot_;
  const Limits limits_;
  std::map<SessionKey, Session> sessions_;
  std::set<std::pair<TimeUs, SessionKey>> ending_;
  std::unordered_map<AccountId, Own> own_;
  std::unordered_map<AccountId, State> told_;  // The own table as the others have it.
  std::unordered_set<AccountId> own_touched_;  // May differ from that.
  std::uint64_t version_ = 1;
  std::map<ServerId, Peer> peers_;
  std::map<AccountId, WallMs> seen_;
  std::set<std::pair<WallMs, AccountId>> seen_by_time_;
  std::unordered_set<AccountId> touched_;
  std::optional<TimeUs> last_tick_;
};

}  // namespace starling::presence
