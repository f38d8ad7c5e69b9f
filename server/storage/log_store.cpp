// The log in log.db: one row for each entry, one transaction and so one fsync for each append call.
//
// Three connections: the writer (FULL: every commit fsyncs the WAL), a reader for entries that have
// left the core's cache, and one for checkpoints.
#include <utility>

#include "server/storage/log_store_impl.h"
#include "server/storage/platform.h"

namespace starling::storage {
namespace {

constexpr std::int64_t kFormat = 2;  // 1 had no base.
constexpr std::size_t kRowOverhead = 64;

}  // namespace

Status LogStore::Impl::open(core::Index known_durable) {
  if (Status status = rewrite_if_failed(path); !status.ok()) return status;
  if (Status status = from(sqlite::Database::open(path, writer_options(), writer)); !status.ok()) {
    return status;
  }
  if (Status status = make_schema(); !status.ok()) return status;
  if (Status status = scan(); !status.ok()) return status;
  if (outline.last_index < known_durable) {
    return corrupt_log(path, "it ends at index " + std::to_string(outline.last_index) +
                                 ", but this server has held index " +
                                 std::to_string(known_durable));
  }
  if (Status status = boot_record(); !status.ok()) {
    leave_failed_mark(path);
    return status;
  }
  // SQLite fsyncs the names of the files it adds later, not that of the database itself.
  if (Status status = platform::sync_directory(platform::parent_of(path)); !status.ok()) {
    return status;
  }
  return prepare();
}

Status LogStore::Impl::make_schema() {
  std::int64_t tables = 0;
  Status status = from(writer.query_integer(
      "SELECT count(*) FROM sqlite_master WHERE name IN ('entries', 'meta')", 0, tables));
  if (!status.ok()) return status;
  std::int64_t format = 0;
  if (tables != 0) {
    status = from(writer.query_integer("SELECT value FROM meta WHERE key = 'format'", 0, format));
    if (!status.ok()) return status;
  }
  if (tables == 0 || format == 1) {
    status = from(writer.begin());
    if (status.ok() && tables == 0) status = create_tables();
    if (status.ok()) status = add_base_table();
    if (status.ok()) {
      status = from(writer.execute("UPDATE meta SET value = " + std::to_string(kFormat) +
                                   " WHERE key = 'format'"));
    }
    if (status.ok()) status = from(writer.commit());
    if (!status.ok()) writer.rollback();
    return status;
  }
  if (format != kFormat) {
    return Status(ErrorKind::kInvalid, "the log " + path + " has format " + std::to_string(format) +
                                           "; this program knows format " +
                                           std::to_string(kFormat) + " only");
  }
  return {};
}

Status LogStore::Impl::create_tables() {
  return from(writer.execute(
      "CREATE TABLE entries(idx INTEGER PRIMARY KEY, term INTEGER NOT NULL,"
      " kind INTEGER NOT NULL, stamp_ms INTEGER NOT NULL, data BLOB NOT NULL,"
      " sum INTEGER NOT NULL);"
      "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
      "INSERT INTO meta VALUES('boots', 0), ('format', 0);"));
}

// R2.6: a commit with FULL fsyncs the WAL, and with it all frames that an earlier process wrote and
// was killed before it could fsync.
Status LogStore::Impl::boot_record() {
  Status status = from(writer.begin());
  if (status.ok()) {
    status = from(writer.execute("UPDATE meta SET value = value + 1 WHERE key = 'boots'"));
  }
  if (status.ok() && writer.changes() != 1)
    status = corrupt_log(path, "its boot record is missing");
  if (status.ok()) status = from(writer.commit());
  if (!status.ok()) writer.rollback();
  return status;
}

// Reads and checks the whole log: no gap behind the base, terms that never go back, every checksum.
Status LogStore::Impl::scan() {
  if (Status status = load_base(); !status.ok()) return status;
  outline = Outline();
  outline.last_index = base.index;
  outline.last_stamp_ms = base.stamp_ms;
  if (base.index > 0) {
    outline.configurations.emplace_back(base.configuration_index, base.configuration);
  }
  marks.clear(base.index);
  sqlite::Statement rows;
  Status status =
      from(writer.prepare("SELECT " + std::string(kColumns) + " FROM entries ORDER BY idx", rows));
  if (!status.ok()) return status;
  core::Term term = base.term;
  core::Term run = 0;
  for (bool more = false;;) {
    if (status = from(rows.step(more)); !status.ok()) return status;
    if (!more) break;
    Row row;
    if (!load(rows, row)) {
      return corrupt_log(path, "the entry after index " + std::to_string(outline.last_index) +
                                   " does not match its checksum");
    }
    if (row.index != outline.last_index + 1) {
      return corrupt_log(path, "index " + std::to_string(outline.last_index) + " is followed by " +
                                   std::to_string(row.index));
    }
    if (row.term < term || row.term == 0) {
      return corrupt_log(path, "the term goes back at index " + std::to_string(row.index));
    }
    if (row.term != run) outline.term_runs.emplace_back(row.index, row.term);
    run = row.term;
    if (static_cast<core::EntryKind>(row.kind) == core::EntryKind::kConfiguration) {
      outline.configurations.emplace_back(row.index, std::string(row.data));
    }
    term = row.term;
    outline.last_index = row.index;
    outline.last_stamp_ms = row.stamp_ms;
    marks.add(row.index, row.data.size() + kRowOverhead);
  }
  last_index = outline.last_index;
  outline_current = true;
  return {};
}

Status LogStore::Impl::prepare() {
  sqlite::OpenOptions reading;
  reading.read_only = true;
  Status status = from(sqlite::Database::open(path, writer_options(), checkpointer));
  if (status.ok()) status = from(sqlite::Database::open(path, reading, reader));
  const std::string columns(kColumns);
  if (status.ok()) {
    status = from(
        writer.prepare("INSERT INTO entries(" + columns + ") VALUES(?, ?, ?, ?, ?, ?)", insert));
  }
  if (status.ok()) status = from(writer.prepare("DELETE FROM entries WHERE idx >= ?", remove));
  if (status.ok()) {
    status = from(reader.prepare(
        "SELECT " + columns + " FROM entries WHERE idx BETWEEN ? AND ? ORDER BY idx", select));
  }
  return status;
}

// A batch that leaves a gap is a mistake of the caller; the log stays as it is.
Status LogStore::Impl::check_batch(const core::PersistEntries& batch, core::Index last) const {
  if (batch.entries.empty()) return Status(ErrorKind::kInvalid, "append of an empty batch");
  core::Index expected = batch.entries.front()->index;
  if (expected <= base.index || expected > last + 1) {
    return Status(ErrorKind::kInvalid, "append of index " + std::to_string(expected) +
                                           " to a log that ends at " + std::to_string(last));
  }
  core::Term term = 1;
  for (const core::EntryPtr& entry : batch.entries) {
    if (entry->index != expected++ || entry->term < term) {
      return Status(ErrorKind::kInvalid,
                    "append out of order at index " + std::to_string(entry->index));
    }
    term = entry->term;
  }
  return {};
}

Status LogStore::Impl::write(const core::PersistEntries& batch, core::Index last) {
  const core::Index first = batch.entries.front()->index;
  if (first <= last) {
    if (Status status = from(remove.bind(1, stored(first)).run()); !status.ok()) return status;
  }
  for (const core::EntryPtr& entry : batch.entries) {
    bind(*entry, insert);
    if (Status status = from(insert.run()); !status.ok()) return status;
  }
  return {};
}

Status LogStore::Impl::append(const std::vector<core::PersistEntries>& batches) {
  core::Index last = last_index;
  for (const core::PersistEntries& batch : batches) {
    if (Status status = check_batch(batch, last); !status.ok()) return status;
    last = batch.entries.back()->index;
  }
  outline_current = false;
  ++append_steps;
  Base next = base;
  Status status = commit(batches, next);
  if (status.ok()) {
    last_index = last;
    for (const core::PersistEntries& batch : batches) {
      marks.cut_from(batch.entries.front()->index);
      for (const auto& entry : batch.entries) {
        marks.add(entry->index, entry->data.size() + kRowOverhead);
      }
    }
    compacted(next);
  }
  if (status.ok() && wal_wants_end.exchange(false)) {
    // Between two of its own transactions nobody else writes, so this one reaches the end, and the
    // next write starts the WAL again from its beginning instead of growing it for ever. Little is
    // left to move: checkpoint() has just moved the rest.
    bool complete = false;
    status = from(writer.checkpoint(complete));
  }
  ++append_steps;
  if (!status.ok()) {
    failed = true;
    leave_failed_mark(path);
  } else if (failed) {
    // A checkpoint's sync of the same WAL failed meanwhile: this one's may have succeeded over it.
    status = failed_before();
  }
  return status;
}

Status LogStore::Impl::commit(const std::vector<core::PersistEntries>& batches, Base& next) {
  core::Index last = last_index;
  core::Index appended = 0;
  Status status = from(writer.begin());
  for (const core::PersistEntries& batch : batches) {
    if (!status.ok()) break;
    status = write(batch, last);
    last = batch.entries.back()->index;
    appended += batch.entries.size();
  }
  if (status.ok()) status = compact_slice(last, appended, next);
  if (status.ok()) status = from(writer.commit());
  if (!status.ok()) {
    insert.reset();
    remove.reset();
    writer.rollback();
  }
  return status;
}

LogStore::LogStore() : impl_(std::make_unique<Impl>()) {}
LogStore::~LogStore() = default;

Status LogStore::open(const std::string& path, core::Index known_durable,
                      std::unique_ptr<LogStore>& out) {
  std::unique_ptr<LogStore> log(new LogStore);
  log->impl_->path = path;
  if (Status status = log->impl_->open(known_durable); !status.ok()) return status;
  out = std::move(log);
  return {};
}

Status LogStore::restore(core::Index applied_index, core::Restored& out) {
  Impl& impl = *impl_;
  if (!impl.outline_current) {
    if (Status status = impl.scan(); !status.ok()) return status;
  }
  const Outline& outline = impl.outline;
  if (applied_index > outline.last_index) {
    return corrupt_log(impl.path, "it ends at index " + std::to_string(outline.last_index) +
                                      ", but the chat store holds index " +
                                      std::to_string(applied_index));
  }
  if (applied_index < impl.base.index) {
    return corrupt_log(impl.path, "it begins behind index " + std::to_string(impl.base.index) +
                                      ", but the chat store ends at index " +
                                      std::to_string(applied_index));
  }
  out.base_index = impl.base.index;
  out.base_term = impl.base.term;
  out.term_runs = outline.term_runs;
  out.last_index = outline.last_index;
  out.last_stamp_ms = outline.last_stamp_ms;
  out.applied_index = applied_index;
  out.configurations.clear();
  for (const auto& [index, data] : outline.configurations) {
    std::optional<core::Configuration> configuration = core::decode_configuration(data);
    if (!configuration) {
      return corrupt_log(impl.path,
                         "the configuration at index " + std::to_string(index) + " cannot be read");
    }
    out.configurations.emplace_back(index, std::move(*configuration));
  }
  out.tail.clear();
  if (applied_index == outline.last_index) return {};
  return read(applied_index + 1, outline.last_index, ~std::size_t{0}, out.tail);
}

Status LogStore::append(const std::vector<core::PersistEntries>& batches) {
  if (impl_->failed) return failed_before();
  if (batches.empty()) return {};
  return impl_->append(batches);
}

Status LogStore::read(core::Index from_index, core::Index to, std::size_t max_bytes,
                      std::vector<core::EntryPtr>& out) {
  out.clear();
  sqlite::Statement& select = impl_->select;
  select.bind(1, stored(from_index)).bind(2, stored(to));
  Status status;
  std::size_t bytes = 0;
  while (bytes < max_bytes || out.empty()) {
    bool more = false;
    status = from(select.step(more));
    if (!status.ok() || !more) break;
    Row row;
    if (!load(select, row) || row.index != from_index + out.size()) {
      if (from_index <= impl_->compact_target) break;  // It has left the log.
      status =
          corrupt_log(impl_->path, "the entry at index " + std::to_string(from_index + out.size()) +
                                       " is missing or does not match its checksum");
      break;
    }
    // One entry is given whatever its size.
    if (!out.empty() && row.data.size() > max_bytes - bytes) break;
    bytes += row.data.size();
    out.push_back(entry_of(row));
  }
  select.reset();  // An open read would keep the WAL from starting again.
  if (status.ok() && out.empty()) {
    status = Status(ErrorKind::kInvalid, "the log has no index " + std::to_string(from_index) +
                                             " any more, or not yet (it ends at " +
                                             std::to_string(last_index()) + ")");
  }
  if (!status.ok()) out.clear();
  return status;
}

Status LogStore::checkpoint() {
  // The first pass moves the bulk, the second what came meanwhile. A WAL starts again from its
  // beginning only when a write finds all of it moved, which under steady writes never happens by
  // itself: the writer is then asked to move the little rest between two of its transactions.
  bool quiet = false;
  for (int pass = 0; pass < 2 && !quiet; ++pass) {
    const std::uint64_t before = impl_->append_steps;
    bool complete = false;
    if (Status status = from(impl_->checkpointer.checkpoint(complete)); !status.ok()) {
      impl_->failed = true;
      leave_failed_mark(impl_->path);
      return status;
    }
    quiet = complete && before % 2 == 0 && impl_->append_steps == before;
  }
  if (!quiet) impl_->wal_wants_end = true;
  return {};
}

core::Index LogStore::last_index() const { return impl_->last_index; }

}  // namespace starling::storage
