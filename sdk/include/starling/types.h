// The values that the SDK gives and takes. Times are milliseconds since 1970-01-01 UTC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace starling {

// A place in the history of a cluster. A default one is before everything. Keep all four: by
// `cluster` a server refuses (kResync) a cursor that has outlived the cluster it came from; one of
// cluster 0 is taken at its word unless it lies ahead of all that there is.
struct Cursor {
  std::uint64_t epoch = 0;
  std::uint64_t index = 0;
  std::uint32_t ordinal = 0;
  std::uint64_t cluster = 0;
  friend bool operator==(const Cursor& a, const Cursor& b) {
    return a.epoch == b.epoch && a.index == b.index && a.ordinal == b.ordinal &&
           a.cluster == b.cluster;
  }
  friend bool operator!=(const Cursor& a, const Cursor& b) { return !(a == b); }
};

struct Account {
  std::int64_t id = 0;
  std::string name;
  std::string display_name;
  std::int64_t created_at_ms = 0;
  bool deleted = false;
};

struct Message {
  std::int64_t id = 0;
  std::int64_t conversation_id = 0;
  std::int64_t seq = 0;
  std::int64_t sender_id = 0;
  std::string sender;
  std::string body;
  std::int64_t sent_at_ms = 0;
  bool deleted = false;
  std::string request_id;  // 16 bytes: the send's own, shown to its sender only; else empty.
};

struct Conversation {
  std::int64_t id = 0;
  std::string title;
  std::int64_t last_seq = 0;
  std::int64_t read_seq = 0;
  std::int64_t unread_count = 0;
  std::int64_t peer_id = 0;
  std::int64_t peer_read_seq = 0;  // How far the other side of a direct conversation has read.
};

template <typename T>
struct Page {
  std::vector<T> items;
  bool more = false;
};

struct Unread {
  std::vector<Message> messages;
  std::int64_t still_unread = 0;
  bool marked = false;  // They are marked as read; false: not asked for, or not known.
};

enum class EventKind {
  kMessage,
  kMessageDeleted,
  kConversationOpened,
  kReadMark,  // The account's own mark moved to `seq`, maybe from another device.
  kAccountDeleted,
  kPeerRead,  // The other side of a direct conversation has read up to `seq`.
};

struct Event {
  Cursor cursor;
  EventKind kind = EventKind::kMessage;
  std::int64_t conversation_id = 0;
  Message message;
  std::int64_t seq = 0;
  Conversation conversation;
};

enum class Role { kNone, kPrimary, kBackup, kLearner };
enum class ServerState { kUp, kSuspect, kDown };

struct Server {
  std::uint64_t id = 0;
  std::string address;
  Role role = Role::kNone;
  ServerState state = ServerState::kUp;
  bool voter = false;
};

struct ServerList {
  std::uint64_t cluster_id = 0;
  std::uint64_t epoch = 0;
  std::uint64_t term = 0;
  std::uint64_t version = 0;
  std::uint64_t primary_id = 0;
  std::vector<Server> servers;
};

// What happens to the connection, in order, on the client's callback thread.
struct ClusterEvent {
  enum class Kind {
    kConnected,
    kFailoverStarted,
    kFailedOver,
    kServersChanged,
    kDegraded,
    kDraining
  };
  Kind kind = Kind::kConnected;
  std::string from;     // kFailoverStarted, kFailedOver: the primary that was lost.
  std::string to;       // kConnected, kFailedOver: the primary now. kDraining: who drains.
  std::int64_t ms = 0;  // kFailedOver: from the loss noticed to the new primary known.
  ServerList servers;   // kServersChanged
};

// How fresh a read is. kSession: at least as new as everything that this client has seen or
// written. kLinearizable: as new as everything that anybody has written. kStale: as kSession, and
// of what others wrote at most the last ReadOptions::max_staleness is missing.
enum class ReadLevel { kSession, kLinearizable, kStale };

}  // namespace starling
