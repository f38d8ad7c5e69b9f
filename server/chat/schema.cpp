// The tables of chat.db. Explicit keys only, STRICT, no REAL (R4.6): equal logs give equal rows.
#include "server/chat/schema.h"

#include <string>

#include "server/chat/query.h"

namespace starling::chat {
namespace {

constexpr std::int64_t kSchemaVersion = 2;

// messages: a request id is unique per sender for ever (R4.2). Ids are made in time order (UUIDv7),
// so with the id first, new rows of all senders go to the same few pages. The other index carries
// what counting unread messages needs, so that it never touches the rows; that (conversation, seq)
// is unique is seen to by the only writer there is. outcomes: kept for kRetryWindowMs (R4.1);
// voids: for ever (R4.3). events: see EventRow in rows.h.
constexpr const char* kTables = R"sql(
CREATE TABLE meta(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  schema_version INTEGER NOT NULL,
  applied_index INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  rows_hash INTEGER NOT NULL,
  retention_floor INTEGER NOT NULL
) STRICT;
CREATE TABLE accounts(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  credential_version INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  about TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_by_name ON accounts(name) WHERE deleted = 0;
CREATE TABLE sessions(
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  device TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_by_token ON sessions(token_hash);
CREATE INDEX sessions_by_account ON sessions(account);
CREATE INDEX sessions_by_expiry ON sessions(expires_ms);
CREATE TABLE conversations(
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  title TEXT NOT NULL,
  member_count INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversations_by_pair ON conversations(a, b) WHERE a <> 0;
CREATE TABLE members(
  account INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  role INTEGER NOT NULL,
  joined_index INTEGER NOT NULL,
  left_index INTEGER NOT NULL,
  joined_seq INTEGER NOT NULL,
  joined_ms INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  delivered_seq INTEGER NOT NULL,
  PRIMARY KEY(account, conversation, joined_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_present ON members(account, conversation) WHERE left_index = 0;
CREATE INDEX members_by_conversation ON members(conversation, left_index, account);
CREATE TABLE messages(
  id INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  request_id BLOB NOT NULL,
  sent_ms INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  reply_to INTEGER NOT NULL,
  edits INTEGER NOT NULL,
  edited_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_request ON messages(request_id, sender);
CREATE INDEX messages_by_seq ON messages(conversation, seq, sender, deleted, kind);
CREATE TABLE edits(
  message INTEGER NOT NULL,
  number INTEGER NOT NULL,
  body TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(message, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE reactions(
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  account INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  PRIMARY KEY(conversation, seq, account, emoji)
) STRICT, WITHOUT ROWID;
CREATE TABLE reaction_counts(
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_id INTEGER NOT NULL,
  PRIMARY KEY(conversation, seq, emoji)
) STRICT, WITHOUT ROWID;
CREATE TABLE mentions(
  account INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(account, conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions(conversation, seq);
CREATE TABLE hidden(
  account INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(account, conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE drafts(
  account INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  body TEXT NOT NULL,
  reply_to INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY(account, conversation)
) STRICT, WITHOUT ROWID;
CREATE TABLE blocks(
  account INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  PRIMARY KEY(account, blocked)
) STRICT, WITHOUT ROWID;
CREATE TABLE outcomes(
  account INTEGER NOT NULL,
  request_id BLOB NOT NULL,
  fingerprint INTEGER NOT NULL,
  stamp_ms INTEGER NOT NULL,
  outcome BLOB NOT NULL,
  PRIMARY KEY(request_id, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcomes_by_stamp ON outcomes(stamp_ms);
CREATE TABLE voids(
  account INTEGER NOT NULL,
  request_id BLOB NOT NULL,
  code INTEGER NOT NULL,
  PRIMARY KEY(account, request_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY,
  scope INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  conversation INTEGER NOT NULL,
  account INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_scope ON events(scope, id, kind, seq);
)sql";

// Indexes that came after version 2: a store that was made before gets them at its next opening.
constexpr const char* kLaterIndexes = R"sql(
CREATE INDEX IF NOT EXISTS members_in_groups ON members(account, conversation)
  WHERE left_index = 0 AND peer = 0;
)sql";

sqlite::Status create_tables(sqlite::Database& database) {
  CHAT_TRY(database.begin());
  sqlite::Status status =
      database.execute(std::string(kTables) + kLaterIndexes + "INSERT INTO meta VALUES(1, " +
                       std::to_string(kSchemaVersion) + ", 0, 0, 0, 0);");
  if (status.ok()) status = database.commit();
  if (!status.ok()) database.rollback();
  return status;
}

}  // namespace

sqlite::Status prepare_schema(sqlite::Database& database) {
  std::int64_t tables = 0;
  CHAT_TRY(database.query_integer("SELECT count(*) FROM sqlite_schema", 0, tables));
  if (tables == 0) return create_tables(database);
  std::int64_t has_meta = 0;
  CHAT_TRY(database.query_integer(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'", 0, has_meta));
  std::int64_t version = 0;
  if (has_meta != 0) {
    CHAT_TRY(database.query_integer("SELECT schema_version FROM meta WHERE id = 1", 0, version));
  }
  if (version != kSchemaVersion) {
    return sqlite::Status(kNotOurs, "not a chat store of this version (schema " +
                                        std::to_string(version) + ", wanted " +
                                        std::to_string(kSchemaVersion) + ")");
  }
  return database.execute(kLaterIndexes);
}

sqlite::Status read_meta(sqlite::Database& database, Meta& out) {
  Query query("SELECT applied_index, time_ms, rows_hash, retention_floor FROM meta WHERE id = 1");
  Use use;
  CHAT_TRY(use.start(database, query));
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return sqlite::Status(kNotOurs, "chat store: the row of meta is missing");
  out.applied_index = static_cast<std::uint64_t>(use->integer(0));
  out.time_ms = use->integer(1);
  out.rows_hash = static_cast<std::uint64_t>(use->integer(2));
  out.retention_floor = static_cast<std::uint64_t>(use->integer(3));
  return {};
}

}  // namespace starling::chat
