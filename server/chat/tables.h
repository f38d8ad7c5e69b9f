// The writer's way to the rows: every change goes through here, so that the rows' hash keeps up
// with it, and the rows that each send needs are kept in memory. Internal to server/chat.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/chat/query.h"
#include "server/chat/rows.h"

namespace starling::chat {

struct HotAccount {
  AccountRow row;
  bool voids_known = false;
  bool has_voids = false;  // Whether it is worth looking into `voids` at all,
  bool blocks_known = false;
  bool has_blocks = false;  // or into `blocks`.
};

struct HotMember {
  MemberRow row;
  bool sent = false;
  RequestId last_sent{};  // What a pipelined send names as its predecessor, nearly always.
};

struct HotConversation {
  ConversationRow row;
  Seq last_seq = 0;
  std::vector<HotMember> members;  // The present ones, by account.
  Audience audience;               // Their accounts; null: to be made anew.

  std::vector<HotMember>::iterator place_of(AccountId account) {
    return std::lower_bound(
        members.begin(), members.end(), account,
        [](const HotMember& member, AccountId wanted) { return member.row.account < wanted; });
  }
  HotMember* member(AccountId account) {
    const auto place = place_of(account);
    return place != members.end() && place->row.account == account ? &*place : nullptr;
  }
  const Audience& everybody() {
    if (audience == nullptr) {
      std::vector<AccountId> accounts;
      accounts.reserve(members.size());
      for (const HotMember& member : members) accounts.push_back(member.row.account);
      audience = std::make_shared<const std::vector<AccountId>>(std::move(accounts));
    }
    return audience;
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
  sqlite::Status update(HotAccount& account, AccountRow row);
  sqlite::Status find_account_by_name(std::string_view name, AccountId& id);  // 0: none.
  sqlite::Status find_session(SessionId id, const SessionData*& out);
  sqlite::Status find_session_by_token(const TokenHash& token, SessionId& id);  // 0: none.
  sqlite::Status sessions_of(AccountId account, std::vector<SessionId>& out);   // Oldest first.
  sqlite::Status insert(const SessionData& row);
  sqlite::Status remove_session(SessionId id);
  sqlite::Status expire_sessions(TimeMs now, int at_most);

  // Conversations.
  sqlite::Status find_conversation(ConversationId id, HotConversation*& out);
  // nullptr also when the account is not in it; then its members are not even read.
  sqlite::Status find_conversation_of(AccountId account, ConversationId id, HotConversation*& out);
  sqlite::Status find_direct(AccountId a, AccountId b, ConversationId& out);  // 0: none.
  sqlite::Status insert(const ConversationRow& row, const std::vector<MemberRow>& members);
  // Every stay, former ones too.
  sqlite::Status memberships_of(AccountId account, std::vector<MemberRow>& out);
  sqlite::Status count_groups(AccountId account, std::int64_t& count);  // That it is in now.
  sqlite::Status remove_member(const MemberRow& row);  // Also of a former stay: the row goes.
  // The same stay with other values: role, marks, or that it is over.
  sqlite::Status update(HotMember& member, const MemberRow& row);
  sqlite::Status add_member(HotConversation& conversation, const MemberRow& row);
  sqlite::Status end_stay(HotConversation& conversation, AccountId account, std::int64_t index);
  sqlite::Status end_all_stays(HotConversation& conversation, std::int64_t index);
  sqlite::Status update(HotConversation& conversation, const ConversationRow& row);

  // Messages and events.
  sqlite::Status insert(const MessageRow& row, bool& duplicate);  // duplicate: nothing was done.
  sqlite::Status find_request(AccountId sender, const RequestId& request, bool& found,
                              StoredMessage& out);
  sqlite::Status find_message(ConversationId conversation, Seq seq, bool& found,
                              StoredMessage& out);
  sqlite::Status delete_message(const MessageRow& row);  // Leaves the tombstone.
  sqlite::Status update_body(const MessageRow& before, const MessageRow& after);
  sqlite::Status insert(const EventRow& row);

  // What hangs on a message (tables_marks.cpp).
  sqlite::Status insert(const EditRow& row);
  sqlite::Status remove_edits(MessageId message);
  sqlite::Status reactions_by(AccountId account, ConversationId conversation, Seq seq,
                              std::vector<ReactionRow>& out);
  sqlite::Status reaction_counts(ConversationId conversation, Seq seq,
                                 std::vector<ReactionCountRow>& out);
  sqlite::Status insert(const ReactionRow& row);
  sqlite::Status remove(const ReactionRow& row);
  // From `before` to `after`; a count of 0 on either side is no row.
  sqlite::Status change(const ReactionCountRow& before, const ReactionCountRow& after);
  sqlite::Status mentions_in(ConversationId conversation, Seq seq, std::vector<MentionRow>& out);
  sqlite::Status insert(const MentionRow& row);
  sqlite::Status remove(const MentionRow& row);
  sqlite::Status insert(const HiddenRow& row, bool& is_new);
  sqlite::Status find_draft(AccountId account, ConversationId conversation, bool& found,
                            DraftRow& out);
  sqlite::Status insert(const DraftRow& row);
  sqlite::Status remove(const DraftRow& row);
  sqlite::Status remove_draft(AccountId account, ConversationId conversation);  // If there is one.
  sqlite::Status remove_drafts_of(AccountId account);

  // Blocks.
  sqlite::Status has_blocked(HotAccount& account, AccountId other, bool& blocked);
  sqlite::Status blocks_of(AccountId account, std::vector<BlockRow>& out);
  sqlite::Status insert(HotAccount& account, const BlockRow& row);
  sqlite::Status remove(const BlockRow& row);

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
  sqlite::Status insert(const MemberRow& row);

  sqlite::Database& database_;
  std::uint64_t rows_hash_ = 0;
  std::unordered_map<AccountId, HotAccount> accounts_;
  std::unordered_map<SessionId, SessionData> sessions_;
  std::unordered_map<ConversationId, HotConversation> conversations_;
  std::size_t remembered_members_ = 0;  // In conversations_, or a few that have left since.
  // The oldest that there is, so that most entries need not look for expired ones.
  std::int64_t oldest_outcome_ms_ = kUnknown;
  std::int64_t oldest_session_ms_ = kUnknown;

  Query write_meta_{
      "UPDATE meta SET applied_index = ?1, time_ms = ?2, rows_hash = ?3 WHERE id = 1"};

  Query account_{
      "SELECT name, display_name, password_hash, credential_version, created_ms, deleted, about "
      "FROM accounts WHERE id = ?1"};
  Query id_of_name_{"SELECT id FROM accounts WHERE name = ?1 AND deleted = 0"};
  Query insert_account_{
      "INSERT INTO accounts(id, name, display_name, password_hash, credential_version, "
      "created_ms, deleted, about) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"};
  Query update_account_{
      "UPDATE accounts SET name = ?2, display_name = ?3, password_hash = ?4, "
      "credential_version = ?5, deleted = ?6, about = ?7 WHERE id = ?1"};
  Query session_{
      "SELECT account, token_hash, device, created_ms, expires_ms FROM sessions WHERE id = ?1"};
  Query session_by_token_{"SELECT id FROM sessions WHERE token_hash = ?1"};
  Query sessions_of_{"SELECT id FROM sessions WHERE account = ?1 ORDER BY id"};
  Query insert_session_{
      "INSERT INTO sessions(id, account, token_hash, device, created_ms, expires_ms) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
  Query remove_session_{"DELETE FROM sessions WHERE id = ?1"};
  Query oldest_session_{"SELECT expires_ms FROM sessions ORDER BY expires_ms LIMIT 1"};
  Query expired_sessions_{
      "SELECT id FROM sessions WHERE expires_ms <= ?1 ORDER BY expires_ms, id LIMIT ?2"};

  Query conversation_{"SELECT kind, a, b, title, member_count FROM conversations WHERE id = ?1"};
  Query last_seq_{"SELECT max(seq) FROM messages WHERE conversation = ?1"};
  Query members_{
      "SELECT account, conversation, peer, role, joined_index, left_index, joined_seq, joined_ms, "
      "read_seq, delivered_seq FROM members "
      "WHERE conversation = ?1 AND left_index = 0 ORDER BY account"};
  Query is_member_{
      "SELECT 1 FROM members WHERE account = ?1 AND conversation = ?2 AND left_index = 0"};
  Query direct_{"SELECT id FROM conversations WHERE a = ?1 AND b = ?2 AND a <> 0"};
  Query insert_conversation_{
      "INSERT INTO conversations(id, kind, a, b, title, member_count) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"};
  Query update_conversation_{
      "UPDATE conversations SET title = ?2, member_count = ?3 WHERE id = ?1"};
  Query insert_member_{
      "INSERT INTO members(account, conversation, peer, role, joined_index, left_index, "
      "joined_seq, joined_ms, read_seq, delivered_seq) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};
  Query memberships_{
      "SELECT account, conversation, peer, role, joined_index, left_index, joined_seq, joined_ms, "
      "read_seq, delivered_seq FROM members "
      "WHERE account = ?1 ORDER BY conversation, joined_index"};
  Query count_groups_{
      "SELECT count(*) FROM members WHERE account = ?1 AND left_index = 0 AND peer = 0"};
  Query remove_member_{
      "DELETE FROM members WHERE account = ?1 AND conversation = ?2 AND joined_index = ?3"};
  Query update_member_{
      "UPDATE members SET role = ?4, left_index = ?5, read_seq = ?6, delivered_seq = ?7 "
      "WHERE account = ?1 AND conversation = ?2 AND joined_index = ?3"};

  Query insert_message_{
      "INSERT INTO messages(id, conversation, seq, sender, request_id, sent_ms, deleted, kind, "
      "reply_to, edits, edited_ms, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, 0, 0, ?9) "
      "ON CONFLICT(request_id, sender) DO NOTHING"};
  Query message_by_request_{
      "SELECT id, conversation, seq, sender, request_id, sent_ms, deleted, kind, reply_to, edits, "
      "edited_ms, body FROM messages WHERE sender = ?1 AND request_id = ?2"};
  Query message_by_seq_{
      "SELECT id, conversation, seq, sender, request_id, sent_ms, deleted, kind, reply_to, edits, "
      "edited_ms, body FROM messages WHERE conversation = ?1 AND seq = ?2"};
  Query update_message_{
      "UPDATE messages SET deleted = ?2, edits = ?3, edited_ms = ?4, body = ?5 WHERE id = ?1"};
  Query insert_event_{
      "INSERT INTO events(id, scope, kind, conversation, account, seq, detail) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"};

  Query insert_edit_{"INSERT INTO edits(message, number, body, at_ms) VALUES(?1, ?2, ?3, ?4)"};
  Query edits_{"SELECT message, number, body, at_ms FROM edits WHERE message = ?1 ORDER BY number"};
  Query remove_edits_{"DELETE FROM edits WHERE message = ?1"};
  Query reactions_by_{
      "SELECT conversation, seq, account, emoji FROM reactions "
      "WHERE conversation = ?1 AND seq = ?2 AND account = ?3 ORDER BY emoji"};
  Query insert_reaction_{
      "INSERT INTO reactions(conversation, seq, account, emoji) VALUES(?1, ?2, ?3, ?4)"};
  Query remove_reaction_{
      "DELETE FROM reactions WHERE conversation = ?1 AND seq = ?2 AND account = ?3 AND emoji = ?4"};
  Query reaction_counts_{
      "SELECT conversation, seq, emoji, count, first_id FROM reaction_counts "
      "WHERE conversation = ?1 AND seq = ?2 ORDER BY emoji"};
  Query put_reaction_count_{
      "INSERT OR REPLACE INTO reaction_counts(conversation, seq, emoji, count, first_id) "
      "VALUES(?1, ?2, ?3, ?4, ?5)"};
  Query remove_reaction_count_{
      "DELETE FROM reaction_counts WHERE conversation = ?1 AND seq = ?2 AND emoji = ?3"};
  Query mentions_{
      "SELECT account, conversation, seq FROM mentions INDEXED BY mentions_by_message "
      "WHERE conversation = ?1 AND seq = ?2 ORDER BY account"};
  Query insert_mention_{"INSERT INTO mentions(account, conversation, seq) VALUES(?1, ?2, ?3)"};
  Query remove_mention_{
      "DELETE FROM mentions WHERE account = ?1 AND conversation = ?2 AND seq = ?3"};
  Query insert_hidden_{
      "INSERT INTO hidden(account, conversation, seq) VALUES(?1, ?2, ?3) "
      "ON CONFLICT(account, conversation, seq) DO NOTHING"};
  Query draft_{
      "SELECT body, reply_to, updated_ms FROM drafts WHERE account = ?1 AND conversation = ?2"};
  Query drafts_of_{
      "SELECT account, conversation, body, reply_to, updated_ms FROM drafts WHERE account = ?1 "
      "ORDER BY conversation"};
  Query insert_draft_{
      "INSERT INTO drafts(account, conversation, body, reply_to, updated_ms) "
      "VALUES(?1, ?2, ?3, ?4, ?5)"};
  Query remove_draft_{"DELETE FROM drafts WHERE account = ?1 AND conversation = ?2"};
  Query block_{"SELECT 1 FROM blocks WHERE account = ?1 AND blocked = ?2"};
  Query blocks_of_{"SELECT account, blocked FROM blocks WHERE account = ?1 ORDER BY blocked"};
  Query insert_block_{"INSERT INTO blocks(account, blocked) VALUES(?1, ?2)"};
  Query remove_block_{"DELETE FROM blocks WHERE account = ?1 AND blocked = ?2"};

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
