// The one checked way to SQLite: every return code is looked at here, and nothing else in the tree
// calls sqlite3_* (a lint test sees to it). No exceptions: each step gives a Status.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace starling::sqlite {

// The outcome of a database step. ok() is the only success; `message` is a sentence for people: the
// file and SQLite's reason. `statement` is the SQL that met it, if any, for a debugging log.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(int code, std::string message, std::string statement = {})
      : code_(code), message_(std::move(message)), statement_(std::move(statement)) {}
  bool ok() const { return code_ == 0; }
  int code() const { return code_; }  // SQLite's extended result code.
  // Whether the file is damaged, or no database at all, rather than the disk failing.
  bool damage() const;
  const std::string& message() const { return message_; }
  const std::string& statement() const { return statement_; }

 private:
  int code_ = 0;
  std::string message_;
  std::string statement_;
};

class Database;

// A prepared statement. Bind from 1, step, read columns from 0, reset (also clears the bindings).
// A bind error is kept and given by the next step.
class Statement {
 public:
  Statement() = default;
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  Statement& bind(int position, std::int64_t value);
  Statement& bind_text(int position, std::string_view value);  // Copied.
  Statement& bind_blob(int position, std::string_view value);  // Copied.
  Statement& bind_null(int position);

  // Advances to the next row: `row` is false at the end.
  Status step(bool& row);
  // For statements that give no row: steps to the end and resets.
  Status run();
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;       // Also for blobs.
  std::string_view view(int column) const;  // Valid until the next step or reset.
  bool is_null(int column) const;

 private:
  friend class Database;
  sqlite3_stmt* handle_ = nullptr;
  sqlite3* database_ = nullptr;
  int bind_error_ = 0;
};

enum class Synchronous { kOff, kNormal, kFull };

struct OpenOptions {
  bool read_only = false;
  bool create = true;
  bool wal = true;
  Synchronous synchronous = Synchronous::kNormal;
  int cache_kib = 2'048;
  bool auto_checkpoint = false;  // Checkpoints are somebody's explicit work (checkpoint()).
  int busy_timeout_ms = 5'000;
};

// One connection. Thread contract: one caller at a time; different connections are independent.
class Database {
 public:
  Database() = default;
  ~Database();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;

  // `path` ":memory:" gives a private in-memory database.
  static Status open(const std::string& path, const OpenOptions& options, Database& out);
  bool is_open() const { return handle_ != nullptr; }
  Status close();

  Status prepare(std::string_view sql, Statement& out);
  // One or more statements without rows.
  Status execute(const std::string& sql);
  // The first column of the first row, or `otherwise` when there is no row.
  Status query_integer(std::string_view sql, std::int64_t otherwise, std::int64_t& out);
  Status begin();  // BEGIN IMMEDIATE
  Status commit();
  void rollback();
  std::int64_t changes() const;

  // Moves WAL pages into the database and fsyncs it. PASSIVE: waits for nobody. `complete` says
  // whether everything that was in the WAL has been moved.
  Status checkpoint(bool& complete);
  Status quick_check();

  // Copies the database into the fresh file `path`, `pages` at a time; between two steps `go_on`
  // may wait, and stops the copying with false (an SQLITE_ABORT status). Inside a transaction the
  // copy is of what that sees, whatever others write meanwhile. Neither synced nor in WAL mode yet.
  Status copy_to(const std::string& path, int pages, const std::function<bool()>& go_on);

  // Whole-database image of an in-memory database, and back (for the simulator's disk).
  Status serialize(std::string& out);
  Status deserialize(std::string_view image);

  // While it lives, statements that run on past it, or after `stop` has said so, end with an error
  // (SQLITE_INTERRUPT). `stop` is asked every few hundred microseconds, on the caller's thread. One
  // at a time, of the connection's one caller; the database must not be moved meanwhile.
  class TimeLimit {
   public:
    TimeLimit(Database& database, std::chrono::milliseconds longest,
              std::function<bool()> stop = {});
    ~TimeLimit();
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;
    bool passed() const { return passed_; }
    bool stopped() const { return stopped_; }

   private:
    static int look(void* self);

    Database& database_;
    const std::chrono::steady_clock::time_point end_;
    const std::function<bool()> stop_;
    bool passed_ = false;
    bool stopped_ = false;
  };

 private:
  sqlite3* handle_ = nullptr;
  std::string path_;
};

}  // namespace starling::sqlite
