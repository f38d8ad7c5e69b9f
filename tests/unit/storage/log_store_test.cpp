// LogStore as its callers use it: append, truncate, read, restart.
#include <random>

#include "server/sqlite/sqlite.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using testing::HasSubstr;

TEST(LogStore, BeginsEmpty) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  EXPECT_EQ(log->last_index(), 0U);
  core::Restored restored;
  expect_ok(log->restore(0, restored));
  EXPECT_EQ(restored.last_index, 0U);
  EXPECT_TRUE(restored.term_runs.empty());
  EXPECT_TRUE(restored.tail.empty());
  std::vector<core::EntryPtr> entries;
  EXPECT_EQ(log->read(1, 1, 100, entries).kind(), ErrorKind::kInvalid);
}

TEST(LogStore, KeepsEveryFieldAcrossReopening) {
  const TempDir dir;
  std::vector<core::EntryPtr> wanted = {
      make_entry(1, 1, "", core::EntryKind::kNoop),
      make_entry(2, 1, std::string("a\0b", 3)),
      make_entry(3, 7, std::string(200'000, 'z')),
  };
  {
    const auto log = open_log(dir.file("log.db"));
    expect_ok(log->append({core::PersistEntries{7, wanted}}));
  }
  const auto log = open_log(dir.file("log.db"), 3);
  EXPECT_EQ(log->last_index(), 3U);
  std::vector<core::EntryPtr> got;
  expect_ok(log->read(1, 3, 1 << 20, got));
  expect_same(got, wanted);
}

TEST(LogStore, RestoresWhatTheCoreNeeds) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  core::Configuration first;
  first.members = {{11, "127.0.0.1:5101", true}};
  core::Configuration second = first;
  second.members.push_back({12, "127.0.0.1:5102", false});
  expect_ok(log->append({core::PersistEntries{
      3,
      {make_entry(1, 1, core::encode(first), core::EntryKind::kConfiguration),
       make_entry(2, 1, "a"), make_entry(3, 3, "", core::EntryKind::kNoop),
       make_entry(4, 3, core::encode(second), core::EntryKind::kConfiguration)}}}));
  // Once from what append left behind, once from a fresh start.
  const auto check = [&](LogStore& store) {
    core::Restored restored;
    restored.hard_state = {9, 5};
    expect_ok(store.restore(2, restored));
    EXPECT_EQ(restored.hard_state, (core::HardState{9, 5}));
    EXPECT_EQ(restored.last_index, 4U);
    EXPECT_EQ(restored.applied_index, 2U);
    EXPECT_EQ(restored.last_stamp_ms, 1'000'004);
    const std::vector<std::pair<core::Index, core::Term>> runs = {{1, 1}, {3, 3}};
    EXPECT_EQ(restored.term_runs, runs);
    ASSERT_EQ(restored.configurations.size(), 2U);
    EXPECT_EQ(restored.configurations[0].first, 1U);
    EXPECT_EQ(restored.configurations[0].second, first);
    EXPECT_EQ(restored.configurations[1].first, 4U);
    EXPECT_EQ(restored.configurations[1].second, second);
    ASSERT_EQ(restored.tail.size(), 2U);
    EXPECT_EQ(restored.tail.front()->index, 3U);
  };
  check(*log);
  const TempDir other;
  std::filesystem::copy(dir.path(), other.path(), std::filesystem::copy_options::recursive);
  const auto reopened = open_log(other.file("log.db"));
  check(*reopened);
}

TEST(LogStore, TruncatesFromTheFirstIndexOfABatch) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  expect_ok(log->append({make_batch(1, 10, 1)}));
  expect_ok(log->append({make_batch(4, 2, 2, "new")}));
  EXPECT_EQ(log->last_index(), 5U);
  core::Restored restored;
  expect_ok(log->restore(0, restored));
  const std::vector<std::pair<core::Index, core::Term>> runs = {{1, 1}, {4, 2}};
  EXPECT_EQ(restored.term_runs, runs);
  EXPECT_EQ(restored.last_stamp_ms, 1'000'005);
  ASSERT_EQ(restored.tail.size(), 5U);
  EXPECT_EQ(restored.tail[3]->data, "new4");
}

TEST(LogStore, TakesBatchesThatOverwriteEachOtherInOneCall) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  expect_ok(log->append({make_batch(1, 5, 1), make_batch(3, 1, 2, "b"), make_batch(4, 3, 2, "c")}));
  EXPECT_EQ(log->last_index(), 6U);
  std::vector<core::EntryPtr> got;
  expect_ok(log->read(1, 6, 1 << 20, got));
  ASSERT_EQ(got.size(), 6U);
  EXPECT_EQ(got[1]->data, "x2");
  EXPECT_EQ(got[2]->data, "b3");
  EXPECT_EQ(got[5]->data, "c6");
}

