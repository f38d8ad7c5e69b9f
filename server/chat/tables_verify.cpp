// The rows' hash computed anew from all rows: what `verify` compares with the running one (R4.6).
#include "server/chat/tables.h"

namespace starling::chat {
namespace {

// Adds make(row)'s hash for every row that `sql` gives.
template <typename Make>
sqlite::Status sum_rows(sqlite::Database& database, const char* sql, std::uint64_t& sum,
                        Make make) {
  Query query(sql);
  Use use;
  CHAT_TRY(use.start(database, query));
  CHAT_TRY(use.each([&](const sqlite::Statement& row) { sum += hash_of(make(row)); }));
  return {};
}

sqlite::Status sum_people(sqlite::Database& database, std::uint64_t& sum) {
  using Row = const sqlite::Statement&;
  CHAT_TRY(sum_rows(database,
                    "SELECT id, name, display_name, password_hash, credential_version, "
                    "created_ms, deleted, about FROM accounts ORDER BY id",
                    sum, [](Row r) {
                      return AccountRow{r.integer(0), r.text(1),    r.text(2),         r.text(3),
                                        r.integer(4), r.integer(5), r.integer(6) != 0, r.text(7)};
                    }));
  CHAT_TRY(sum_rows(database,
                    "SELECT id, account, token_hash, device, created_ms, expires_ms "
                    "FROM sessions ORDER BY id",
                    sum, [](Row r) {
                      return SessionData{r.integer(0), r.integer(1), from_blob<32>(r.view(2)),
                                         r.text(3),    r.integer(4), r.integer(5)};
                    }));
  return sum_rows(database, "SELECT account, blocked FROM blocks ORDER BY account, blocked", sum,
                  [](Row r) {
                    return BlockRow{r.integer(0), r.integer(1)};
                  });
}

sqlite::Status sum_conversations(sqlite::Database& database, std::uint64_t& sum) {
  using Row = const sqlite::Statement&;
  CHAT_TRY(sum_rows(
      database, "SELECT id, kind, a, b, title, member_count FROM conversations ORDER BY id", sum,
      [](Row r) {
        return ConversationRow{r.integer(0), static_cast<ConversationKind>(r.integer(1)),
                               r.integer(2), r.integer(3),
                               r.text(4),    r.integer(5)};
      }));
  CHAT_TRY(sum_rows(database,
                    "SELECT account, conversation, peer, role, joined_index, left_index, "
                    "joined_seq, joined_ms, read_seq, delivered_seq "
                    "FROM members ORDER BY account, conversation, joined_index",
                    sum, [](Row r) {
                      return MemberRow{r.integer(0), r.integer(1),
                                       r.integer(2), static_cast<MemberRole>(r.integer(3)),
                                       r.integer(4), r.integer(5),
                                       r.integer(6), r.integer(7),
                                       r.integer(8), r.integer(9)};
                    }));
  return sum_rows(
      database,
      "SELECT account, conversation, body, reply_to, updated_ms FROM drafts "
      "ORDER BY account, conversation",
      sum, [](Row r) {
        return DraftRow{r.integer(0), r.integer(1), r.text(2), r.integer(3), r.integer(4)};
      });
}

// What hangs on messages.
sqlite::Status sum_marks(sqlite::Database& database, std::uint64_t& sum) {
  using Row = const sqlite::Statement&;
  CHAT_TRY(sum_rows(database,
                    "SELECT message, number, body, at_ms FROM edits ORDER BY message, number", sum,
                    [](Row r) {
                      return EditRow{r.integer(0), r.integer(1), r.text(2), r.integer(3)};
                    }));
  CHAT_TRY(sum_rows(database,
                    "SELECT conversation, seq, account, emoji FROM reactions "
                    "ORDER BY conversation, seq, account, emoji",
                    sum, [](Row r) {
                      return ReactionRow{r.integer(0), r.integer(1), r.integer(2), r.text(3)};
                    }));
  CHAT_TRY(sum_rows(
      database,
      "SELECT conversation, seq, emoji, count, first_id FROM reaction_counts "
      "ORDER BY conversation, seq, emoji",
      sum, [](Row r) {
        return ReactionCountRow{r.integer(0), r.integer(1), r.text(2), r.integer(3), r.integer(4)};
      }));
  CHAT_TRY(sum_rows(
      database,
      "SELECT account, conversation, seq FROM mentions ORDER BY account, conversation, seq", sum,
      [](Row r) {
        return MentionRow{r.integer(0), r.integer(1), r.integer(2)};
      }));
  return sum_rows(
      database, "SELECT account, conversation, seq FROM hidden ORDER BY account, conversation, seq",
      sum, [](Row r) {
        return HiddenRow{r.integer(0), r.integer(1), r.integer(2)};
      });
}

sqlite::Status sum_history(sqlite::Database& database, std::uint64_t& sum) {
  using Row = const sqlite::Statement&;
  CHAT_TRY(sum_rows(
      database,
      "SELECT id, conversation, seq, sender, request_id, body, sent_ms, deleted, kind, reply_to, "
      "edits, edited_ms FROM messages ORDER BY id",
      sum, [](Row r) {
        return MessageRow{r.integer(0),
                          r.integer(1),
                          r.integer(2),
                          r.integer(3),
                          from_blob<16>(r.view(4)),
                          r.view(5),
                          r.integer(6),
                          r.integer(7) != 0,
                          static_cast<MessageKind>(r.integer(8)),
                          r.integer(9),
                          r.integer(10),
                          r.integer(11)};
      }));
  CHAT_TRY(sum_rows(database,
                    "SELECT account, request_id, fingerprint, stamp_ms, outcome FROM outcomes "
                    "ORDER BY request_id, account",
                    sum, [](Row r) {
                      return OutcomeRow{r.integer(0), from_blob<16>(r.view(1)), r.integer(2),
                                        r.integer(3), r.text(4)};
                    }));
  CHAT_TRY(sum_rows(
      database, "SELECT account, request_id, code FROM voids ORDER BY account, request_id", sum,
      [](Row r) {
        return VoidRow{r.integer(0), from_blob<16>(r.view(1)), static_cast<Code>(r.integer(2))};
      }));
  return sum_rows(database,
                  "SELECT id, scope, kind, conversation, account, seq, detail "
                  "FROM events ORDER BY id",
                  sum, [](Row r) {
                    return EventRow{r.integer(0), r.integer(1), r.integer(2), r.integer(3),
                                    r.integer(4), r.integer(5), r.text(6)};
                  });
}

}  // namespace

sqlite::Status Tables::recompute_rows_hash(std::uint64_t& hash) {
  hash = 0;
  CHAT_TRY(sum_people(database_, hash));
  CHAT_TRY(sum_conversations(database_, hash));
  CHAT_TRY(sum_marks(database_, hash));
  return sum_history(database_, hash);
}

}  // namespace starling::chat
