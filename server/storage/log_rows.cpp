// Rows of log.db, and the copy of the log that follows a disk error.
#include "server/storage/log_rows.h"

#include <cstdio>
#include <memory>

#include "server/storage/checksum.h"
#include "server/storage/platform.h"

namespace starling::storage {
namespace {

std::uint64_t sum_of(core::Index index, core::Term term, std::uint64_t kind, std::int64_t stamp_ms,
                     std::string_view data) {
  Checksum sum;
  sum.add(index);
  sum.add(term);
  sum.add(kind);
  sum.add(static_cast<std::uint64_t>(stamp_ms));
  sum.add(data);
  return sum.value();
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string failed_mark(const std::string& path) { return path + "-failed"; }

}  // namespace

Status from(const sqlite::Status& status) {
  if (status.ok()) return {};
  if (status.damage()) {
    return Status(ErrorKind::kCorrupt,
                  "the log is damaged: " + status.message() +
                      ". Set the data directory aside and join the cluster "
                      "as a new server",
                  status.statement());
  }
  return Status(ErrorKind::kIo, "the log: " + status.message(), status.statement());
}

Status corrupt_log(const std::string& path, const std::string& what) {
  return Status(ErrorKind::kCorrupt,
                "the log " + path + " is damaged: " + what +
                    ". This server must not vote on what it forgot; set the data directory aside "
                    "and join the cluster as a new server");
}

Status failed_before() {
  return Status(ErrorKind::kIo, "the log failed before: nothing is written");
}

bool load(const sqlite::Statement& statement, Row& out) {
  out.index = loaded(statement.integer(0));
  out.term = loaded(statement.integer(1));
  out.kind = loaded(statement.integer(2));
  out.stamp_ms = statement.integer(3);
  out.data = statement.view(4);
  const auto last_kind = static_cast<std::uint64_t>(core::EntryKind::kConfiguration);
  return out.kind <= last_kind && loaded(statement.integer(5)) ==
                                      sum_of(out.index, out.term, out.kind, out.stamp_ms, out.data);
}

core::EntryPtr entry_of(const Row& row) {
  auto entry = std::make_shared<core::Entry>();
  entry->term = row.term;
  entry->index = row.index;
  entry->kind = static_cast<core::EntryKind>(row.kind);
  entry->stamp_ms = row.stamp_ms;
  entry->data = std::string(row.data);
  return entry;
}

void bind(const core::Entry& entry, sqlite::Statement& insert) {
  const auto kind = static_cast<std::uint64_t>(entry.kind);
  const std::uint64_t sum = sum_of(entry.index, entry.term, kind, entry.stamp_ms, entry.data);
  insert.bind(1, stored(entry.index)).bind(2, stored(entry.term)).bind(3, stored(kind));
  insert.bind(4, entry.stamp_ms).bind_blob(5, entry.data).bind(6, stored(sum));
}

sqlite::OpenOptions writer_options() {
  sqlite::OpenOptions options;
  options.synchronous = sqlite::Synchronous::kFull;
  return options;
}

void leave_failed_mark(const std::string& path) {
  platform::File mark;
  const Status status = platform::File::open(failed_mark(path), mark);
  if (!status.ok()) std::fprintf(stderr, "starling: %s\n", status.message().c_str());
}

Status rewrite_if_failed(const std::string& path) {
  bool failed = false;
  if (Status status = platform::exists(failed_mark(path), failed); !status.ok()) return status;
  if (!failed) return {};
  const std::string fresh = path + "-fresh";
  if (Status status = platform::remove_file(fresh); !status.ok()) return status;
  {
    sqlite::Database old;
    Status status = from(sqlite::Database::open(path, writer_options(), old));
    if (status.ok()) status = from(old.execute("VACUUM INTO " + quoted(fresh)));
    // Moves all of the WAL into the old file and removes it: it must not meet the fresh file.
    if (status.ok()) status = from(old.close());
    if (!status.ok()) return status;
  }
  bool wal = false;
  if (Status status = platform::exists(path + "-wal", wal); !status.ok()) return status;
  if (wal) {
    return Status(ErrorKind::kIo, "the log " + path +
                                      " cannot be rewritten after a disk error: its WAL cannot be "
                                      "emptied. Look at the disk, then start again");
  }
  if (Status status = platform::sync_file(fresh); !status.ok()) return status;
  if (Status status = platform::rename_file(fresh, path); !status.ok()) return status;
  if (Status status = platform::sync_directory(platform::parent_of(path)); !status.ok()) {
    return status;
  }
  return platform::remove_file(failed_mark(path));
}

}  // namespace starling::storage