TEST(LogStore, RefusesGapsAndDisorderAndStaysUsable) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  expect_ok(log->append({make_batch(1, 2, 2)}));
  EXPECT_EQ(log->append({make_batch(4, 1, 2)}).kind(), ErrorKind::kInvalid);
  EXPECT_EQ(log->append({make_batch(0, 1, 2)}).kind(), ErrorKind::kInvalid);
  EXPECT_EQ(log->append({core::PersistEntries{}}).kind(), ErrorKind::kInvalid);
  EXPECT_EQ(
      log->append({core::PersistEntries{2, {make_entry(3, 2, ""), make_entry(5, 2, "")}}}).kind(),
      ErrorKind::kInvalid);
  EXPECT_EQ(
      log->append({core::PersistEntries{2, {make_entry(3, 2, ""), make_entry(4, 1, "")}}}).kind(),
      ErrorKind::kInvalid);
  EXPECT_EQ(log->last_index(), 2U);
  expect_ok(log->append({}));
  expect_ok(log->append({make_batch(3, 1, 2)}));
  EXPECT_EQ(log->last_index(), 3U);
}

TEST(LogStore, ReadsByBytesButAlwaysOne) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  core::PersistEntries batch{1, {}};
  for (core::Index i = 1; i <= 20; ++i) {
    batch.entries.push_back(make_entry(i, 1, std::string(100, 'd')));
  }
  expect_ok(log->append({batch}));
  const auto count = [&](core::Index first, core::Index last, std::size_t bytes) {
    std::vector<core::EntryPtr> got;
    expect_ok(log->read(first, last, bytes, got));
    EXPECT_TRUE(!got.empty() && got.front()->index == first);
    return got.size();
  };
  EXPECT_EQ(count(1, 20, 0), 1U);
  EXPECT_EQ(count(1, 20, 99), 1U);
  EXPECT_EQ(count(1, 20, 199), 1U);
  EXPECT_EQ(count(1, 20, 200), 2U);
  EXPECT_EQ(count(1, 20, 1 << 20), 20U);
  EXPECT_EQ(count(19, 100, 1 << 20), 2U);
  EXPECT_EQ(count(5, 7, 1 << 20), 3U);
}

TEST(LogStore, ALogThatEndsBelowWhatIsKnownIsCorrupt) {
  const TempDir dir;
  {
    const auto log = open_log(dir.file("log.db"));
    expect_ok(log->append({make_batch(1, 5, 1)}));
    core::Restored restored;
    const Status status = log->restore(6, restored);
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt);
    EXPECT_THAT(status.message(), HasSubstr("ends at index 5"));
  }
  const Status status = open_status(dir.file("log.db"), 6);
  EXPECT_EQ(status.kind(), ErrorKind::kCorrupt);
  EXPECT_THAT(status.message(), HasSubstr("index 6"));
  expect_ok(open_status(dir.file("log.db"), 5));
}

// R2.6: each start commits something, so that its fsync covers what an earlier process left
// unsynced.
TEST(LogStore, EachStartCommitsABootRecord) {
  const TempDir dir;
  for (std::int64_t boot = 1; boot <= 3; ++boot) {
    expect_ok(open_status(dir.file("log.db")));
    sqlite::Database database;
    ASSERT_TRUE(sqlite::Database::open(dir.file("log.db"), {}, database).ok());
    std::int64_t boots = 0;
    ASSERT_TRUE(
        database.query_integer("SELECT value FROM meta WHERE key = 'boots'", 0, boots).ok());
    EXPECT_EQ(boots, boot);
  }
}

TEST(LogStore, AHundredThousandEntriesComeBackWhole) {
  const TempDir dir;
  {
    const auto log = open_log(dir.file("log.db"));
    for (core::Index at = 1; at <= 100'000; at += 5'000) {
      expect_ok(log->append({make_batch(at, 5'000, 1 + at / 20'000, std::string(200, 'm'))}));
    }
  }
  const auto log = open_log(dir.file("log.db"), 100'000);
  core::Restored restored;
  expect_ok(log->restore(99'990, restored));
  EXPECT_EQ(restored.tail.size(), 10U);
  EXPECT_EQ(restored.term_runs.size(), 5U);
}

// Against a vector, with restarts and checkpoints in between.
TEST(LogStore, AgreesWithAModel) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t bound) { return random() % bound; };
    const TempDir dir;
    std::vector<core::EntryPtr> model;
    core::Term term = 1;
    auto log = open_log(dir.file("log.db"));
    for (int step = 0; step < 150; ++step) {
      const std::uint64_t what = below(10);
      if (what == 0) {
        log.reset();
        log = open_log(dir.file("log.db"), model.size());
      } else if (what == 1) {
        expect_ok(log->checkpoint());
      } else {
        std::vector<core::PersistEntries> batches(1 + below(4));
        for (core::PersistEntries& batch : batches) {
          if (below(4) == 0) {
            ++term;
            model.resize(model.size() - below(model.size() + 1));
          }
          batch.accepting_term = term;
          for (std::uint64_t count = 1 + below(8); count > 0; --count) {
            model.push_back(make_entry(model.size() + 1, term, std::string(below(300), 'q')));
            batch.entries.push_back(model.back());
          }
        }
        expect_ok(log->append(batches));
      }
      ASSERT_EQ(log->last_index(), model.size());
      if (model.empty() || step % 5 != 0) continue;
      const core::Index first = 1 + below(model.size());
      std::vector<core::EntryPtr> got;
      expect_ok(log->read(first, model.size(), ~std::size_t{0}, got));
      expect_same(got, {model.begin() + static_cast<std::ptrdiff_t>(first) - 1, model.end()});
    }
    core::Restored restored;
    expect_ok(log->restore(0, restored));
    expect_same(restored.tail, model);
  }
}

}  // namespace
}  // namespace starling::storage
