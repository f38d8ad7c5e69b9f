// The file of an outbox.
#include "sdk/src/outbox_store.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "sdk/src/errors.h"
#include "sdk/src/file_platform.h"

namespace starling::sdk {
namespace {

constexpr int kBusy = 5;         // SQLite's primary code for a lock that somebody else has.
constexpr int kCorrupt = 11;     // SQLITE_CORRUPT
constexpr int kNoDatabase = 26;  // SQLITE_NOTADB
// The step to each version from the one before, kept in the file as its user_version. The first
// files did not number their tables: they are of version 0, as new files are, which is why its step
// leaves alone what is there.
constexpr const char* kSteps[] = {
    "CREATE TABLE IF NOT EXISTS owner(key INTEGER PRIMARY KEY CHECK(key = 1), cluster INTEGER NOT "
    "NULL, account INTEGER NOT NULL, last_id INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS entries(id INTEGER PRIMARY KEY, request_id BLOB NOT NULL UNIQUE, "
    "conversation INTEGER NOT NULL, body TEXT NOT NULL, state INTEGER NOT NULL, queued_at_ms "
    "INTEGER NOT NULL, error TEXT NOT NULL);",
    "ALTER TABLE entries ADD COLUMN reply_to INTEGER NOT NULL DEFAULT 0;",
};
constexpr std::int64_t kVersion = std::size(kSteps);

// `field`: why, for programs; see Outbox::open().
Error failed(const char* field, std::string message) {
  Error error = make_error(ErrorCode::kFailed, std::move(message));
  error.field = field;
  return error;
}

// Says what can be done about it, and names the file once: SQLite's wrapper does so, too.
Error unusable(const std::string& path, const sqlite::Status& status) {
  std::string why = status.message();
  for (std::size_t at = why.find(path); at != std::string::npos; at = why.find(path)) {
    const std::size_t from = at > 0 && why[at - 1] == ' ' ? at - 1 : at;
    const bool first = from == 0 && why.compare(path.size(), 2, ": ") == 0;
    why.erase(from, first ? path.size() + 2 : at + path.size() - from);
  }
  std::replace(why.begin(), why.end(), '\n', ' ');  // A check of SQLite's has a line for each page.
  const int code = status.code() & 0xff;
  if (code == kCorrupt || code == kNoDatabase) {
    return failed("damaged",
                  "The outbox " + path + " is damaged, or is no outbox (" + why +
                      "): move it away, with its -wal if there is one, to begin a new one; "
                      "what waited in it may not have been sent.");
  }
  return make_error(ErrorCode::kFailed,
                    "The outbox " + path + " cannot be used (" + why +
                        "): its folder has to be there, and both have to be this user's to write.");
}

}  // namespace

#define OUTBOX_TRY(step)                                                    \
  do {                                                                      \
    if (const sqlite::Status outbox_status = (step); !outbox_status.ok()) { \
      return unusable(path_, outbox_status);                                \
    }                                                                       \
  } while (false)

Status OutboxStore::open(const std::string& path, std::uint64_t cluster_id, std::int64_t account_id,
                         std::unique_ptr<OutboxStore>& out) {
  auto store = std::make_unique<OutboxStore>();
  if (Status status = store->prepare(path, cluster_id, account_id); !status.ok()) return status;
  out = std::move(store);
  return Unit{};
}

Status OutboxStore::prepare(const std::string& path, std::uint64_t cluster_id,
                            std::int64_t account_id) {
  path_ = path;
  // What waits is for its reader only: SQLite gives a new file the rights of the umask, and its WAL
  // those of the file.
  if (const std::error_code error = keep_from_others(path)) {
    std::error_code ignored;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder, ignored)) {
      return make_error(ErrorCode::kFailed,
                        "The folder of the outbox " + path + " is not there: make it first.");
    }
    return make_error(ErrorCode::kFailed, "The outbox " + path +
                                              " cannot be made for its owner alone (" +
                                              error.message() + "): choose another file.");
  }
  sqlite::OpenOptions options;
  options.synchronous = sqlite::Synchronous::kFull;
  options.auto_checkpoint = true;
  options.busy_timeout_ms = 200;
  sqlite::Status opened = sqlite::Database::open(path, options, database_);
  // Held until the connection closes: two processes would send the same entries in two orders.
  if (opened.ok()) {
    opened = database_.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;");
  }
  if ((opened.code() & 0xff) == kBusy) {
    return failed("busy", "The outbox " + path_ +
                              " is in use by another process: end that one, or "
                              "give this one a file of its own.");
  }
  OUTBOX_TRY(opened);
  OUTBOX_TRY(database_.quick_check());
  if (Status status = prepare_tables(); !status.ok()) return status;
  if (Status status = owner(cluster_id, account_id); !status.ok()) return status;
  OUTBOX_TRY(database_.prepare("INSERT INTO entries VALUES(?, ?, ?, ?, ?, ?, '', ?)", add_));
  OUTBOX_TRY(database_.prepare("UPDATE entries SET state = ?, error = ? WHERE id = ?", set_state_));
  OUTBOX_TRY(database_.prepare("DELETE FROM entries WHERE id = ?", remove_));
  return Unit{};
}

