// The checked SQLite wrapper: whatever SQLite refuses comes out as a Status.
#include "server/sqlite/sqlite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace starling::sqlite {
namespace {

using testing::HasSubstr;

constexpr int kBusy = 5;
constexpr int kReadOnly = 8;
constexpr int kFull = 13;
constexpr int kConstraint = 19;
constexpr int kRange = 25;
constexpr int kNotADatabase = 26;

#define EXPECT_OK(expression)                                 \
  do {                                                        \
    const Status status_of_it = (expression);                 \
    EXPECT_TRUE(status_of_it.ok()) << status_of_it.message(); \
  } while (false)

class Sqlite : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "starling-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    dir_ = name;
    path_ = dir_ + "/test.db";
    EXPECT_OK(Database::open(path_, {}, database_));
    EXPECT_OK(database_.execute("CREATE TABLE t(k INTEGER PRIMARY KEY, v TEXT UNIQUE NOT NULL)"));
  }
  void TearDown() override {
    database_ = Database();
    std::filesystem::remove_all(dir_);
  }

  std::int64_t count(Database& database) {
    std::int64_t rows = -1;
    EXPECT_OK(database.query_integer("SELECT count(*) FROM t", -1, rows));
    return rows;
  }

  Status insert(std::int64_t key, std::string_view value) {
    Statement statement;
    if (Status status = database_.prepare("INSERT INTO t VALUES(?, ?)", statement); !status.ok()) {
      return status;
    }
    return statement.bind(1, key).bind_text(2, value).run();
  }

  std::string dir_;
  std::string path_;
  Database database_;
};

TEST_F(Sqlite, KeepsValuesOfEveryKind) {
  EXPECT_OK(database_.execute("CREATE TABLE kinds(a, b, c, d, e)"));
  Statement insert;
  EXPECT_OK(database_.prepare("INSERT INTO kinds VALUES(?, ?, ?, ?, ?)", insert));
  const std::string blob("\0\1\2", 3);
  insert.bind(1, INT64_MIN).bind_text(2, "t\xc3\xa4xt").bind_blob(3, blob).bind_null(4);
  EXPECT_OK(insert.bind_blob(5, std::string_view()).run());
  EXPECT_EQ(database_.changes(), 1);
  Statement select;
  EXPECT_OK(database_.prepare("SELECT * FROM kinds", select));
  bool row = false;
  EXPECT_OK(select.step(row));
  ASSERT_TRUE(row);
  EXPECT_EQ(select.integer(0), INT64_MIN);
  EXPECT_EQ(select.text(1), "t\xc3\xa4xt");
  EXPECT_EQ(select.view(2), blob);
  EXPECT_TRUE(select.is_null(3));
  EXPECT_FALSE(select.is_null(4)) << "an empty blob is not NULL";
  EXPECT_EQ(select.text(4), "");
  EXPECT_OK(select.step(row));
  EXPECT_FALSE(row);
}

TEST_F(Sqlite, ASurfacedConstraintChangesNothing) {
  EXPECT_OK(insert(1, "a"));
  Status status = insert(1, "b");
  EXPECT_EQ(status.code() & 0xff, kConstraint);
  EXPECT_NE(status.code(), kConstraint) << "the extended code tells which";
  EXPECT_THAT(status.statement(), HasSubstr("INSERT INTO t"));
  EXPECT_THAT(status.message(), Not(HasSubstr("INSERT"))) << "SQL is nothing for people";
  EXPECT_THAT(status.message(), HasSubstr("t.k"));
  status = insert(2, "a");
  EXPECT_THAT(status.message(), HasSubstr("t.v"));
  EXPECT_EQ(count(database_), 1);
}

TEST_F(Sqlite, ABindErrorComesOutOfTheNextStep) {
  Statement statement;
  EXPECT_OK(database_.prepare("INSERT INTO t VALUES(?, ?)", statement));
  EXPECT_EQ(statement.bind(1, 1).bind_text(3, "no such place").run().code(), kRange);
  EXPECT_EQ(count(database_), 0) << "the statement must not run without its values";
  EXPECT_OK(statement.bind(1, 1).bind_text(2, "right").run());
  EXPECT_EQ(count(database_), 1);
}

