// See check_indexes.h. SQLite's own integrity_check looks every row up in every index. For the
// tables that grow for ever, reading both from end to end and comparing sums takes a tenth of the
// time.
#include "server/chat/check_indexes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/chat/hash.h"
#include "server/chat/query.h"
#include "server/chat/schema.h"

namespace starling::chat {
namespace {

// With row ids, and no partial index: so a scan of an index alone gives what it holds, and
// NOT INDEXED reads the table.
constexpr std::array<std::string_view, 2> kLongTables = {"messages", "events"};

struct Index {
  std::string name;
  std::string table;
  std::string columns;        // All that it holds, the rows' ids too.
  std::vector<bool> numbers;  // Which of them are.
};

sqlite::Status damaged(const std::string& what) {
  return sqlite::Status(kCorrupt, "the store is damaged: " + what);
}

// One line for each table and index, and the statement that made it.
sqlite::Status list_schema(sqlite::Database& database, std::string& out) {
  sqlite::Statement list;
  CHAT_TRY(database.prepare(
      "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name",
      list));
  out.clear();
  for (bool row = false;;) {
    CHAT_TRY(list.step(row));
    if (!row) return {};
    out += list.text(0) + "\n";
  }
}

sqlite::Status list_names(sqlite::Database& database, const char* sql,
                          std::vector<std::string>& out) {
  sqlite::Statement list;
  CHAT_TRY(database.prepare(sql, list));
  for (bool row = false;;) {
    CHAT_TRY(list.step(row));
    if (!row) return {};
    out.push_back(list.text(0));
  }
}

sqlite::Status describe(sqlite::Database& database, Index& index) {
  sqlite::Statement list;
  CHAT_TRY(
      database.prepare("SELECT coalesce(name, 'rowid'), name IS NULL OR (SELECT type FROM "
                       "pragma_table_info(?) AS t WHERE t.name = x.name) = 'INTEGER' FROM "
                       "pragma_index_xinfo(?) AS x ORDER BY seqno",
                       list));
  list.bind_text(1, index.table).bind_text(2, index.name);
  for (bool row = false;;) {
    CHAT_TRY(list.step(row));
    if (!row) return {};
    index.columns += (index.columns.empty() ? "" : ", ") + list.text(0);
    index.numbers.push_back(list.integer(1) != 0);
  }
}

// `how` says by which way the rows are read. Their order does not count.
sqlite::Status sum_of(sqlite::Database& database, const Index& index, const std::string& how,
                      std::uint64_t& sum) {
  sqlite::Statement rows;
  CHAT_TRY(database.prepare("SELECT " + index.columns + " FROM " + index.table + " " + how, rows));
  sum = 0;
  for (bool row = false;;) {
    CHAT_TRY(rows.step(row));
    if (!row) return {};
    RowHasher hasher(1);
    for (std::size_t i = 0; i < index.numbers.size(); ++i) {
      const int column = static_cast<int>(i);
      if (index.numbers[i]) {
        hasher.add(rows.integer(column));
      } else {
        hasher.add(rows.view(column));
      }
    }
    sum += hasher.finish();
  }
}

sqlite::Status check_by_sums(sqlite::Database& database, const std::string& table) {
  std::vector<std::string> names;
  const std::string list =
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = '" + table + "'";
  CHAT_TRY(list_names(database, list.c_str(), names));
  for (const std::string& name : names) {
    Index index{name, table, {}, {}};
    CHAT_TRY(describe(database, index));
    std::uint64_t by_index = 0;
    std::uint64_t by_table = 0;
    CHAT_TRY(sum_of(database, index, "INDEXED BY " + name, by_index));
    CHAT_TRY(sum_of(database, index, "NOT INDEXED", by_table));
    if (by_index != by_table) return damaged("its index " + name + " has other rows");
  }
  return {};
}

// A pragma that says "ok", or what is wrong.
sqlite::Status check_by(sqlite::Database& database, const std::string& pragma) {
  sqlite::Statement check;
  CHAT_TRY(database.prepare("PRAGMA " + pragma, check));
  bool row = false;
  CHAT_TRY(check.step(row));
  if (row && check.view(0) == "ok") return {};
  return damaged(row ? check.text(0) : pragma + " says nothing");
}

}  // namespace

sqlite::Status check_indexes(sqlite::Database& database) {
  // Names in it become SQL below: they have to be those that this program gives.
  sqlite::Database fresh;
  CHAT_TRY(sqlite::Database::open(":memory:", {}, fresh));
  CHAT_TRY(prepare_schema(fresh));
  std::string wanted;
  std::string found;
  CHAT_TRY(list_schema(fresh, wanted));
  CHAT_TRY(list_schema(database, found));
  if (found != wanted) return damaged("its tables are not made as they should be");
  // Pages that belong to nobody or to two, cells out of place.
  CHAT_TRY(check_by(database, "quick_check(1)"));
  std::vector<std::string> tables;
  CHAT_TRY(list_names(fresh, "SELECT name FROM sqlite_schema WHERE type = 'table'", tables));
  for (const std::string& table : tables) {
    if (std::find(kLongTables.begin(), kLongTables.end(), table) != kLongTables.end()) {
      CHAT_TRY(check_by_sums(database, table));
    } else {
      CHAT_TRY(check_by(database, "integrity_check(" + table + ")"));
    }
  }
  return {};
}

}  // namespace starling::chat
