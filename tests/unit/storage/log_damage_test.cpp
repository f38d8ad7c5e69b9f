// What a damaged log.db says: always kCorrupt, always a sentence, never a shorter log in silence.
#include "server/sqlite/sqlite.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using testing::HasSubstr;

class LogDamage : public testing::Test {
 protected:
  void SetUp() override {
    path_ = dir_.file("log.db");
    const auto log = open_log(path_);
    expect_ok(log->append({make_batch(1, 20, 1), make_batch(21, 20, 2)}));
  }

  void execute(const std::string& sql) {
    sqlite::Database database;
    sqlite::Status status = sqlite::Database::open(path_, {}, database);
    ASSERT_TRUE(status.ok()) << status.message();
    status = database.execute(sql);
    ASSERT_TRUE(status.ok()) << status.message();
    EXPECT_GT(database.changes(), 0);
  }

  void expect_corrupt(const std::string& what, core::Index known_durable = 0) {
    const Status status = open_status(path_, known_durable);
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt) << status.message();
    EXPECT_THAT(status.message(), HasSubstr(what));
    EXPECT_THAT(status.message(), HasSubstr("join the cluster as a new server"));
  }

  TempDir dir_;
  std::string path_;
};

TEST_F(LogDamage, EveryFieldIsUnderTheChecksum) {
  const std::vector<std::string> damages = {
      "UPDATE entries SET term = 2 WHERE idx = 20",
      "UPDATE entries SET kind = 0 WHERE idx = 20",
      "UPDATE entries SET kind = 77 WHERE idx = 20",
      "UPDATE entries SET stamp_ms = stamp_ms + 1 WHERE idx = 20",
      "UPDATE entries SET data = CAST('y20' AS BLOB) WHERE idx = 20",
      "UPDATE entries SET data = CAST('' AS BLOB) WHERE idx = 20",
      "UPDATE entries SET sum = sum + 1 WHERE idx = 20",
      "UPDATE entries SET idx = 99 WHERE idx = 40",
  };
  const std::string whole = slurp(path_);
  for (const std::string& damage : damages) {
    SCOPED_TRACE(damage);
    spill(path_, whole);
    execute(damage);
    expect_corrupt("checksum");
  }
  spill(path_, whole);
  expect_ok(open_status(path_, 40));
}

TEST_F(LogDamage, AMissingEntryIsSeen) {
  execute("DELETE FROM entries WHERE idx = 7");
  expect_corrupt("index 6 is followed by 8");
}

TEST_F(LogDamage, AMissingBeginningIsSeen) {
  execute("DELETE FROM entries WHERE idx <= 3");
  expect_corrupt("index 0 is followed by 4");
}

TEST_F(LogDamage, AMissingEndIsSeenByWhatIsKnown) {
  execute("DELETE FROM entries WHERE idx > 30");
  expect_corrupt("ends at index 30", 40);
}

TEST_F(LogDamage, WhereItBeginsIsUnderAChecksum) {
  const std::string whole = slurp(path_);
  for (const char* damage :
       {"UPDATE base SET idx = 3", "UPDATE base SET term = 1", "UPDATE base SET stamp_ms = 5",
        "UPDATE base SET configuration_idx = 1", "UPDATE base SET configuration = x'01'",
        "UPDATE base SET chat = 'chat-7.db'", "UPDATE base SET sum = sum + 1"}) {
    SCOPED_TRACE(damage);
    spill(path_, whole);
    execute(damage);
    expect_corrupt("where it begins");
  }
  spill(path_, whole);
  execute("DELETE FROM base");
  expect_corrupt("where it begins");
}

TEST_F(LogDamage, AMissingBootRecordIsSeen) {
  execute("DELETE FROM meta WHERE key = 'boots'");
  expect_corrupt("boot record");
}

TEST_F(LogDamage, AnotherFormatIsRefused) {
  execute("UPDATE meta SET value = 3 WHERE key = 'format'");
  const Status status = open_status(path_);
  EXPECT_EQ(status.kind(), ErrorKind::kInvalid);
  EXPECT_THAT(status.message(), HasSubstr("format 3"));
}

TEST_F(LogDamage, SomethingThatIsNoDatabaseIsRefused) {
  spill(path_, std::string(8192, 'n'));
  expect_corrupt("not a database");
}