TEST_F(Sqlite, ResetClearsTheBindings) {
  Statement statement;
  EXPECT_OK(database_.prepare("INSERT INTO t VALUES(?, ?)", statement));
  EXPECT_OK(statement.bind(1, 1).bind_text(2, "a").run());
  EXPECT_EQ(statement.bind(1, 2).run().code() & 0xff, kConstraint) << "v has to be NULL again";
}

TEST_F(Sqlite, WrongSqlIsAnError) {
  Statement statement;
  EXPECT_THAT(database_.prepare("SELECT nonsense FROM t", statement).message(),
              HasSubstr("no such column"));
  EXPECT_EQ(database_.execute("NONSENSE").statement(), "NONSENSE");
  std::int64_t value = 0;
  EXPECT_FALSE(database_.query_integer("SELECT x", 0, value).ok());
  EXPECT_OK(database_.query_integer("SELECT k FROM t", 42, value));
  EXPECT_EQ(value, 42);
}

TEST_F(Sqlite, TransactionsCommitAndRollBack) {
  EXPECT_OK(database_.begin());
  EXPECT_FALSE(database_.begin().ok()) << "no transaction inside another";
  EXPECT_OK(insert(1, "a"));
  database_.rollback();
  EXPECT_EQ(count(database_), 0);
  database_.rollback();  // Nothing to do.
  EXPECT_OK(database_.begin());
  EXPECT_OK(insert(1, "a"));
  EXPECT_OK(database_.commit());
  EXPECT_FALSE(database_.commit().ok());
  EXPECT_EQ(count(database_), 1);
}