// Nothing is added to a file of another program, which cannot know what to do with it. A newer
// version's outbox may have more tables: its number is what is refused.
Status OutboxStore::refuse_other_tables() {
  std::int64_t newer = 0;
  OUTBOX_TRY(database_.query_integer(
      "SELECT (SELECT user_version FROM pragma_user_version) > " + std::to_string(kVersion) +
          " AND EXISTS(SELECT 1 FROM sqlite_schema WHERE name = 'owner')",
      0, newer));
  if (newer != 0) return Unit{};
  sqlite::Statement find;
  OUTBOX_TRY(
      database_.prepare("SELECT name FROM sqlite_schema WHERE name NOT IN ('owner', 'entries') "
                        "AND name NOT LIKE 'sqlite_%' LIMIT 1",
                        find));
  bool row = false;
  OUTBOX_TRY(find.step(row));
  if (!row) return Unit{};
  return make_error(ErrorCode::kFailed, "The file " + path_ + " is no outbox (it has a table or " +
                                            "index " + find.text(0) +
                                            "): give the outbox a file of its own.");
}

Status OutboxStore::prepare_tables() {
  if (Status status = refuse_other_tables(); !status.ok()) return status;
  std::int64_t version = 0;
  OUTBOX_TRY(database_.query_integer("PRAGMA user_version", 0, version));
  if (version < 0 || version > kVersion) {
    return failed("version",
                  "The outbox " + path_ + " has format " + std::to_string(version) +
                      ", and this version of Starling knows 0 to " + std::to_string(kVersion) +
                      ": use the newer version that wrote it, or give this one a file of its own.");
  }
  if (version == kVersion) return Unit{};
  OUTBOX_TRY(database_.begin());
  sqlite::Status status = bring_up(version);
  if (status.ok()) status = database_.commit();
  if (!status.ok()) database_.rollback();
  OUTBOX_TRY(status);
  return Unit{};
}

sqlite::Status OutboxStore::bring_up(std::int64_t from) {
  for (auto step = static_cast<std::size_t>(from); step < std::size(kSteps); ++step) {
    sqlite::Status status = database_.execute(kSteps[step]);
    if (!status.ok()) return status;
  }
  return database_.execute("PRAGMA user_version = " + std::to_string(kVersion));
}

Status OutboxStore::owner(std::uint64_t cluster_id, std::int64_t account_id) {
  const auto cluster = static_cast<std::int64_t>(cluster_id);
  sqlite::Statement find;
  OUTBOX_TRY(database_.prepare("SELECT cluster, account, last_id FROM owner", find));
  bool row = false;
  OUTBOX_TRY(find.step(row));
  if (!row) {
    find.reset();
    sqlite::Statement insert;
    OUTBOX_TRY(database_.prepare("INSERT INTO owner VALUES(1, ?, ?, 0)", insert));
    OUTBOX_TRY(insert.bind(1, cluster).bind(2, account_id).run());
    cluster_ = cluster;
    return Unit{};
  }
  cluster_ = find.integer(0);
  const bool same = find.integer(1) == account_id;
  last_id_ = find.integer(2);
  find.reset();
  if (cluster_id != 0) {
    if (Status status = confirm(cluster_id); !status.ok()) return status;
  }
  if (!same) return foreign();
  std::int64_t highest = 0;
  OUTBOX_TRY(database_.query_integer("SELECT max(id) FROM entries", 0, highest));
  last_id_ = std::max(last_id_, highest);
  return Unit{};
}