// Whatever bit flips in the file: the log is either refused, or whole.
TEST_F(LogDamage, AFlippedBitNeverChangesAnEntry) {
  std::vector<core::EntryPtr> wanted;
  {
    const auto log = open_log(path_);
    expect_ok(log->read(1, 40, 1 << 20, wanted));
  }
  const std::string whole = slurp(path_);
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    SCOPED_TRACE("byte " + std::to_string(at));
    spill(path_, whole);
    std::filesystem::remove(path_ + "-wal");
    flip(path_, at, static_cast<unsigned char>(1U << (at % 8)));
    std::unique_ptr<LogStore> log;
    if (!LogStore::open(path_, 40, log).ok()) {
      ++refused;
      continue;
    }
    std::vector<core::EntryPtr> got;
    if (!log->read(1, 40, 1 << 20, got).ok()) continue;
    expect_same(got, wanted);
  }
  EXPECT_GT(refused, 0);
}

// R2.7: SQLite ends a WAL at the first bad frame and says nothing; what the chat store holds tells.
TEST_F(LogDamage, AFlippedBitInTheWalIsSeenByWhatIsKnown) {
  const TempDir crashed;
  {
    const auto log = open_log(path_);
    for (core::Index i = 41; i <= 60; ++i) expect_ok(log->append({make_batch(i, 1, 3)}));
    // As a crash leaves it: the files without the checkpoint that closing makes.
    for (const char* name : {"log.db", "log.db-wal"}) {
      std::filesystem::copy_file(dir_.file(name), crashed.file(name));
    }
  }
  const std::string path = crashed.file("log.db");
  const std::string wal = slurp(path + "-wal");
  ASSERT_GT(wal.size(), 40'000U);
  flip(path + "-wal", wal.size() / 2);
  const Status status = open_status(path, 60);
  EXPECT_EQ(status.kind(), ErrorKind::kCorrupt) << status.message();
  EXPECT_THAT(status.message(), HasSubstr("has held index 60"));
}

// Cut anywhere, the WAL gives a prefix of whole appends.
TEST_F(LogDamage, ATornWalEndsWithAWholeAppend) {
  const TempDir crashed;
  {
    const auto log = open_log(path_);
    for (core::Index i = 41; i <= 70; i += 3) expect_ok(log->append({make_batch(i, 3, 3)}));
    for (const char* name : {"log.db", "log.db-wal"}) {
      std::filesystem::copy_file(dir_.file(name), crashed.file(name));
    }
  }
  const std::string path = crashed.file("log.db");
  const std::string image = slurp(path);
  const std::string wal = slurp(path + "-wal");
  for (std::size_t cut = 0; cut <= wal.size(); cut += 3'001) {
    SCOPED_TRACE("cut at " + std::to_string(cut));
    spill(path, image);
    spill(path + "-wal", wal.substr(0, cut));
    std::filesystem::remove(path + "-shm");
    const auto log = open_log(path, 40);
    ASSERT_NE(log, nullptr);
    EXPECT_EQ((log->last_index() - 40) % 3, 0U);
    std::vector<core::EntryPtr> got;
    expect_ok(log->read(1, log->last_index(), 1 << 20, got));
    EXPECT_EQ(got.size(), log->last_index());
    // And goes on from there.
    expect_ok(log->append({make_batch(log->last_index() + 1, 2, 4)}));
  }
}

TEST_F(LogDamage, AfterADiskErrorTheLogIsRewritten) {
  spill(path_ + "-failed", "");
  const auto before = std::filesystem::last_write_time(path_);
  spill(path_ + "-fresh", "left over from a crash in the middle");
  {
    const auto log = open_log(path_, 40);
    EXPECT_EQ(log->last_index(), 40U);
    expect_ok(log->append({make_batch(41, 1, 3)}));
  }
  EXPECT_NE(std::filesystem::last_write_time(path_), before);
  EXPECT_FALSE(std::filesystem::exists(path_ + "-failed"));
  EXPECT_FALSE(std::filesystem::exists(path_ + "-fresh"));
  expect_ok(open_status(path_, 41));
}

TEST_F(LogDamage, AConfigurationThatCannotBeReadIsCorrupt) {
  const auto log = open_log(path_);
  expect_ok(log->append(
      {core::PersistEntries{3, {make_entry(41, 3, "\xff\xff", core::EntryKind::kConfiguration)}}}));
  core::Restored restored;
  const Status status = log->restore(0, restored);
  EXPECT_EQ(status.kind(), ErrorKind::kCorrupt);
  EXPECT_THAT(status.message(), HasSubstr("configuration at index 41"));
}

}  // namespace
}  // namespace starling::storage
