// Where the log begins: compaction, which follows the chat store's durable index (R2.4), and the
// snapshot that takes the place of chat store and log (R2.5).
#include <algorithm>
#include <utility>

#include "server/storage/checksum.h"
#include "server/storage/log_store_impl.h"
#include "server/storage/platform.h"

namespace starling::storage {
namespace {

constexpr core::Index kSliceEntries = 256;  // Leave with one append, at least.

std::uint64_t sum_of(const Base& base, const std::string& chat) {
  Checksum sum;
  sum.add(base.index);
  sum.add(base.term);
  sum.add(static_cast<std::uint64_t>(base.stamp_ms));
  sum.add(base.configuration_index);
  sum.add(base.configuration);
  sum.add(chat);
  return sum.value();
}

// A name in the data directory, and nothing else.
bool plain_name(const std::string& name) {
  return name.substr(0, 4) == "chat" && name.size() < 64 && name.find('/') == std::string::npos;
}

}  // namespace

// ---- SizeMarks

void SizeMarks::clear(core::Index base) {
  const std::lock_guard<std::mutex> lock(mutex_);
  marks_ = {{base, 0}};
  end_ = 0;
}

void SizeMarks::add(core::Index index, std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  end_ += bytes;
  if (end_ - marks_.back().second >= kMarkBytes) marks_.emplace_back(index, end_);
}

void SizeMarks::cut_from(core::Index first) {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool cut = false;
  while (marks_.size() > 1 && marks_.back().first >= first) {
    marks_.pop_back();
    cut = true;
  }
  if (cut) end_ = marks_.back().second;
}

void SizeMarks::drop_to(core::Index index) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto next = std::upper_bound(marks_.begin(), marks_.end(), index,
                               [](core::Index i, const auto& mark) { return i < mark.first; });
  marks_.erase(marks_.begin(), std::prev(next));
}

std::uint64_t SizeMarks::total() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return end_ - marks_.front().second;
}

core::Index SizeMarks::index_before(std::uint64_t bytes) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (end_ - marks_.front().second < bytes) return 0;
  const std::uint64_t most = end_ - bytes;
  const auto next =
      std::upper_bound(marks_.begin(), marks_.end(), most,
                       [](std::uint64_t sum, const auto& mark) { return sum < mark.second; });
  return std::prev(next)->first;
}

// ---- LogStore

Status LogStore::Impl::add_base_table() {
  Status status = from(writer.execute(
      "CREATE TABLE base(id INTEGER PRIMARY KEY CHECK(id = 1), idx INTEGER NOT NULL,"
      " term INTEGER NOT NULL, stamp_ms INTEGER NOT NULL, configuration_idx INTEGER NOT NULL,"
      " configuration BLOB NOT NULL, chat TEXT NOT NULL, sum INTEGER NOT NULL)"));
  if (status.ok()) status = store_base(Base(), kFirstChatFile);
  return status;
}

Status LogStore::Impl::store_base(const Base& next, const std::string& chat) {
  sqlite::Statement replace;
  Status status =
      from(writer.prepare("INSERT OR REPLACE INTO base VALUES(1, ?, ?, ?, ?, ?, ?, ?)", replace));
  if (!status.ok()) return status;
  replace.bind(1, stored(next.index)).bind(2, stored(next.term)).bind(3, next.stamp_ms);
  replace.bind(4, stored(next.configuration_index)).bind_blob(5, next.configuration);
  replace.bind_text(6, chat).bind(7, stored(sum_of(next, chat)));
  return from(replace.run());
}

Status LogStore::Impl::load_base() {
  sqlite::Statement select_base;
  Status status = from(writer.prepare(
      "SELECT idx, term, stamp_ms, configuration_idx, configuration, chat, sum FROM base",
      select_base));
  bool row = false;
  if (status.ok()) status = from(select_base.step(row));
  if (!status.ok()) return status;
  if (!row) return corrupt_log(path, "it does not say where it begins");
  Base found;
  found.index = loaded(select_base.integer(0));
  found.term = loaded(select_base.integer(1));
  found.stamp_ms = select_base.integer(2);
  found.configuration_index = loaded(select_base.integer(3));
  found.configuration = select_base.text(4);
  const std::string chat = select_base.text(5);
  if (loaded(select_base.integer(6)) != sum_of(found, chat) || !plain_name(chat)) {
    return corrupt_log(path, "where it begins does not match its checksum");
  }
  base = std::move(found);
  chat_file = chat;
  compact_target = std::max(compact_target.load(), base.index);
  return {};
}

