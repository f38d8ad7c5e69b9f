// The rows of chat.db as they are, and the hash that each one adds to the state hash. Internal to
// server/chat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/chat/commands.h"
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

enum class ConversationKind : std::int64_t { kDirect = 1 };

struct AccountRow {
  AccountId id = 0;
  std::string name;
  std::string display_name;
  std::string password_hash;
  std::int64_t credential_version = 0;
  TimeMs created_ms = 0;
  bool deleted = false;
};

struct SessionData {
  SessionId id = 0;
  AccountId account = 0;
  TokenHash token_hash{};
  std::string device;
  TimeMs expires_ms = 0;
};

struct ConversationRow {
  ConversationId id = 0;
  ConversationKind kind = ConversationKind::kDirect;
  AccountId a = 0;  // The lower id of a direct conversation's two accounts...
  AccountId b = 0;  // ... and the higher one.
};

struct MemberRow {
  AccountId account = 0;
  ConversationId conversation = 0;
  AccountId peer = 0;  // The other side of a direct conversation.
  std::int64_t joined_index = 0;
  std::int64_t left_index = 0;  // 0: still there.
  Seq read_seq = 0;
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
      .finish();
}
inline std::uint64_t hash_of(const SessionData& r) {
  return RowHasher(2)
      .add(r.id)
      .add(r.account)
      .add(std::string_view(reinterpret_cast<const char*>(r.token_hash.data()), 32))
      .add(r.device)
      .add(r.expires_ms)
      .finish();
}
inline std::uint64_t hash_of(const ConversationRow& r) {
  return RowHasher(3).add(r.id).add(static_cast<std::int64_t>(r.kind)).add(r.a).add(r.b).finish();
}
inline std::uint64_t hash_of(const MemberRow& r) {
  return RowHasher(4)
      .add(r.account)
      .add(r.conversation)
      .add(r.peer)
      .add(r.joined_index)
      .add(r.left_index)
      .add(r.read_seq)
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
      .finish();
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
