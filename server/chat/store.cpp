// The writer: one transaction for each call of apply(), with where it stands in the same
// transaction; and checkpoints, on a connection of their own.
#include "server/chat/store.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "server/chat/apply.h"
#include "server/chat/schema.h"
#include "server/chat/store_impl.h"

namespace starling::chat {
namespace {

// Far beyond any clock, and far enough from overflow for every window added to it.
constexpr TimeMs kMaxTimeMs = 1LL << 53;

// A WAL longer than this is worth holding up apply for, once the bulk of it has been moved.
constexpr std::uintmax_t kLongWalBytes = 64ULL << 20;

bool is_memory(const std::string& path) { return path == ":memory:"; }

}  // namespace

Store::Store() : impl_(std::make_unique<Impl>()) {}
Store::~Store() = default;

sqlite::Status Store::open(const std::string& path, int cache_kib, std::unique_ptr<Store>& out) {
  std::unique_ptr<Store> store(new Store());
  Impl& impl = *store->impl_;
  sqlite::OpenOptions options;
  options.cache_kib = cache_kib;
  options.synchronous = sqlite::Synchronous::kNormal;
  CHAT_TRY(sqlite::Database::open(path, options, impl.database));
  CHAT_TRY(prepare_schema(impl.database));
  if (!is_memory(path)) {
    impl.path = path;
    options.create = false;
    CHAT_TRY(sqlite::Database::open(path, options, impl.checkpointer));
  }
  CHAT_TRY(impl.load());
  out = std::move(store);
  return {};
}

sqlite::Status Store::open_image(std::string_view image, std::unique_ptr<Store>& out) {
  std::unique_ptr<Store> store(new Store());
  Impl& impl = *store->impl_;
  CHAT_TRY(sqlite::Database::open(":memory:", sqlite::OpenOptions{}, impl.database));
  CHAT_TRY(impl.database.deserialize(image));
  CHAT_TRY(prepare_schema(impl.database));
  CHAT_TRY(impl.load());
  out = std::move(store);
  return {};
}

sqlite::Status Store::Impl::load() {
  CHAT_TRY(read_meta(database, meta));
  tables.set_rows_hash(meta.rows_hash);
  return {};
}

sqlite::Status Store::Impl::apply_all(std::span<const Committed> entries, ApplyResult& result,
                                      Meta& now) {
  for (const Committed& entry : entries) {
    if (entry.index != now.applied_index + 1) chat_misuse("apply leaves a gap in the log");
    now.applied_index = entry.index;
    // The primary stamps in ascending order; this holds whatever it stamped.
    now.time_ms = std::clamp(entry.stamp_ms, now.time_ms, kMaxTimeMs);
    if (!entry.has_command) continue;
    Applied& applied = result.outcomes.emplace_back();
    applied.index = entry.index;
    CHAT_TRY(applier.apply(entry.index, now.time_ms, entry.data, applied.outcome, result.events));
  }
  return tables.write_meta(now.applied_index, now.time_ms);
}

sqlite::Status Store::apply(std::span<const Committed> entries, ApplyResult& result) {
  result.clear();
  if (entries.empty()) return {};
  Impl& impl = *impl_;
  const std::lock_guard<std::mutex> gate(impl.gate);
  impl.tables.trim();
  Meta now = impl.meta;
  sqlite::Status status = impl.database.begin();
  if (status.ok()) status = impl.apply_all(entries, result, now);
  if (status.ok()) status = impl.database.commit();
  if (!status.ok()) {
    impl.database.rollback();
    impl.tables.forget();
    impl.tables.set_rows_hash(impl.meta.rows_hash);
    result.clear();
    return status;
  }
  now.rows_hash = impl.tables.rows_hash();
  impl.meta = now;
  return {};
}

std::uint64_t Store::applied_index() const { return impl_->meta.applied_index; }

TimeMs Store::time_ms() const { return impl_->meta.time_ms; }

std::uint64_t Store::state_hash() const {
  const Meta& meta = impl_->meta;
  return state_hash_of(meta.rows_hash, meta.applied_index, meta.time_ms);
}

sqlite::Status Store::Impl::checkpoint_once(bool& complete) {
  Meta before;
  CHAT_TRY(read_meta(checkpointer, before));
  CHAT_TRY(checkpointer.checkpoint(complete));
  // What was committed before a complete checkpoint began has been fsynced by it (R2.4).
  if (complete) durable_index = std::max(durable_index, before.applied_index);
  return {};
}

sqlite::Status Store::checkpoint(std::uint64_t& durable_index) {
  Impl& impl = *impl_;
  if (!impl.checkpointer.is_open()) {
    durable_index = impl.meta.applied_index;
    return {};
  }
  bool complete = false;
  CHAT_TRY(impl.checkpoint_once(complete));
  // SQLite starts the WAL over only when a writer finds all of it moved. Under steady load there
  // is always something new, so the file would grow without end: when it is long, move the little
  // that has come since once more, while apply waits.
  std::error_code no_size;
  const std::uintmax_t wal_bytes = std::filesystem::file_size(impl.path + "-wal", no_size);
  if (!no_size && wal_bytes > kLongWalBytes) {
    const std::lock_guard<std::mutex> gate(impl.gate);
    CHAT_TRY(impl.checkpoint_once(complete));
  }
  durable_index = impl.durable_index;
  return {};
}

sqlite::Status Store::recompute_hash(std::uint64_t& hash) {
  std::uint64_t rows = 0;
  CHAT_TRY(impl_->tables.recompute_rows_hash(rows));
  hash = state_hash_of(rows, impl_->meta.applied_index, impl_->meta.time_ms);
  return {};
}

sqlite::Status Store::serialize(std::string& image) { return impl_->database.serialize(image); }

}  // namespace starling::chat
