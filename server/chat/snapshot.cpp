// See snapshot.h.
#include "server/chat/snapshot.h"

#include <memory>

#include "server/chat/check_indexes.h"
#include "server/chat/query.h"
#include "server/chat/rows.h"
#include "server/chat/schema.h"
#include "server/chat/store.h"

namespace starling::chat {
namespace {

constexpr int kStepPages = 256;
constexpr int kCheckCacheKib = 8'192;

// The hash is of the rows and says nothing of the indexes by which they are found: one that leads
// elsewhere would let a session in, or a request run twice, on this server only.
sqlite::Status check_ways_to_rows(const std::string& path) {
  sqlite::OpenOptions options;
  options.create = false;
  options.cache_kib = kCheckCacheKib;
  sqlite::Database database;
  CHAT_TRY(sqlite::Database::open(path, options, database));
  return check_indexes(database);
}

}  // namespace

sqlite::Status copy_store(const std::string& from, const std::string& to,
                          const std::function<bool()>& go_on, CopyInfo& info) {
  sqlite::OpenOptions options;
  options.read_only = true;
  options.create = false;
  sqlite::Database source;
  CHAT_TRY(sqlite::Database::open(from, options, source));
  // The view begins with the first read, and holds for all steps of the copy.
  CHAT_TRY(source.execute("BEGIN"));
  Meta meta;
  CHAT_TRY(read_meta(source, meta));
  info = {meta.applied_index, meta.time_ms,
          state_hash_of(meta.rows_hash, meta.applied_index, meta.time_ms)};
  CHAT_TRY(source.copy_to(to, kStepPages, go_on));
  return source.commit();
}

sqlite::Status check_copy(const std::string& path, std::uint64_t applied_index,
                          std::uint64_t state_hash) {
  std::unique_ptr<Store> store;
  CHAT_TRY(Store::open(path, kCheckCacheKib, store));
  std::uint64_t recomputed = 0;
  CHAT_TRY(store->recompute_hash(recomputed));
  if (store->applied_index() == applied_index && store->state_hash() == state_hash &&
      recomputed == state_hash) {
    store.reset();
    return check_ways_to_rows(path);
  }
  return sqlite::Status(kNotOurs, "the copy " + path + " is not the state that it was sent as");
}

}  // namespace starling::chat
