// The rows that reads and streams give: accounts, conversations, messages, and the durable events.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <memory>
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
  std::string about;
};

enum class ConversationKind : std::int64_t { kDirect = 1, kGroup = 2 };

struct Draft {
  std::string body;  // Empty: none.
  Seq reply_to = 0;
  TimeMs updated_at_ms = 0;
};

// As one of its members sees it.
struct Conversation {
  ConversationId id = 0;
  ConversationKind kind = ConversationKind::kDirect;
  std::string title;  // Of a group; of a direct one, the other side's name.
  Seq first_seq = 1;  // The first one that this member may see.
  Seq last_seq = 0;
  Seq read_seq = 0;
  std::int64_t unread = 0;    // Texts of others after read_seq, neither deleted nor hidden.
  std::int64_t mentions = 0;  // Those of them that name this account.
  AccountId peer = 0;         // Direct: the other side, and its own marks.
  Seq peer_read_seq = 0;
  Seq peer_delivered_seq = 0;
  MemberRole role = MemberRole::kMember;
  std::int64_t member_count = 0;
  Draft draft;
};

struct Member {
  Account account;
  MemberRole role = MemberRole::kMember;
  TimeMs joined_at_ms = 0;  // 0: not known.
  Seq read_seq = 0;
  Seq delivered_seq = 0;
};

// A text, or what happened to a group: then `body` says to whom (names, a space between) or what.
enum class MessageKind : std::int64_t {
  kText = 0,
  kGroupCreated = 1,   // body: the title.
  kGroupRenamed = 2,   // body: the new title.
  kMembersAdded = 3,   // body: their names.
  kMemberRemoved = 4,  // body: the name.
  kMemberLeft = 5,
  kOwnerChanged = 6,  // body: the new owner's name.
  kAdminAdded = 7,    // body: the name.
  kAdminRemoved = 8,  // body: the name.
  kGroupDissolved = 9,
};

struct ReactionCount {
  std::string emoji;
  std::int64_t count = 0;
  bool mine = false;
};

struct Edit {
  std::string body;  // What it said before.
  TimeMs at_ms = 0;  // When it was replaced.
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
  MessageKind kind = MessageKind::kText;
  Seq reply_to = 0;
  std::int64_t edits = 0;   // How often it was edited,
  TimeMs edited_at_ms = 0;  // and when last.
  // For one reader; only what reads give, not events.
  bool hidden = false;  // By that reader: then without a body.
  bool mentions_me = false;
  std::vector<ReactionCount> reactions;  // In the order in which they first came.
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
  kReadMark = 4,  // `subject` says whose.
  kAccountDeleted = 5,
  kMessageEdited = 6,
  kReaction = 7,   // Of `subject` on `seq`; `text` is the emoji, `on` whether it came or went.
  kDelivered = 8,  // To `subject`, up to `seq`.
  kDraft = 9,      // The account's own, in `conversation`.
  kHidden = 10,    // By the account itself: `seq`.
  kProfile = 11,   // `subject` has another display name or text about itself.
  kBlock = 12,     // By the account itself: `subject`, `on`.
};

using Audience = std::shared_ptr<const std::vector<AccountId>>;

struct Event {
  Position position;
  EventKind kind = EventKind::kMessage;
  ConversationId conversation = 0;
  Message message;        // kMessage, kMessageEdited; the tombstone for kMessageDeleted.
  Seq seq = 0;            // As the kind says.
  AccountId subject = 0;  // As the kind says; kConversationOpened: by whom.
  std::string text;
  bool on = false;
  // For live events only:
  Audience audience;      // Who may see it, ascending, each once.
  AccountId removed = 0;  // MessageKind::kMemberRemoved: whom.
};

}  // namespace starling::chat