TEST_F(Sqlite, AFullDiskIsAnError) {
  EXPECT_OK(insert(1, "kept"));
  std::int64_t pages = 0;
  EXPECT_OK(database_.query_integer("PRAGMA max_page_count = 8", 0, pages));
  EXPECT_OK(database_.begin());
  Status status;
  for (int i = 2; i < 1'000 && status.ok(); ++i)
    status = insert(i, std::string(1'000, 'a' + i % 9) + std::to_string(i));
  EXPECT_EQ(status.code() & 0xff, kFull) << status.message();
  database_.rollback();
  EXPECT_EQ(count(database_), 1);
}

TEST_F(Sqlite, ASecondWriterIsToldThatItIsBusy) {
  OpenOptions options;
  options.busy_timeout_ms = 1;
  Database other;
  EXPECT_OK(Database::open(path_, options, other));
  EXPECT_OK(database_.begin());
  EXPECT_EQ(other.begin().code() & 0xff, kBusy);
  database_.rollback();
  EXPECT_OK(other.begin());
  other.rollback();
}

TEST_F(Sqlite, AReadOnlyConnectionReadsAndDoesNotWrite) {
  EXPECT_OK(insert(1, "a"));
  OpenOptions options;
  options.read_only = true;
  Database reader;
  EXPECT_OK(Database::open(path_, options, reader));
  EXPECT_EQ(count(reader), 1);
  EXPECT_EQ(reader.execute("DELETE FROM t").code() & 0xff, kReadOnly);
  EXPECT_OK(insert(2, "b"));
  EXPECT_EQ(count(reader), 2);
}

TEST_F(Sqlite, OpeningWhatCannotBeOpenedIsAnError) {
  Database other;
  EXPECT_FALSE(Database::open(dir_, {}, other).ok());
  EXPECT_FALSE(Database::open(dir_ + "/no/such.db", {}, other).ok());
  OpenOptions options;
  options.create = false;
  EXPECT_FALSE(Database::open(dir_ + "/missing.db", options, other).ok());
  EXPECT_FALSE(other.is_open());
  std::filesystem::copy_file("/proc/self/exe", dir_ + "/program");
  EXPECT_EQ(Database::open(dir_ + "/program", {}, other).code() & 0xff, kNotADatabase);
}

TEST_F(Sqlite, CloseSaysWhenAStatementIsLeft) {
  Statement statement;
  EXPECT_OK(database_.prepare("SELECT 1", statement));
  EXPECT_EQ(database_.close().code() & 0xff, kBusy);
  statement = Statement();
  EXPECT_OK(database_.close());
  EXPECT_OK(database_.close());
  EXPECT_FALSE(database_.is_open());
}

TEST_F(Sqlite, CheckpointMovesTheWalAndSaysWhetherAllOfIt) {
  EXPECT_OK(insert(1, "a"));
  Database reader;
  EXPECT_OK(Database::open(path_, {}, reader));
  Statement select;
  EXPECT_OK(reader.prepare("SELECT k FROM t", select));
  bool row = false;
  EXPECT_OK(select.step(row));
  ASSERT_TRUE(row);
  EXPECT_OK(insert(2, "b"));
  bool complete = true;
  EXPECT_OK(database_.checkpoint(complete));
  EXPECT_FALSE(complete) << "a reader still looks at the page before the second row";
  select.reset();
  EXPECT_OK(database_.checkpoint(complete));
  EXPECT_TRUE(complete);
  // A copy of the main file alone holds everything now.
  std::filesystem::copy_file(path_, dir_ + "/copy.db");
  Database copy;
  EXPECT_OK(Database::open(dir_ + "/copy.db", {}, copy));
  EXPECT_EQ(count(copy), 2);
}

TEST_F(Sqlite, QuickCheckFindsDamage) {
  for (int i = 1; i <= 500; ++i) EXPECT_OK(insert(i, "value " + std::to_string(i)));
  EXPECT_OK(database_.quick_check());
  EXPECT_OK(database_.execute("PRAGMA ignore_check_constraints=1"));
  EXPECT_OK(database_.execute(
      "PRAGMA writable_schema=1;"
      "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 't')"
      " WHERE type = 'index'"));
  Database other;
  EXPECT_OK(Database::open(path_, {}, other));
  EXPECT_FALSE(other.quick_check().ok());
}

TEST_F(Sqlite, AnImageGoesOutAndComesBack) {
  Database memory;
  EXPECT_OK(Database::open(":memory:", {}, memory));
  EXPECT_OK(memory.execute("CREATE TABLE t(k INTEGER PRIMARY KEY); INSERT INTO t VALUES(1), (2)"));
  std::string image;
  EXPECT_OK(memory.serialize(image));
  EXPECT_OK(memory.execute("DELETE FROM t"));
  Database other;
  EXPECT_OK(Database::open(":memory:", {}, other));
  EXPECT_OK(other.deserialize(image));
  EXPECT_EQ(count(other), 2);
  EXPECT_OK(
      other.execute("WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE"
                    " i < 5000) INSERT INTO t SELECT i FROM n"));
  EXPECT_EQ(count(other), 5000) << "an image that came back can grow";
  EXPECT_EQ(count(memory), 0);
  EXPECT_OK(memory.deserialize(image));
  EXPECT_EQ(count(memory), 2);
  EXPECT_OK(memory.deserialize(image));
}

TEST_F(Sqlite, MovesKeepTheConnectionAndTheStatement) {
  Database moved = std::move(database_);
  EXPECT_FALSE(database_.is_open());
  Statement first;
  EXPECT_OK(moved.prepare("SELECT 7", first));
  Statement second = std::move(first);
  bool row = false;
  EXPECT_OK(second.step(row));
  ASSERT_TRUE(row);
  EXPECT_EQ(second.integer(0), 7);
}

TEST(SqliteTest, AStatementEndsAtItsTimeLimit) {
  Database database;
  ASSERT_TRUE(Database::open(":memory:", {}, database).ok());
  const std::string endless =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
  std::int64_t count = 0;
  {
    const Database::TimeLimit limit(database, std::chrono::milliseconds(5));
    EXPECT_FALSE(database.query_integer(endless, 0, count).ok());
    EXPECT_TRUE(limit.passed());
  }
  {
    int asked = 0;
    const Database::TimeLimit limit(database, std::chrono::hours(1),
                                    [&asked] { return ++asked == 3; });
    EXPECT_FALSE(database.query_integer(endless, 0, count).ok());
    EXPECT_TRUE(limit.stopped());
    EXPECT_FALSE(limit.passed());
  }
  const Database::TimeLimit limit(database, std::chrono::hours(1));
  EXPECT_TRUE(database.query_integer("SELECT 7", 0, count).ok());
  EXPECT_EQ(count, 7);
  EXPECT_FALSE(limit.passed());
}

}  // namespace
}  // namespace starling::sqlite
