// What a LogStore is made of. Used by log_store.cpp (opening, appending, reading) and
// log_compaction.cpp (where the log begins).
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "server/sqlite/sqlite.h"
#include "server/storage/log_rows.h"
#include "server/storage/storage.h"

namespace starling::storage {

// What one pass over the whole log finds.
struct Outline {
  core::Index last_index = 0;
  std::vector<std::pair<core::Index, core::Term>> term_runs;
  std::vector<std::pair<core::Index, std::string>> configurations;  // Still encoded.
  core::WallMs last_stamp_ms = 0;
};

// How many bytes of entries lie between two indexes, roughly: a mark every kMarkBytes. Thread
// contract: every call is thread-safe.
class SizeMarks {
 public:
  void clear(core::Index base);
  void add(core::Index index, std::size_t bytes);
  void cut_from(core::Index first);
  void drop_to(core::Index index);
  std::uint64_t total() const;
  core::Index index_before(std::uint64_t bytes) const;

 private:
  static constexpr std::uint64_t kMarkBytes = 16 << 10;

  mutable std::mutex mutex_;
  // {index, bytes of all entries up to it}, ascending; the first one is the base's.
  std::vector<std::pair<core::Index, std::uint64_t>> marks_{{0, 0}};
  std::uint64_t end_ = 0;
};

struct LogStore::Impl {
  std::string path;
  // Statements after their connection, so that they end first; the writer outlives the others,
  // because the last one that closes empties the WAL.
  sqlite::Database writer;
  sqlite::Database checkpointer;
  sqlite::Database reader;
  sqlite::Statement insert;
  sqlite::Statement remove;
  sqlite::Statement select;
  std::atomic<core::Index> last_index = 0;
  std::atomic<std::uint64_t> append_steps = 0;  // Odd while an append is under way.
  std::atomic<bool> wal_wants_end = false;
  Outline outline;
  bool outline_current = false;
  std::atomic<bool> failed = false;  // For good: nothing is acknowledged any more.

  Base base;  // The thread of append's.
  std::string chat_file = kFirstChatFile;
  std::atomic<core::Index> compact_target = 0;  // Never goes back.
  SizeMarks marks;

  Status open(core::Index known_durable);
  Status make_schema();
  Status create_tables();
  Status boot_record();
  Status scan();
  Status prepare();
  Status check_batch(const core::PersistEntries& batch, core::Index last) const;
  Status write(const core::PersistEntries& batch, core::Index last);
  Status append(const std::vector<core::PersistEntries>& batches);
  Status commit(const std::vector<core::PersistEntries>& batches, Base& next);

  // log_compaction.cpp; in the writer's open transaction where they write.
  Status add_base_table();
  Status load_base();
  Status store_base(const Base& next, const std::string& chat);
  // Lets go of a few entries that may go. `next` is the base afterwards.
  Status compact_slice(core::Index last, core::Index appended, Base& next);
  void compacted(const Base& next);
};

}  // namespace starling::storage
