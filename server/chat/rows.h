// The rows of chat.db as they are, and the hash that each one adds to the state hash. Internal to
// server/chat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/chat/commands.h"
#include "server/chat/events.h"
#include "server/chat/hash.h"

namespace starling::chat {

// Accounts, sessions, conversations, messages and events share one supply of ids: the place in the
// log that made them. So ids are never used twice, a message's id is its event's position, and an
// id of one kind is never that of another.
inline constexpr int kOrdinalBits = 16;
inline constexpr std::uint32_t kMaxOrdinal = (1U << kOrdinalBits) - 1;
inline constexpr std::uint64_t kMaxIndex = (1ULL << (63 - kOrdinalBits)) - 1;

inline std::int64_t id_at(std::uint64_t index, std::uint32_t ordinal) {
  return static_cast<std::int64_t>((index << kOrdinalBits) | ordinal);
}
inline std::uint64_t index_of(std::int64_t id) {
  return static_cast<std::uint64_t>(id) >> kOrdinalBits;
}
inline std::uint32_t ordinal_of(std::int64_t id) {
  return static_cast<std::uint32_t>(id) & kMaxOrdinal;
}

// A system message's request id: its own id, and eight bytes that no client's may have, so that
// the two never meet.
inline RequestId system_request_id(std::int64_t id) {
  RequestId out{};
  for (int i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(id >> (8 * i));
  return out;
}
inline bool is_reserved(const RequestId& id) {
  for (int i = 8; i < 16; ++i) {
    if (id[i] != 0) return false;
  }
  return true;
}

struct AccountRow {
  AccountId id = 0;
  std::string name;
  std::string display_name;
  std::string password_hash;
  std::int64_t credential_version = 0;
  TimeMs created_ms = 0;
  bool deleted = false;
  std::string about;
};

struct SessionData {
  SessionId id = 0;
  AccountId account = 0;
  TokenHash token_hash{};
  std::string device;
  TimeMs created_ms = 0;
  TimeMs expires_ms = 0;
};

struct ConversationRow {
  ConversationId id = 0;
  ConversationKind kind = ConversationKind::kDirect;
  AccountId a = 0;  // The lower id of a direct conversation's two accounts...
  AccountId b = 0;  // ... and the higher one. Groups have neither.
  std::string title;
  std::int64_t member_count = 0;
};

// One stay of an account in a conversation: who comes again has a row for each.
struct MemberRow {
  AccountId account = 0;
  ConversationId conversation = 0;
  AccountId peer = 0;  // The other side of a direct conversation.
  MemberRole role = MemberRole::kMember;
  std::int64_t joined_index = 0;
  std::int64_t left_index = 0;  // 0: still there.
  Seq joined_seq = 0;           // What came up to this one is not for this member.
  TimeMs joined_ms = 0;
  Seq read_seq = 0;
  Seq delivered_seq = 0;
};

struct MessageRow {
  MessageId id = 0;
  ConversationId conversation = 0;
  Seq seq = 0;
  AccountId sender = 0;
  RequestId request_id{};
  std::string_view body;  // Of whoever made the row.
  TimeMs sent_ms = 0;
  bool deleted = false;
  MessageKind kind = MessageKind::kText;
  Seq reply_to = 0;
  std::int64_t edits = 0;
  TimeMs edited_ms = 0;
};

// What a message said before its edit of that number, from 1 on. Gone when the message is deleted.
struct EditRow {
  MessageId message = 0;
  std::int64_t number = 0;
  std::string body;
  TimeMs at_ms = 0;
};

struct ReactionRow {
  ConversationId conversation = 0;
  Seq seq = 0;
  AccountId account = 0;
  std::string emoji;
};

// How many rows of `reactions` there are of one emoji on one message; kept, so that neither reading
// nor reacting has to count thousands.
struct ReactionCountRow {
  ConversationId conversation = 0;
  Seq seq = 0;
  std::string emoji;
  std::int64_t count = 0;
  std::int64_t first_id = 0;  // Of the event that brought the first one: their order.
};

struct MentionRow {
  AccountId account = 0;
  ConversationId conversation = 0;
  Seq seq = 0;
};

struct HiddenRow {
  AccountId account = 0;
  ConversationId conversation = 0;
  Seq seq = 0;
};

struct DraftRow {
  AccountId account = 0;
  ConversationId conversation = 0;
  std::string body;
  Seq reply_to = 0;
  TimeMs updated_ms = 0;
};

struct BlockRow {
  AccountId account = 0;
  AccountId blocked = 0;
};

struct OutcomeRow {
  AccountId account = 0;
  RequestId request_id{};
  std::int64_t fingerprint = 0;
  TimeMs stamp_ms = 0;
  std::string outcome;
};

// "Never": the request has not run and will not (R4.3). `code` is what a retry is told.
struct VoidRow {
  AccountId account = 0;
  RequestId request_id{};
  Code code = Code::kVoided;
};

// Every durable event but the messages, which are their own events. `scope` says who may see it:
// a conversation's id: its members; an account's id: that account; minus an account's id: whoever
// shares a direct conversation with it.
struct EventRow {
  std::int64_t id = 0;
  std::int64_t scope = 0;
  std::int64_t kind = 0;
  ConversationId conversation = 0;
  AccountId account = 0;
  Seq seq = 0;
  std::string detail;  // kReaction: the emoji behind '+' or '-'. kBlock: that sign alone.
};

inline std::int64_t hash_part(const RequestId& id, int half) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(id[half * 8 + i]) << (8 * i);
  return static_cast<std::int64_t>(value);
}

inline std::uint64_t hash_of(const AccountRow& r) {
  return RowHasher(1)
      .add(r.id)
      .add(r.name)
      .add(r.display_name)
      .add(r.password_hash)
      .add(r.credential_version)
      .add(r.created_ms)
      .add(std::int64_t{r.deleted})
      .add(r.about)
      .finish();
}
inline std::uint64_t hash_of(const SessionData& r) {
  return RowHasher(2)
      .add(r.id)
      .add(r.account)
      .add(std::string_view(reinterpret_cast<const char*>(r.token_hash.data()), 32))
      .add(r.device)
      .add(r.created_ms)
      .add(r.expires_ms)
      .finish();
}
inline std::uint64_t hash_of(const ConversationRow& r) {
  return RowHasher(3)
      .add(r.id)
      .add(static_cast<std::int64_t>(r.kind))
      .add(r.a)
      .add(r.b)
      .add(r.title)
      .add(r.member_count)
      .finish();
}
inline std::uint64_t hash_of(const MemberRow& r) {
  return RowHasher(4)
      .add(r.account)
      .add(r.conversation)
      .add(r.peer)
      .add(static_cast<std::int64_t>(r.role))
      .add(r.joined_index)
      .add(r.left_index)
      .add(r.joined_seq)
      .add(r.joined_ms)
      .add(r.read_seq)
      .add(r.delivered_seq)
      .finish();
}
inline std::uint64_t hash_of(const MessageRow& r) {
  return RowHasher(5)
      .add(r.id)
      .add(r.conversation)
      .add(r.seq)
      .add(r.sender)
      .add(hash_part(r.request_id, 0))
      .add(hash_part(r.request_id, 1))
      .add(r.body)
      .add(r.sent_ms)
      .add(std::int64_t{r.deleted})
      .add(static_cast<std::int64_t>(r.kind))
      .add(r.reply_to)
      .add(r.edits)
      .add(r.edited_ms)
      .finish();
}
inline std::uint64_t hash_of(const OutcomeRow& r) {
  return RowHasher(6)
      .add(r.account)
      .add(hash_part(r.request_id, 0))
      .add(hash_part(r.request_id, 1))
      .add(r.fingerprint)
      .add(r.stamp_ms)
      .add(r.outcome)
      .finish();
}
inline std::uint64_t hash_of(const VoidRow& r) {
  return RowHasher(7)
      .add(r.account)
      .add(hash_part(r.request_id, 0))
      .add(hash_part(r.request_id, 1))
      .add(static_cast<std::int64_t>(r.code))
      .finish();
}
inline std::uint64_t hash_of(const EventRow& r) {
  return RowHasher(8)
      .add(r.id)
      .add(r.scope)
      .add(r.kind)
      .add(r.conversation)
      .add(r.account)
      .add(r.seq)
      .add(r.detail)
      .finish();
}
inline std::uint64_t hash_of(const EditRow& r) {
  return RowHasher(10).add(r.message).add(r.number).add(r.body).add(r.at_ms).finish();
}
inline std::uint64_t hash_of(const ReactionRow& r) {
  return RowHasher(11).add(r.conversation).add(r.seq).add(r.account).add(r.emoji).finish();
}
inline std::uint64_t hash_of(const ReactionCountRow& r) {
  return RowHasher(16)
      .add(r.conversation)
      .add(r.seq)
      .add(r.emoji)
      .add(r.count)
      .add(r.first_id)
      .finish();
}
inline std::uint64_t hash_of(const MentionRow& r) {
  return RowHasher(12).add(r.account).add(r.conversation).add(r.seq).finish();
}
inline std::uint64_t hash_of(const HiddenRow& r) {
  return RowHasher(13).add(r.account).add(r.conversation).add(r.seq).finish();
}
inline std::uint64_t hash_of(const DraftRow& r) {
  return RowHasher(14)
      .add(r.account)
      .add(r.conversation)
      .add(r.body)
      .add(r.reply_to)
      .add(r.updated_ms)
      .finish();
}
inline std::uint64_t hash_of(const BlockRow& r) {
  return RowHasher(15).add(r.account).add(r.blocked).finish();
}

// The state hash: the rows' sum (which knows no order, so it can be kept up row by row), and where
// in the log and in time it stands.
inline std::uint64_t state_hash_of(std::uint64_t rows, std::uint64_t applied_index,
                                   TimeMs time_ms) {
  return RowHasher(9)
      .add(static_cast<std::int64_t>(rows))
      .add(static_cast<std::int64_t>(applied_index))
      .add(time_ms)
      .finish();
}

}  // namespace starling::chat