Error OutboxStore::foreign() const {
  return failed("owner", "The outbox " + path_ +
                             " belongs to another account; each account has a file "
                             "of its own.");
}

Status OutboxStore::confirm(std::uint64_t cluster_id) {
  const auto cluster = static_cast<std::int64_t>(cluster_id);
  if (cluster_ == cluster) return Unit{};
  if (cluster_ != 0) {
    return failed("owner",
                  "The outbox " + path_ +
                      " belongs to an account of another cluster, maybe of one that was here "
                      "before this one was made anew; give this account a file of its own.");
  }
  if (Status status = durable(true); !status.ok()) return status;
  OUTBOX_TRY(database_.execute("UPDATE owner SET cluster = " + std::to_string(cluster)));
  cluster_ = cluster;
  return Unit{};
}

// What a power cut may take is told apart by write: a lost "acknowledged" is found out again, a
// lost message is not.
Status OutboxStore::durable(bool on) {
  if (durable_ == on) return Unit{};
  OUTBOX_TRY(database_.execute(on ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  durable_ = on;
  return Unit{};
}

Status OutboxStore::add(OutboxEntry& entry) {
  if (Status status = durable(true); !status.ok()) return status;
  const std::int64_t id = last_id_ + 1;
  OUTBOX_TRY(add_.bind(1, id)
                 .bind_blob(2, entry.request_id)
                 .bind(3, entry.conversation_id)
                 .bind_text(4, entry.body)
                 .bind(5, static_cast<std::int64_t>(entry.state))
                 .bind(6, entry.queued_at_ms)
                 .bind(7, entry.reply_to)
                 .run());
  last_id_ = id;
  entry.id = id;
  return Unit{};
}

Status OutboxStore::set_state(std::int64_t id, OutboxState state, const std::string& error) {
  if (Status status = durable(false); !status.ok()) return status;
  OUTBOX_TRY(
      set_state_.bind(1, static_cast<std::int64_t>(state)).bind_text(2, error).bind(3, id).run());
  return Unit{};
}

Status OutboxStore::set_state_durably(std::int64_t id, OutboxState state) {
  if (Status status = durable(true); !status.ok()) return status;
  OUTBOX_TRY(
      set_state_.bind(1, static_cast<std::int64_t>(state)).bind_text(2, "").bind(3, id).run());
  return Unit{};
}

Status OutboxStore::remove(std::int64_t id) {
  if (Status status = durable(false); !status.ok()) return status;
  OUTBOX_TRY(database_.begin());
  // Ids are not given twice, not even when the file was empty in between.
  sqlite::Status status = database_.execute("UPDATE owner SET last_id = max(last_id, " +
                                            std::to_string(last_id_) + ")");
  if (status.ok()) status = remove_.bind(1, id).run();
  if (status.ok()) status = database_.commit();
  if (!status.ok()) database_.rollback();
  OUTBOX_TRY(status);
  return Unit{};
}

Status OutboxStore::load(std::vector<OutboxEntry>& out) {
  out.clear();
  sqlite::Statement all;
  OUTBOX_TRY(
      database_.prepare("SELECT id, request_id, conversation, body, state, queued_at_ms, "
                        "error, reply_to FROM entries ORDER BY id",
                        all));
  for (;;) {
    bool row = false;
    OUTBOX_TRY(all.step(row));
    if (!row) return Unit{};
    OutboxEntry entry;
    entry.id = all.integer(0);
    entry.request_id = all.text(1);
    entry.conversation_id = all.integer(2);
    entry.body = all.text(3);
    entry.state = static_cast<OutboxState>(all.integer(4));
    entry.queued_at_ms = all.integer(5);
    entry.error = all.text(6);
    entry.reply_to = all.integer(7);
    out.push_back(std::move(entry));
  }
}

#undef OUTBOX_TRY

}  // namespace starling::sdk
