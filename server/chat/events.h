// The rows that reads and streams give: accounts, conversations, messages, and the durable events.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "server/chat/commands.h"

namespace starling::chat {

struct Account {
  AccountId id = 0;
  std::string name;  // Empty once deleted.
  std::string display_name;
  TimeMs created_at_ms = 0;
  bool deleted = false;
};

struct Conversation {
  ConversationId id = 0;
  std::string title;  // The other side's name as the asking account sees it.
  Seq last_seq = 0;
  Seq read_seq = 0;
  std::int64_t unread = 0;  // Messages of others after read_seq that are not deleted.
  AccountId peer = 0;
  Seq peer_read_seq = 0;  // The peer's own mark.
};

struct Message {
  MessageId id = 0;
  ConversationId conversation = 0;
  Seq seq = 0;
  AccountId sender = 0;
  std::string sender_name;
  std::string body;
  TimeMs sent_at_ms = 0;
  bool deleted = false;
  RequestId request_id{};
};

// A place in the event stream within one epoch (R5.4).
struct Position {
  std::uint64_t index = 0;
  std::uint32_t ordinal = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// Behind every event of its index.
constexpr std::uint32_t kLastOrdinal = std::numeric_limits<std::uint32_t>::max();

enum class EventKind : std::uint8_t {
  kMessage = 1,
  kMessageDeleted = 2,
  kConversationOpened = 3,
  kReadMark = 4,  // For both sides of a direct conversation; `subject` says whose.
  kAccountDeleted = 5,
};

struct Event {
  Position position;
  EventKind kind = EventKind::kMessage;
  ConversationId conversation = 0;
  Message message;        // kMessage; the tombstone for kMessageDeleted.
  Seq seq = 0;            // kReadMark
  AccountId subject = 0;  // kReadMark: whose; kAccountDeleted: who; kConversationOpened: by whom.
  std::vector<AccountId> audience;  // Who may see it. Filled for live events only.
};

}  // namespace starling::chat
