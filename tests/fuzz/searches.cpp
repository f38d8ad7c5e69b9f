// What people type into a search field: whatever it is, FTS5 takes the expression that is made of
// it; and of texts: each is found again by its own words, and hits come back as its own bytes.
#include "server/chat/utf8.h"
#include "server/search/query_text.h"
#include "server/search/words.h"
#include "server/sqlite/sqlite.h"
#include "tests/fuzz/fuzz.h"

namespace starling::fuzz {
namespace {

// One text at a time, in the index's own tables.
class OneText {
 public:
  OneText() {
    FUZZ_HOLDS(sqlite::Database::open(":memory:", {}, database_).ok());
    FUZZ_HOLDS(database_
                   .execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize = 'unicode61 "
                            "remove_diacritics 2', prefix = '2 3')")
                   .ok());
    FUZZ_HOLDS(database_.prepare("INSERT INTO texts(rowid, words) VALUES(1, ?1)", put_).ok());
    FUZZ_HOLDS(database_
                   .prepare("SELECT highlight(texts, 0, char(1), char(2)) FROM texts "
                            "WHERE texts MATCH ?1",
                            find_)
                   .ok());
  }

  void put(const std::string& form) {
    FUZZ_HOLDS(database_.execute("DELETE FROM texts").ok());
    put_.bind_text(1, form);
    FUZZ_HOLDS(put_.run().ok());
  }
  bool find(const std::string& expression, std::string& marked) {
    find_.bind_text(1, expression);
    bool row = false;
    FUZZ_HOLDS(find_.step(row).ok());
    if (row) marked = find_.text(0);
    find_.reset();
    return row;
  }

 private:
  sqlite::Database database_;
  sqlite::Statement put_;
  sqlite::Statement find_;
};

void hits(const std::string& text, const std::string& marked) {
  std::vector<search::Range> ranges;
  FUZZ_HOLDS(search::hits_in(text, marked, ranges));
  std::size_t end = 0;
  for (const search::Range& range : ranges) {
    FUZZ_HOLDS(range.begin < range.end && range.end <= text.size());
    FUZZ_HOLDS(end == 0 || range.begin > end);  // Not touching.
    FUZZ_HOLDS(chat::is_valid_utf8(text.substr(range.begin, range.end - range.begin)));
    end = range.end;
  }
}

}  // namespace
}  // namespace starling::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace starling;
  static fuzz::OneText store;
  fuzz::Bytes in(data, size);
  const std::string query(in.text());
  const std::string text(in.rest());
  // The services let nothing else through.
  if (!chat::is_valid_utf8(query) || !chat::is_valid_utf8(text)) return 0;
  const std::string form = search::index_form(text);
  FUZZ_HOLDS(chat::is_valid_utf8(form));
  fuzz::hits(text, form);
  store.put(form);
  std::string marked;
  const search::QueryText parsed = search::parse_query(query);
  FUZZ_HOLDS(parsed.error.empty() || parsed.expression.empty());
  if (!parsed.expression.empty() && store.find("words : (" + parsed.expression + ")", marked)) {
    fuzz::hits(text, marked);
  }
  return 0;
}
