// The checked wrapper over SQLite's C interface.
#include "server/sqlite/sqlite.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace starling::sqlite {
namespace {

[[noreturn]] void misuse(const char* what) {
  std::fprintf(stderr, "starling: sqlite wrapper misused: %s\n", what);
  std::abort();
}

Status failure(sqlite3* database, int code, std::string_view doing) {
  std::string message(doing);
  message += ": ";
  message += database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
  return Status(extended != SQLITE_OK ? extended : code, std::move(message));
}

// Of a statement: the file and the reason; the SQL stays beside it.
Status sql_failure(sqlite3* database, int code, std::string_view sql) {
  const char* file = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
  const std::string doing = file != nullptr && *file != '\0' ? file : "SQLite";
  const Status plain = failure(database, code, doing);
  return Status(plain.code(), plain.message(), std::string(sql));
}

const char* pragma_of(Synchronous synchronous) {
  switch (synchronous) {
    case Synchronous::kOff:
      return "OFF";
    case Synchronous::kNormal:
      return "NORMAL";
    case Synchronous::kFull:
      return "FULL";
  }
  misuse("unknown synchronous setting");
}

}  // namespace

bool Status::damage() const {
  const int primary = code_ & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

// ---- Statement ----------------------------------------------------------------------------------

Statement::~Statement() {
  // The code of finalize repeats the last step's error, which that step gave already.
  if (handle_ != nullptr) (void)sqlite3_finalize(handle_);
}

Statement::Statement(Statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      database_(std::exchange(other.database_, nullptr)),
      bind_error_(std::exchange(other.bind_error_, 0)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(database_, other.database_);
  std::swap(bind_error_, other.bind_error_);
  return *this;
}

Statement& Statement::bind(int position, std::int64_t value) {
  const int code = sqlite3_bind_int64(handle_, position, value);
  if (code != SQLITE_OK && bind_error_ == 0) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_text(int position, std::string_view value) {
  const char* data = value.data() != nullptr ? value.data() : "";
  const int code =
      sqlite3_bind_text64(handle_, position, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK && bind_error_ == 0) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_blob(int position, std::string_view value) {
  // A null pointer would bind NULL instead of an empty blob.
  const char* data = value.data() != nullptr ? value.data() : "";
  const int code = sqlite3_bind_blob64(handle_, position, data, value.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK && bind_error_ == 0) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_null(int position) {
  const int code = sqlite3_bind_null(handle_, position);
  if (code != SQLITE_OK && bind_error_ == 0) bind_error_ = code;
  return *this;
}

Status Statement::step(bool& row) {
  row = false;
  if (handle_ == nullptr) misuse("step of an empty statement");
  if (bind_error_ != 0) {
    const int code = std::exchange(bind_error_, 0);
    return Status(code, std::string("bind: ") + sqlite3_errstr(code));
  }
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) {
    row = true;
    return {};
  }
  if (code == SQLITE_DONE) return {};
  return sql_failure(database_, code, sqlite3_sql(handle_));
}

Status Statement::run() {
  bool row = false;
  Status status;
  do {
    status = step(row);
  } while (status.ok() && row);
  reset();
  return status;
}

void Statement::reset() {
  // Both only repeat what step() has given already.
  (void)sqlite3_reset(handle_);
  (void)sqlite3_clear_bindings(handle_);
  bind_error_ = 0;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::view(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::string Statement::text(int column) const { return std::string(view(column)); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

// ---- Database -----------------------------------------------------------------------------------

Database::~Database() {
  if (handle_ != nullptr) (void)sqlite3_close_v2(handle_);
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(path_, other.path_);
  return *this;
}

Status Database::open(const std::string& path, const OpenOptions& options, Database& out) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create && !options.read_only) flags |= SQLITE_OPEN_CREATE;
  Database database;
  database.path_ = path;
  const int code = sqlite3_open_v2(path.c_str(), &database.handle_, flags, nullptr);
  if (code != SQLITE_OK) return failure(database.handle_, code, "cannot open " + path);
  if (const int busy = sqlite3_busy_timeout(database.handle_, options.busy_timeout_ms);
      busy != SQLITE_OK) {
    return failure(database.handle_, busy, "busy_timeout");
  }
  std::string setup = "PRAGMA temp_store=MEMORY;";
  setup += "PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
  if (!options.read_only) {
    setup += std::string("PRAGMA synchronous=") + pragma_of(options.synchronous) + ";";
    if (!options.auto_checkpoint) setup += "PRAGMA wal_autocheckpoint=0;";
  }
  if (Status status = database.execute(setup); !status.ok()) return status;
  if (options.wal && !options.read_only && path != ":memory:") {
    Statement statement;
    if (Status status = database.prepare("PRAGMA journal_mode=WAL", statement); !status.ok()) {
      return status;
    }
    bool row = false;
    if (Status status = statement.step(row); !status.ok()) return status;
    if (!row || statement.text(0) != "wal") {
      return Status(SQLITE_ERROR,
                    "cannot open " + path + ": this file system does not allow a WAL");
    }
  }
  out = std::move(database);
  return {};
}

Status Database::close() {
  if (handle_ == nullptr) return {};
  const int code = sqlite3_close(handle_);
  if (code != SQLITE_OK) return failure(handle_, code, "close " + path_);
  handle_ = nullptr;
  return {};
}

Status Database::prepare(std::string_view sql, Statement& out) {
  if (handle_ == nullptr) misuse("prepare on a closed database");
  Statement statement;
  statement.database_ = handle_;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement.handle_, nullptr);
  if (code != SQLITE_OK) return sql_failure(handle_, code, sql);
  if (statement.handle_ == nullptr) misuse("prepare of an empty statement");
  out = std::move(statement);
  return {};
}

Status Database::execute(const std::string& sql) {
  if (handle_ == nullptr) misuse("execute on a closed database");
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sql_failure(handle_, code, sql);
  return {};
}

Status Database::query_integer(std::string_view sql, std::int64_t otherwise, std::int64_t& out) {
  Statement statement;
  if (Status status = prepare(sql, statement); !status.ok()) return status;
  bool row = false;
  if (Status status = statement.step(row); !status.ok()) return status;
  out = row && !statement.is_null(0) ? statement.integer(0) : otherwise;
  return {};
}

Status Database::begin() { return execute("BEGIN IMMEDIATE"); }

Status Database::commit() { return execute("COMMIT"); }

void Database::rollback() {
  // SQLite rolls back by itself after some errors; then there is nothing left to roll back.
  if (handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0) {
    const Status status = execute("ROLLBACK");
    if (!status.ok()) misuse(status.message().c_str());
  }
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Status Database::checkpoint(bool& complete) {
  int in_log = 0;
  int moved = 0;
  complete = false;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  // BUSY only says that another checkpoint runs: nothing is lost, and it is not complete.
  if ((code & 0xff) == SQLITE_BUSY) return {};
  if (code != SQLITE_OK) return failure(handle_, code, "checkpoint " + path_);
  complete = in_log == moved;
  return {};
}

Status Database::quick_check() {
  Statement statement;
  if (Status status = prepare("PRAGMA quick_check(1)", statement); !status.ok()) return status;
  bool row = false;
  if (Status status = statement.step(row); !status.ok()) return status;
  if (!row || statement.text(0) != "ok") {
    return Status(SQLITE_CORRUPT, "quick_check " + path_ + ": " + (row ? statement.text(0) : ""));
  }
  return {};
}

Status Database::copy_to(const std::string& path, int pages, const std::function<bool()>& go_on) {
  OpenOptions options;
  options.wal = false;
  options.synchronous = Synchronous::kOff;
  Database copy;
  if (Status status = open(path, options, copy); !status.ok()) return status;
  if (Status status = copy.execute("PRAGMA journal_mode=OFF"); !status.ok()) return status;
  sqlite3_backup* backup = sqlite3_backup_init(copy.handle_, "main", handle_, "main");
  if (backup == nullptr) {
    return failure(copy.handle_, sqlite3_extended_errcode(copy.handle_), "copy to " + path);
  }
  int step = SQLITE_OK;
  bool stopped = false;
  while (step == SQLITE_OK && !stopped) {
    step = sqlite3_backup_step(backup, pages);
    stopped = step == SQLITE_OK && !go_on();
  }
  const int finished = sqlite3_backup_finish(backup);
  if (stopped) return Status(SQLITE_ABORT, "copy to " + path + ": stopped");
  if (step != SQLITE_DONE) return failure(copy.handle_, step, "copy to " + path);
  if (finished != SQLITE_OK) return failure(copy.handle_, finished, "copy to " + path);
  return copy.close();
}

Status Database::serialize(std::string& out) {
  sqlite3_int64 size = 0;
  unsigned char* image = sqlite3_serialize(handle_, "main", &size, 0);
  if (image == nullptr) return Status(SQLITE_NOMEM, "serialize " + path_);
  out.assign(reinterpret_cast<const char*>(image), static_cast<std::size_t>(size));
  sqlite3_free(image);
  return {};
}

Status Database::deserialize(std::string_view image) {
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(image.size() == 0 ? 1 : image.size()));
  if (copy == nullptr) return Status(SQLITE_NOMEM, "deserialize " + path_);
  std::memcpy(copy, image.data(), image.size());
  const auto size = static_cast<sqlite3_int64>(image.size());
  const int code =
      sqlite3_deserialize(handle_, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  if (code != SQLITE_OK) return failure(handle_, code, "deserialize " + path_);
  return {};
}

Database::TimeLimit::TimeLimit(Database& database, std::chrono::milliseconds longest,
                               std::function<bool()> stop)
    : database_(database),
      end_(std::chrono::steady_clock::now() + longest),
      stop_(std::move(stop)) {
  constexpr int kStepsBetweenLooks = 10'000;  // Some hundred microseconds.
  sqlite3_progress_handler(database_.handle_, kStepsBetweenLooks, look, this);
}

Database::TimeLimit::~TimeLimit() {
  sqlite3_progress_handler(database_.handle_, 0, nullptr, nullptr);
}

int Database::TimeLimit::look(void* self) {
  auto* limit = static_cast<TimeLimit*>(self);
  limit->passed_ = std::chrono::steady_clock::now() > limit->end_;
  limit->stopped_ = limit->stopped_ || (limit->stop_ && limit->stop_());
  return limit->passed_ || limit->stopped_ ? 1 : 0;
}

}  // namespace starling::sqlite
