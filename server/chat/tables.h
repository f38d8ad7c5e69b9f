// The writer's way to the rows: every change goes through here, so that the rows' hash keeps up
// with it, and the rows that each send needs are kept in memory. Internal to server/chat.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/chat/query.h"
#include "server/chat/rows.h"

namespace starling::chat {

struct HotAccount {
  AccountRow row;
  bool voids_known = false;
  bool has_voids = false;  // Whether it is worth looking into `voids` at all.
};

struct HotMember {
  MemberRow row;
  bool sent = false;
  RequestId last_sent{};  // What a pipelined send names as its predecessor, nearly always.
};

struct HotConversation {
  ConversationRow row;
  Seq last_seq = 0;
  std::vector<HotMember> members;

  HotMember* member(AccountId account) {
    for (HotMember& m : members) {
      if (m.row.account == account && m.row.left_index == 0) return &m;
    }
    return nullptr;
  }
};

struct StoredMessage {
  MessageRow row;  // `row.body` is a view of `body`.
  std::string body;
};

// Pointers that find_*() gives stay good until trim(), forget() or the removal of that row.
class Tables {
 public:
  explicit Tables(sqlite::Database& database) : database_(database) {}

  // After a rollback: nothing remembered holds any more.
  void forget();
  // Keeps the memory bounded; to be called between transactions.
  void trim();

  std::uint64_t rows_hash() const { return rows_hash_; }
  void set_rows_hash(std::uint64_t hash) { rows_hash_ = hash; }
  // The rows' hash computed anew from the rows (tables_verify.cpp).
  sqlite::Status recompute_rows_hash(std::uint64_t& hash);
  sqlite::Status write_meta(std::uint64_t applied_index, TimeMs time_ms);

  // Accounts and sessions; nullptr when there is none. Deleted accounts are found.
  sqlite::Status find_account(AccountId id, HotAccount*& out);
  sqlite::Status name_taken(std::string_view name, bool& taken);
  sqlite::Status insert(const AccountRow& row);
  sqlite::Status bury_account(HotAccount& account);  // Empties the row and marks it deleted.
  sqlite::Status find_session(SessionId id, const SessionData*& out);
  sqlite::Status find_session_by_token(const TokenHash& token, SessionId& id);  // 0: none.
  sqlite::Status sessions_of(AccountId account, std::vector<SessionId>& out);   // Oldest first.
  sqlite::Status insert(const SessionData& row);
  sqlite::Status remove_session(SessionId id);
  sqlite::Status expire_sessions(TimeMs now, int at_most);

  // Conversations.
  sqlite::Status find_conversation(ConversationId id, HotConversation*& out);
  sqlite::Status find_direct(AccountId a, AccountId b, ConversationId& out);  // 0: none.
  sqlite::Status insert(const ConversationRow& row, const std::vector<MemberRow>& members);
  sqlite::Status memberships_of(AccountId account, std::vector<MemberRow>& out);
  sqlite::Status remove_member(const MemberRow& row);
  sqlite::Status set_read_mark(HotMember& member, Seq seq);

  // Messages and events.
  sqlite::Status insert(const MessageRow& row, bool& duplicate);  // duplicate: nothing was done.
  sqlite::Status find_request(AccountId sender, const RequestId& request, bool& found,
                              StoredMessage& out);
  sqlite::Status find_message(ConversationId conversation, Seq seq, bool& found,
                              StoredMessage& out);
  sqlite::Status delete_message(const MessageRow& row);  // Leaves the tombstone.
  sqlite::Status insert(const EventRow& row);

  // Dedupe.
  sqlite::Status find_outcome(AccountId account, const RequestId& request, bool& found,
                              OutcomeRow& out);
  sqlite::Status insert(const OutcomeRow& row);
  sqlite::Status remove(const OutcomeRow& row);
  sqlite::Status expire_outcomes(TimeMs older_than, int at_most);
  // `account` 0 (which owns no voids) is never asked for.
  sqlite::Status find_void(HotAccount& account, const RequestId& request, bool& found, Code& code);
  sqlite::Status insert(HotAccount& account, const VoidRow& row);

 private:
  static constexpr std::int64_t kUnknown = -1;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  template <typename Row>
  void added(const Row& row) {
    rows_hash_ += hash_of(row);
  }
  template <typename Row>
  void removed(const Row& row) {
    rows_hash_ -= hash_of(row);
  }
  sqlite::Status load_members(HotConversation& conversation);

  sqlite::Database& database_;
  std::uint64_t rows_hash_ = 0;
  std::unordered_map<AccountId, HotAccount> accounts_;
  std::unordered_map<SessionId, SessionData> sessions_;
  std::unordered_map<ConversationId, HotConversation> conversations_;
  // The oldest that there is, so that most entries need not look for expired ones.
  std::int64_t oldest_outcome_ms_ = kUnknown;
  std::int64_t oldest_session_ms_ = kUnknown;

