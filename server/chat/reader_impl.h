// What a Reader is made of: a connection, its statements, and the consistent view that a call of
// several statements needs. Internal to server/chat.
#pragma once

#include <string>
#include <vector>

#include "server/chat/query.h"
#include "server/chat/rows.h"
#include "server/chat/store.h"

namespace starling::chat {

struct Membership {
  ConversationId conversation = 0;
  AccountId peer = 0;
  std::int64_t joined_index = 0;
  std::int64_t left_index = 0;
  Seq joined_seq = 0;
};

struct Reader::Impl {
  sqlite::Database own;                  // Open unless the reader is over a store's connection.
  sqlite::Database* database = nullptr;  // The one in use.

  // One consistent state for as long as it lives. Over a store's own connection nothing is needed:
  // no apply() runs meanwhile.
  class View {
   public:
    explicit View(Impl& impl) : impl_(impl) {}
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;
    sqlite::Status begin();

   private:
    sqlite::Status end();

    Impl& impl_;
    bool open_ = false;
  };

  sqlite::Status title_and_counts(AccountId account, Conversation& out);
  sqlite::Status count_unread(ConversationId conversation, AccountId account, Seq read_seq,
                              std::int64_t& count);
  sqlite::Status last_seq(ConversationId conversation, Seq& seq);
  sqlite::Status one_count(Query& query, ConversationId conversation, Seq after, AccountId account,
                           std::int64_t& count);
  // A member's view (reader_history.cpp).
  sqlite::Status stay(ConversationId conversation, AccountId account, bool& is_member,
                      Seq& joined_seq);
  sqlite::Status decorate(ConversationId conversation, AccountId viewer,
                          std::vector<Message>& messages);
  sqlite::Status mark_seqs(Query& query, ConversationId conversation, AccountId viewer,
                           std::vector<Message>& messages, bool Message::*mark);
  sqlite::Status add_reactions(ConversationId conversation, AccountId viewer,
                               std::vector<Message>& messages);
  sqlite::Status messages(Query& query, ConversationId conversation, Seq from, int limit,
                          std::vector<Message>& out, bool& more);
  // For the search index (reader_search.cpp).
  sqlite::Status new_texts(std::int64_t after, int limit, std::vector<Text>& out,
                           std::int64_t& reached, bool& more);
  sqlite::Status changed_texts(std::int64_t after, int limit, std::vector<std::int64_t>& out,
                               std::int64_t& reached, bool& more);
  sqlite::Status add_text(std::int64_t id, std::vector<Text>& out);
  // The groups that an account is in, ascending, once they have been asked for.
  struct Groups {
    bool known = false;
    std::vector<ConversationId> ids;
  };
  // Whether the viewer may know how the other one is. `groups`: the viewer's.
  sqlite::Status may_see(AccountId viewer, AccountId other, Groups& groups, bool& may);
  sqlite::Status shares_group(AccountId viewer, AccountId other, Groups& groups, bool& shares);
  sqlite::Status any(Query& query, std::int64_t first, std::int64_t second, bool& found);
  // Events: see reader_events.cpp.
  struct Candidate {
    std::int64_t id = 0;
    bool is_message = false;
    ConversationId conversation = 0;  // As the asking account sees it.
    bool has_left = false;            // It is not there any more.
  };
  struct Candidates;
  // The stays of which anything after that index is to be told.
  sqlite::Status memberships(AccountId account, std::uint64_t after, std::vector<Membership>& out);
  sqlite::Status collect_messages(const Membership& membership, std::int64_t after,
                                  Candidates& candidates);
  sqlite::Status first_seq_after(ConversationId conversation, std::int64_t after, bool& found,
                                 Seq& seq);
  sqlite::Status id_of_seq(ConversationId conversation, Seq seq, std::int64_t& id);
  sqlite::Status collect_events(std::int64_t scope, const Membership* membership,
                                std::int64_t after, Candidates& candidates);
  sqlite::Status load_event(const Candidate& candidate, Event& out);
  sqlite::Status load_message(Query& query, std::int64_t first, std::int64_t second, Message& out);

