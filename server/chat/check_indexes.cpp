// See check_indexes.h. SQLite's own integrity_check looks every row up in every index, which takes
// ten times as long as reading both from end to end and comparing sums.
#include "server/chat/check_indexes.h"

#include <cstdint>
#include <string>
#include <vector>

#include "server/chat/hash.h"
#include "server/chat/query.h"
#include "server/chat/schema.h"

namespace starling::chat {
namespace {

struct Index {
  std::string name;
  std::string table;
  std::string condition;      // " WHERE ..." of a partial one.
  std::string columns;        // All that it holds, the rows' keys too.
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

sqlite::Status describe(sqlite::Database& database, Index& index) {
  sqlite::Statement list;
  CHAT_TRY(database.prepare(
      "SELECT coalesce(name, 'rowid'), name IS NULL OR (SELECT type FROM pragma_table_info(?) AS t "
      "WHERE t.name = x.name) = 'INTEGER' FROM pragma_index_xinfo(?) AS x ORDER BY seqno",
      list));
  list.bind_text(1, index.table).bind_text(2, index.name);
  for (bool row = false;;) {
    CHAT_TRY(list.step(row));
    if (!row) return {};
    index.columns += (index.columns.empty() ? "" : ", ") + list.text(0);
    index.numbers.push_back(list.integer(1) != 0);
  }
}

sqlite::Status list_indexes(sqlite::Database& database, std::vector<Index>& out) {
  sqlite::Statement list;
  CHAT_TRY(database.prepare(
      "SELECT name, tbl_name, CASE instr(sql, ' WHERE ') WHEN 0 THEN '' ELSE substr(sql, "
      "instr(sql, ' WHERE ')) END FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
      list));
  for (bool row = false;;) {
    CHAT_TRY(list.step(row));
    if (!row) return {};
    Index& index = out.emplace_back(Index{list.text(0), list.text(1), list.text(2), {}, {}});
    CHAT_TRY(describe(database, index));
  }
}

// `how` says by which way the rows are read. The order does not count.
sqlite::Status sum_of(sqlite::Database& database, const Index& index, const std::string& how,
                      std::uint64_t& sum) {
  sqlite::Statement rows;
  CHAT_TRY(database.prepare(
      "SELECT " + index.columns + " FROM " + index.table + how + index.condition, rows));
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

}  // namespace

sqlite::Status check_indexes(sqlite::Database& database) {
  // What is made of the names in it is run as SQL: it has to be what this program makes.
  sqlite::Database fresh;
  CHAT_TRY(sqlite::Database::open(":memory:", {}, fresh));
  CHAT_TRY(prepare_schema(fresh));
  std::string wanted;
  std::string found;
  CHAT_TRY(list_schema(fresh, wanted));
  CHAT_TRY(list_schema(database, found));
  if (found != wanted) return damaged("its tables are not made as they should be");
  // Pages that belong to nobody or to two, cells out of place.
  sqlite::Statement pages;
  CHAT_TRY(database.prepare("PRAGMA quick_check(1)", pages));
  bool row = false;
  CHAT_TRY(pages.step(row));
  if (!row || pages.view(0) != "ok") return damaged(row ? pages.text(0) : "it cannot be checked");
  std::vector<Index> indexes;
  CHAT_TRY(list_indexes(fresh, indexes));
  for (const Index& index : indexes) {
    std::uint64_t by_index = 0;
    std::uint64_t by_table = 0;
    CHAT_TRY(sum_of(database, index, " INDEXED BY " + index.name, by_index));
    CHAT_TRY(sum_of(database, index, " NOT INDEXED", by_table));
    if (by_index != by_table) return damaged("its index " + index.name + " has other rows");
  }
  return {};
}

}  // namespace starling::chat