Status LogStore::Impl::compact_slice(core::Index last, core::Index appended, Base& next) {
  const core::Index target = std::min(compact_target.load(), last);
  if (target <= base.index) return {};
  // Faster than they come: as many appends as the disk groups, twice as many leave.
  const core::Index end = std::min(target, base.index + std::max(kSliceEntries, 2 * appended));
  sqlite::Statement leaving;
  Status status = from(writer.prepare(
      "SELECT " + std::string(kColumns) + " FROM entries WHERE idx <= ? ORDER BY idx", leaving));
  if (!status.ok()) return status;
  leaving.bind(1, stored(end));
  for (bool more = false;;) {
    if (status = from(leaving.step(more)); !status.ok()) return status;
    if (!more) break;
    Row row;
    if (!load(leaving, row) || row.index != next.index + 1) {
      return corrupt_log(path, "the entry after index " + std::to_string(next.index) +
                                   " is missing or does not match its checksum");
    }
    next.index = row.index;
    next.term = row.term;
    next.stamp_ms = row.stamp_ms;
    if (static_cast<core::EntryKind>(row.kind) == core::EntryKind::kConfiguration) {
      next.configuration_index = row.index;
      next.configuration = std::string(row.data);
    }
  }
  if (next.index != end) return corrupt_log(path, "it ends before what is to leave it");
  leaving.reset();
  sqlite::Statement remove_leaving;
  status = from(writer.prepare("DELETE FROM entries WHERE idx <= ?", remove_leaving));
  if (status.ok()) status = from(remove_leaving.bind(1, stored(end)).run());
  return status.ok() ? store_base(next, chat_file) : status;
}

void LogStore::Impl::compacted(const Base& next) {
  if (next.index == base.index) return;
  base = next;
  marks.drop_to(base.index);
}

const std::string& LogStore::chat_file() const { return impl_->chat_file; }
std::uint64_t LogStore::bytes() const { return impl_->marks.total(); }
core::Index LogStore::index_before(std::uint64_t bytes) const {
  return impl_->marks.index_before(bytes);
}

void LogStore::compact_to(core::Index index) {
  core::Index before = impl_->compact_target;
  while (before < index && !impl_->compact_target.compare_exchange_weak(before, index)) {
  }
}

Status LogStore::compact_some(bool& more) {
  Impl& impl = *impl_;
  more = false;
  const core::Index last = impl.last_index;
  if (std::min(impl.compact_target.load(), last) <= impl.base.index) return {};
  if (impl.failed) return failed_before();
  Base next = impl.base;
  impl.outline_current = false;
  ++impl.append_steps;
  Status status = from(impl.writer.begin());
  if (status.ok()) status = impl.compact_slice(last, 0, next);
  if (status.ok()) status = from(impl.writer.commit());
  if (!status.ok()) impl.writer.rollback();
  ++impl.append_steps;
  if (!status.ok()) {
    impl.failed = true;
    leave_failed_mark(impl.path);
    return status;
  }
  impl.compacted(next);
  more = std::min(impl.compact_target.load(), last) > impl.base.index;
  return {};
}

Status LogStore::base_at(core::Index index, Base& out) {
  Impl& impl = *impl_;
  // A connection's view: what leaves the log meanwhile does not matter.
  sqlite::Statement find;
  Status status = from(
      impl.reader.prepare("SELECT e.idx, e.term, e.stamp_ms, coalesce(c.idx, b.configuration_idx),"
                          " coalesce(c.data, b.configuration) FROM base b JOIN"
                          " (SELECT idx, term, stamp_ms FROM entries WHERE idx = ?1 UNION ALL"
                          "  SELECT idx, term, stamp_ms FROM base WHERE idx = ?1 AND idx > 0) e"
                          " LEFT JOIN (SELECT idx, data FROM entries WHERE idx <= ?1 AND kind = 2"
                          "  ORDER BY idx DESC LIMIT 1) c ON 1",
                          find));
  if (!status.ok()) return status;
  find.bind(1, stored(index));
  bool row = false;
  if (status = from(find.step(row)); !status.ok()) return status;
  if (!row) {
    return Status(ErrorKind::kInvalid, "the log does not reach index " + std::to_string(index));
  }
  out.index = loaded(find.integer(0));
  out.term = loaded(find.integer(1));
  out.stamp_ms = find.integer(2);
  out.configuration_index = loaded(find.integer(3));
  out.configuration = find.text(4);
  return {};
}

Status LogStore::install(const Base& base, const std::string& chat_file) {
  Impl& impl = *impl_;
  if (base.index <= impl.base.index || !plain_name(chat_file) ||
      !core::decode_configuration(base.configuration)) {
    return Status(ErrorKind::kInvalid, "this is no snapshot that the log could begin behind");
  }
  if (impl.failed) return failed_before();
  impl.outline_current = false;
  Status status = from(impl.writer.begin());
  std::int64_t term = 0;
  if (status.ok()) {
    status = from(impl.writer.query_integer(
        "SELECT term FROM entries WHERE idx = " + std::to_string(base.index), 0, term));
  }
  if (status.ok()) {
    const bool known = loaded(term) == base.term;
    status = from(
        impl.writer.execute(known ? "DELETE FROM entries WHERE idx <= " + std::to_string(base.index)
                                  : std::string("DELETE FROM entries")));
  }
  if (status.ok()) status = impl.store_base(base, chat_file);
  if (status.ok()) status = from(impl.writer.commit());
  if (!status.ok()) {
    impl.writer.rollback();
    impl.failed = true;
    leave_failed_mark(impl.path);
    return status;
  }
  return impl.scan();
}

}  // namespace starling::storage