  Query begin_{"BEGIN"};
  Query commit_{"COMMIT"};
  Query meta_{"SELECT applied_index, time_ms, rows_hash, retention_floor FROM meta WHERE id = 1"};
  Query credentials_{
      "SELECT id, password_hash, credential_version FROM accounts "
      "WHERE name = ?1 AND deleted = 0"};
  Query session_{"SELECT id, account, expires_ms FROM sessions WHERE token_hash = ?1"};
  Query account_by_name_{
      "SELECT id, name, display_name, created_ms, deleted, about FROM accounts "
      "WHERE name = ?1 AND deleted = 0"};
  Query account_by_id_{
      "SELECT id, name, display_name, created_ms, deleted, about FROM accounts WHERE id = ?1"};
  Query accounts_{
      "SELECT id, name, display_name, created_ms, deleted, about FROM accounts "
      "WHERE deleted = 0 AND name > ?1 AND name >= ?2 ORDER BY name"};
  Query is_member_{
      "SELECT 1 FROM members WHERE account = ?1 AND conversation = ?2 AND left_index = 0"};
  Query conversation_{
      "SELECT m.conversation, m.peer, m.read_seq, m.role, m.joined_seq, c.kind, c.title, "
      "c.member_count FROM members m CROSS JOIN conversations c "
      "WHERE m.account = ?1 AND m.conversation = ?2 AND m.left_index = 0 AND c.id = ?2"};
  Query conversations_{
      "SELECT m.conversation, m.peer, m.read_seq, m.role, m.joined_seq, c.kind, c.title, "
      "c.member_count FROM members m CROSS JOIN conversations c "
      "WHERE m.account = ?1 AND m.conversation > ?2 AND m.left_index = 0 "
      "AND c.id = m.conversation ORDER BY m.conversation LIMIT ?3"};
  Query marks_{
      "SELECT read_seq, delivered_seq FROM members "
      "WHERE account = ?1 AND conversation = ?2 AND left_index = 0"};
  Query draft_{
      "SELECT body, reply_to, updated_ms FROM drafts WHERE account = ?1 AND conversation = ?2"};
  Query stay_{
      "SELECT joined_seq FROM members "
      "WHERE account = ?1 AND conversation = ?2 AND left_index = 0"};
  Query members_{
      "SELECT a.id, a.name, a.display_name, a.created_ms, a.deleted, a.about, m.role, m.joined_ms, "
      "m.read_seq, m.delivered_seq FROM members m INDEXED BY members_by_conversation "
      "CROSS JOIN accounts a WHERE m.conversation = ?1 AND m.left_index = 0 AND m.account > ?2 "
      "AND a.id = m.account ORDER BY m.account LIMIT ?3"};
  Query sessions_of_{
      "SELECT id, device, created_ms, expires_ms FROM sessions WHERE account = ?1 ORDER BY id"};
  Query has_blocked_{"SELECT 1 FROM blocks WHERE account = ?1 AND blocked = ?2"};
  Query blocks_{
      "SELECT a.id, a.name, a.display_name, a.created_ms, a.deleted, a.about FROM blocks b "
      "CROSS JOIN accounts a WHERE b.account = ?1 AND b.blocked > ?2 AND a.id = b.blocked "
      "AND a.deleted = 0 ORDER BY b.blocked LIMIT ?3"};
  // Presence: see reader_presence.cpp.
  Query is_live_{"SELECT 1 FROM accounts WHERE id = ?1 AND deleted = 0"};
  Query has_direct_{
      "SELECT 1 FROM conversations INDEXED BY conversations_by_pair "
      "WHERE a = ?1 AND b = ?2 AND a <> 0"};
  Query groups_of_{
      "SELECT conversation FROM members INDEXED BY members_in_groups "
      "WHERE account = ?1 AND left_index = 0 AND peer = 0 ORDER BY conversation"};
  Query peer_in_{
      "SELECT peer FROM members WHERE account = ?1 AND conversation = ?2 AND left_index = 0"};
  Query some_present_in_{
      "SELECT account FROM members INDEXED BY members_by_conversation "
      "WHERE conversation = ?1 AND left_index = 0 LIMIT ?2"};
  Query edits_{"SELECT body, at_ms FROM edits WHERE message = ?1 ORDER BY number"};
  Query last_seq_{"SELECT max(seq) FROM messages WHERE conversation = ?1"};
  Query count_unread_{
      "SELECT count(*) FROM messages INDEXED BY messages_by_seq "
      "WHERE conversation = ?1 AND seq > ?2 AND sender <> ?3 AND deleted = 0 AND kind = 0"};
  Query count_hidden_unread_{
      "SELECT count(*) FROM hidden h CROSS JOIN messages m INDEXED BY messages_by_seq "
      "WHERE h.account = ?3 AND h.conversation = ?1 AND h.seq > ?2 AND m.conversation = ?1 "
      "AND m.seq = h.seq AND m.sender <> ?3 AND m.deleted = 0 AND m.kind = 0"};
  Query count_mentions_{
      "SELECT count(*) FROM mentions t WHERE t.account = ?3 AND t.conversation = ?1 "
      "AND t.seq > ?2 AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.account = ?3 "
      "AND h.conversation = ?1 AND h.seq = t.seq)"};
  Query hidden_in_{
      "SELECT seq FROM hidden "
      "WHERE account = ?1 AND conversation = ?2 AND seq >= ?3 AND seq <= ?4 ORDER BY seq"};
  Query mentions_in_{
      "SELECT seq FROM mentions "
      "WHERE account = ?1 AND conversation = ?2 AND seq >= ?3 AND seq <= ?4 ORDER BY seq"};
  Query reactions_in_{
      "SELECT seq, emoji, count FROM reaction_counts "
      "WHERE conversation = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq, first_id, emoji"};
  Query own_reactions_{
      "SELECT emoji FROM reactions "
      "WHERE conversation = ?1 AND seq = ?2 AND account = ?3 ORDER BY emoji"};
  Query messages_before_{
      "SELECT m.id, m.conversation, m.seq, m.sender, a.name, m.body, m.sent_ms, m.deleted, "
      "m.request_id, m.kind, m.reply_to, m.edits, m.edited_ms FROM messages m INDEXED BY "
      "messages_by_seq CROSS JOIN accounts a "
      "WHERE m.conversation = ?1 AND m.seq < ?2 AND a.id = m.sender "
      "ORDER BY m.seq DESC LIMIT ?3"};
  Query messages_after_{
      "SELECT m.id, m.conversation, m.seq, m.sender, a.name, m.body, m.sent_ms, m.deleted, "
      "m.request_id, m.kind, m.reply_to, m.edits, m.edited_ms FROM messages m INDEXED BY "
      "messages_by_seq CROSS JOIN accounts a "
      "WHERE m.conversation = ?1 AND m.seq > ?2 AND a.id = m.sender ORDER BY m.seq LIMIT ?3"};
  Query unread_{
      "SELECT m.id, m.conversation, m.seq, m.sender, a.name, m.body, m.sent_ms, m.deleted, "
      "m.request_id, m.kind, m.reply_to, m.edits, m.edited_ms FROM messages m INDEXED BY "
      "messages_by_seq CROSS JOIN accounts a "
      "WHERE m.conversation = ?1 AND m.seq > ?2 AND m.sender <> ?4 AND m.deleted = 0 "
      "AND m.kind = 0 AND NOT EXISTS (SELECT 1 FROM hidden h WHERE h.account = ?4 "
      "AND h.conversation = ?1 AND h.seq = m.seq) AND a.id = m.sender ORDER BY m.seq LIMIT ?3"};
  Query message_by_id_{
      "SELECT m.id, m.conversation, m.seq, m.sender, a.name, m.body, m.sent_ms, m.deleted, "
      "m.request_id, m.kind, m.reply_to, m.edits, m.edited_ms FROM messages m CROSS JOIN accounts "
      "a WHERE m.id = ?1 AND a.id = m.sender"};
  Query message_by_seq_{
      "SELECT m.id, m.conversation, m.seq, m.sender, a.name, m.body, m.sent_ms, m.deleted, "
      "m.request_id, m.kind, m.reply_to, m.edits, m.edited_ms FROM messages m INDEXED BY "
      "messages_by_seq CROSS JOIN accounts a "
      "WHERE m.conversation = ?1 AND m.seq = ?2 AND a.id = m.sender"};
  Query memberships_{
      "SELECT conversation, peer, joined_index, left_index, joined_seq FROM members "
      "WHERE account = ?1 AND (left_index = 0 OR left_index >= ?2) "
      "ORDER BY conversation, joined_index"};
  Query id_of_seq_{
      "SELECT id FROM messages INDEXED BY messages_by_seq WHERE conversation = ?1 AND seq = ?2"};
  Query ids_from_seq_{
      "SELECT id FROM messages INDEXED BY messages_by_seq "
      "WHERE conversation = ?1 AND seq >= ?2 ORDER BY seq"};
  Query events_of_{
      "SELECT id FROM events INDEXED BY events_by_scope WHERE scope = ?1 AND id > ?2 "
      "AND (seq > ?3 OR kind NOT IN (2, 6, 7)) ORDER BY id"};
  Query new_texts_{
      "SELECT id, conversation, sender, deleted, kind, body FROM messages "
      "WHERE id > ?1 ORDER BY id LIMIT ?2"};
  // The kinds are EventKind's kMessageDeleted and kMessageEdited.
  Query changed_texts_{
      "SELECT id, conversation, seq FROM events "
      "WHERE id > ?1 AND id <= ?2 AND kind IN (2, 6) ORDER BY id LIMIT ?3"};
  Query stays_{
      "SELECT m.conversation, CASE c.kind WHEN 2 THEN c.title ELSE a.name END, "
      "CASE m.joined_seq WHEN 0 THEN 0 ELSE coalesce((SELECT id FROM messages INDEXED BY "
      "messages_by_seq WHERE conversation = m.conversation AND seq = m.joined_seq + 1), "
      "9223372036854775807) END FROM members m "
      "CROSS JOIN conversations c ON c.id = m.conversation LEFT JOIN accounts a ON a.id = m.peer "
      "WHERE m.account = ?1 AND m.left_index = 0 ORDER BY m.conversation"};
  Query seen_texts_{
      "SELECT m.id, m.edits, CASE WHEN m.edits > 0 THEN m.body END FROM json_each(?2) j "
      "CROSS JOIN messages m ON m.id = j.value CROSS JOIN members s INDEXED BY members_present "
      "ON s.account = ?1 AND s.conversation = m.conversation AND s.left_index = 0 "
      "WHERE m.deleted = 0 AND m.kind = 0 AND m.seq > s.joined_seq AND NOT EXISTS (SELECT 1 "
      "FROM hidden h WHERE h.account = ?1 AND h.conversation = m.conversation AND h.seq = m.seq) "
      "ORDER BY j.key"};
  Query time_of_message_{"SELECT id, sent_ms FROM messages WHERE id >= ?1 ORDER BY id LIMIT 1"};
  Query event_{"SELECT kind, conversation, account, seq, detail FROM events WHERE id = ?1"};
};

Account account_from(const sqlite::Statement& row);  // Of its first six columns.

Message message_from_row(const sqlite::Statement& row);

}  // namespace starling::chat
