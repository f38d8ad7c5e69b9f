// The writer of search.db: see index.h.
#include "server/search/index.h"

#include "server/chat/query.h"
#include "server/chat/rows.h"

namespace starling::search {
namespace {

using chat::Query;
using chat::Use;

constexpr int kVersion = 1;
constexpr int kBatch = 1'000;  // Texts in one transaction.
constexpr int kCacheKib = 8'192;
constexpr std::uint64_t kUnwritten = 10'000;  // Entries without a text that may pass unrecorded.

// `home` holds where a text belongs in words of the index's own: c and its conversation, s and its
// sender. `conversation` is not searched but read, to pass over the conversations of others.
constexpr const char* kTables =
    "DROP TABLE IF EXISTS texts; DROP TABLE IF EXISTS progress; "
    "CREATE TABLE progress(id INTEGER PRIMARY KEY CHECK(id = 1), version INTEGER NOT NULL, "
    "history TEXT NOT NULL, reached INTEGER NOT NULL) STRICT; "
    "CREATE VIRTUAL TABLE texts USING fts5(conversation UNINDEXED, home, words, "
    "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');";

}  // namespace

struct Index::Impl {
  sqlite::Database database;
  std::int64_t reached = 0;  // The place up to which all texts are in,
  std::int64_t written = 0;  // and as the file has it.

  Query progress{"SELECT version, history, reached FROM progress WHERE id = 1"};
  Query start_over{"INSERT INTO progress VALUES(1, ?1, ?2, 0)"};
  Query reach{"UPDATE progress SET reached = ?1 WHERE id = 1"};
  Query remove{"DELETE FROM texts WHERE rowid = ?1"};
  Query insert{"INSERT INTO texts(rowid, conversation, home, words) VALUES(?1, ?2, ?3, ?4)"};

  sqlite::Status is_of(const std::string& history, bool& same);
  sqlite::Status make_anew(const std::string& history);
  sqlite::Status put(const chat::Text& text);
  sqlite::Status put_all(const std::vector<chat::Text>& texts, std::int64_t up_to);
};

Index::Index() : impl_(std::make_unique<Impl>()) {}
Index::~Index() = default;

sqlite::Status Index::open(const std::string& path, const std::string& history,
                           std::unique_ptr<Index>& out) {
  std::unique_ptr<Index> index(new Index);
  Impl& impl = *index->impl_;
  sqlite::OpenOptions options;
  options.cache_kib = kCacheKib;
  options.auto_checkpoint = true;
  CHAT_TRY(sqlite::Database::open(path, options, impl.database));
  bool same = false;
  CHAT_TRY(impl.is_of(history, same));
  if (!same) CHAT_TRY(impl.make_anew(history));
  out = std::move(index);
  return {};
}

sqlite::Status Index::Impl::is_of(const std::string& history, bool& same) {
  same = false;
  std::int64_t there = 0;
  CHAT_TRY(database.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'progress'", 0,
                                  there));
  if (there == 0) return {};
  Use use;
  CHAT_TRY(use.start(database, progress));
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) return {};
  same = use->integer(0) == kVersion && use->view(1) == history;
  reached = written = same ? use->integer(2) : 0;
  return {};
}

sqlite::Status Index::Impl::make_anew(const std::string& history) {
  CHAT_TRY(database.begin());
  sqlite::Status status = database.execute(kTables);
  if (status.ok()) {
    Use use;
    status = use.start(database, start_over);
    if (status.ok()) {
      use->bind(1, kVersion).bind_text(2, history);
      status = use->run();
    }
  }
  if (status.ok()) status = database.commit();
  if (!status.ok()) database.rollback();
  return status;
}

sqlite::Status Index::Impl::put(const chat::Text& text) {
  {
    Use use;
    CHAT_TRY(use.start(database, remove));
    use->bind(1, text.id);
    CHAT_TRY(use->run());
  }
  if (text.body.empty()) return {};
  Use use;
  CHAT_TRY(use.start(database, insert));
  const std::string home =
      "c" + std::to_string(text.conversation) + " s" + std::to_string(text.sender);
  use->bind(1, text.id)
      .bind(2, text.conversation)
      .bind_text(3, home)
      .bind_text(4, index_form(text.body));
  return use->run();
}

sqlite::Status Index::Impl::put_all(const std::vector<chat::Text>& texts, std::int64_t up_to) {
  for (const chat::Text& text : texts) CHAT_TRY(put(text));
  Use use;
  CHAT_TRY(use.start(database, reach));
  use->bind(1, up_to);
  return use->run();
}

sqlite::Status Index::advance(chat::Reader& reader, bool& more) {
  std::vector<chat::Text> texts;
  std::int64_t up_to = 0;
  CHAT_TRY(reader.texts_after(impl_->reached, kBatch, texts, up_to, more));
  const bool near = chat::index_of(up_to) - chat::index_of(impl_->written) < kUnwritten;
  if (texts.empty() && near) {
    impl_->reached = up_to;
    return {};
  }
  CHAT_TRY(impl_->database.begin());
  sqlite::Status status = impl_->put_all(texts, up_to);
  if (status.ok()) status = impl_->database.commit();
  if (!status.ok()) {
    impl_->database.rollback();
    return status;
  }
  impl_->reached = impl_->written = up_to;
  return {};
}

// An index is in when the place behind all of its ordinals has been reached.
std::uint64_t Index::indexed() const {
  const std::uint64_t next = chat::index_of(impl_->reached + 1);
  return next == 0 ? 0 : next - 1;
}

}  // namespace starling::search
