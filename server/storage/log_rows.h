// Inside of the log store: how an entry lies in a row of log.db, and what is done to the file after
// a disk error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/sqlite/sqlite.h"
#include "server/storage/storage.h"

namespace starling::storage {

// SQLite's status as storage's: damage is kCorrupt, all else kIo.
Status from(const sqlite::Status& status);
// kCorrupt, with what to do.
Status corrupt_log(const std::string& path, const std::string& what);

// What every write gets after one that failed.
Status failed_before();

inline std::int64_t stored(std::uint64_t value) { return static_cast<std::int64_t>(value); }
inline std::uint64_t loaded(std::int64_t value) { return static_cast<std::uint64_t>(value); }

// The columns of `entries`, in the order in which load and bind use them.
inline constexpr std::string_view kColumns = "idx, term, kind, stamp_ms, data, sum";

struct Row {
  core::Index index = 0;
  core::Term term = 0;
  std::uint64_t kind = 0;
  std::int64_t stamp_ms = 0;
  std::string_view data;  // Until the next step of the statement.
};

// False: the row is not what was written.
bool load(const sqlite::Statement& statement, Row& out);
core::EntryPtr entry_of(const Row& row);
void bind(const core::Entry& entry, sqlite::Statement& insert);

sqlite::OpenOptions writer_options();

// Says that a write or fsync failed while this log was open, for the next start (R2.6). It need not
// be durable: when it is lost with the page cache, so is what it warns of. Nor does it need to
// succeed: a file system that takes no new name has been remounted before it takes a log again.
void leave_failed_mark(const std::string& path);

// After a failed fsync the kernel may call pages clean that never reached the disk, and the next
// fsync succeeds over them. So a log with the mark is copied to a fresh, fsynced file (R2.6).
Status rewrite_if_failed(const std::string& path);

}  // namespace starling::storage