  Query write_meta_{
      "UPDATE meta SET applied_index = ?1, time_ms = ?2, rows_hash = ?3 WHERE id = 1"};

  Query account_{
      "SELECT name, display_name, password_hash, credential_version, created_ms, deleted "
      "FROM accounts WHERE id = ?1"};
  Query name_taken_{"SELECT 1 FROM accounts WHERE name = ?1 AND deleted = 0"};
  Query insert_account_{
      "INSERT INTO accounts(id, name, display_name, password_hash, credential_version, "
      "created_ms, deleted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Query bury_account_{
      "UPDATE accounts SET name = '', display_name = '', password_hash = '', deleted = 1 "
      "WHERE id = ?1"};
  Query session_{"SELECT account, token_hash, device, expires_ms FROM sessions WHERE id = ?1"};
  Query session_by_token_{"SELECT id FROM sessions WHERE token_hash = ?1"};
  Query sessions_of_{"SELECT id FROM sessions WHERE account = ?1 ORDER BY id"};
  Query insert_session_{
      "INSERT INTO sessions(id, account, token_hash, device, expires_ms) "
      "VALUES(?1, ?2, ?3, ?4, ?5)"};
  Query remove_session_{"DELETE FROM sessions WHERE id = ?1"};
  Query oldest_session_{"SELECT expires_ms FROM sessions ORDER BY expires_ms LIMIT 1"};
  Query expired_sessions_{
      "SELECT id FROM sessions WHERE expires_ms <= ?1 ORDER BY expires_ms, id LIMIT ?2"};

  Query conversation_{"SELECT kind, a, b FROM conversations WHERE id = ?1"};
  Query last_seq_{"SELECT max(seq) FROM messages WHERE conversation = ?1"};
  Query members_{
      "SELECT m.account, m.conversation, m.peer, m.joined_index, m.left_index, m.read_seq "
      "FROM members m WHERE m.conversation = ?1 ORDER BY m.account"};
  Query direct_{"SELECT id FROM conversations WHERE a = ?1 AND b = ?2"};
  Query insert_conversation_{"INSERT INTO conversations(id, kind, a, b) VALUES(?1, ?2, ?3, ?4)"};
  Query insert_member_{
      "INSERT INTO members(account, conversation, peer, joined_index, left_index, read_seq) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
  Query memberships_{
      "SELECT account, conversation, peer, joined_index, left_index, read_seq "
      "FROM members WHERE account = ?1 ORDER BY conversation"};
  Query remove_member_{"DELETE FROM members WHERE account = ?1 AND conversation = ?2"};
  Query read_mark_{"UPDATE members SET read_seq = ?3 WHERE account = ?1 AND conversation = ?2"};

  Query insert_message_{
      "INSERT INTO messages(id, conversation, seq, sender, request_id, sent_ms, deleted, body) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, ?7) ON CONFLICT(request_id, sender) DO NOTHING"};
  Query message_by_request_{
      "SELECT id, conversation, seq, sender, request_id, sent_ms, deleted, body "
      "FROM messages WHERE sender = ?1 AND request_id = ?2"};
  Query message_by_seq_{
      "SELECT id, conversation, seq, sender, request_id, sent_ms, deleted, body "
      "FROM messages WHERE conversation = ?1 AND seq = ?2"};
  Query delete_message_{"UPDATE messages SET deleted = 1, body = '' WHERE id = ?1"};
  Query insert_event_{
      "INSERT INTO events(id, scope, kind, conversation, account, seq) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};

  Query outcome_{
      "SELECT fingerprint, stamp_ms, outcome FROM outcomes WHERE account = ?1 AND request_id = ?2"};
  Query insert_outcome_{
      "INSERT INTO outcomes(account, request_id, fingerprint, stamp_ms, outcome) "
      "VALUES(?1, ?2, ?3, ?4, ?5)"};
  Query remove_outcome_{"DELETE FROM outcomes WHERE account = ?1 AND request_id = ?2"};
  Query oldest_outcome_{"SELECT stamp_ms FROM outcomes ORDER BY stamp_ms LIMIT 1"};
  Query expired_outcomes_{
      "SELECT account, request_id, fingerprint, stamp_ms, outcome FROM outcomes "
      "WHERE stamp_ms < ?1 ORDER BY stamp_ms, request_id, account LIMIT ?2"};
  Query void_{"SELECT code FROM voids WHERE account = ?1 AND request_id = ?2"};
  Query any_void_{"SELECT 1 FROM voids WHERE account = ?1 LIMIT 1"};
  Query insert_void_{"INSERT INTO voids(account, request_id, code) VALUES(?1, ?2, ?3)"};
};

}  // namespace starling::chat
