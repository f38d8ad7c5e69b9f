// Where a log begins: what compaction lets go of and keeps, and a snapshot put under a log.
#include "server/sqlite/sqlite.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

std::string members(core::NodeId id) {
  core::Configuration configuration;
  configuration.members.push_back({id, "127.0.0.1:5101", true});
  return core::encode(configuration);
}

core::PersistEntries one(core::EntryPtr entry) { return {entry->term, {std::move(entry)}}; }

// 1 and 30 are configurations, 1..40 of term 1, 41..80 of term 2.
void fill(LogStore& log) {
  expect_ok(log.append({one(make_entry(1, 1, members(1), core::EntryKind::kConfiguration))}));
  expect_ok(log.append({make_batch(2, 28, 1)}));
  expect_ok(log.append({one(make_entry(30, 1, members(2), core::EntryKind::kConfiguration))}));
  expect_ok(log.append({make_batch(31, 10, 1), make_batch(41, 40, 2)}));
}

void compact(LogStore& log, core::Index index) {
  log.compact_to(index);
  for (bool more = true; more;) expect_ok(log.compact_some(more));
}

core::Restored restored(LogStore& log, core::Index applied) {
  core::Restored out;
  expect_ok(log.restore(applied, out));
  return out;
}

TEST(LogCompaction, KeepsWhatTheCoreNeeds) {
  TempDir dir;
  {
    const auto log = open_log(dir.file("log.db"));
    fill(*log);
    compact(*log, 45);
  }
  const auto log = open_log(dir.file("log.db"));
  const core::Restored got = restored(*log, 50);
  EXPECT_EQ(got.base_index, 45u);
  EXPECT_EQ(got.base_term, 2u);
  EXPECT_EQ(got.last_index, 80u);
  ASSERT_EQ(got.term_runs.size(), 1u);
  EXPECT_EQ(got.term_runs[0], std::pair(core::Index{46}, core::Term{2}));
  ASSERT_EQ(got.configurations.size(), 1u);
  EXPECT_EQ(got.configurations[0].first, 30u);
  EXPECT_EQ(core::encode(got.configurations[0].second), members(2));
  EXPECT_EQ(got.tail.front()->index, 51u);
  EXPECT_EQ(got.last_stamp_ms, 1'000'080);
}

TEST(LogCompaction, ALogMayBeItsBaseOnly) {
  TempDir dir;
  {
    const auto log = open_log(dir.file("log.db"));
    fill(*log);
    compact(*log, 1'000);  // No further than there is.
  }
  const auto log = open_log(dir.file("log.db"));
  const core::Restored got = restored(*log, 80);
  EXPECT_EQ(got.base_index, 80u);
  EXPECT_EQ(got.last_index, 80u);
  EXPECT_TRUE(got.term_runs.empty());
  EXPECT_EQ(got.last_stamp_ms, 1'000'080);
  expect_ok(log->append({make_batch(81, 2, 2)}));
  EXPECT_EQ(log->append({make_batch(80, 1, 2)}).kind(), ErrorKind::kInvalid);
}

TEST(LogCompaction, WhatHasGoneIsNoDamage) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  compact(*log, 45);
  std::vector<core::EntryPtr> entries;
  EXPECT_EQ(log->read(40, 50, 1 << 20, entries).kind(), ErrorKind::kInvalid);
  expect_ok(log->read(46, 50, 1 << 20, entries));
  EXPECT_EQ(entries.size(), 5u);
}

// Under load the entries leave with the appends, some with each.
TEST(LogCompaction, RidesWithTheAppends) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  for (core::Index at = 81; at < 3'081; at += 100) expect_ok(log->append({make_batch(at, 100, 2)}));
  log->compact_to(2'000);
  for (core::Index at = 3'081; at < 3'091; ++at) expect_ok(log->append({make_batch(at, 1, 2)}));
  EXPECT_EQ(restored(*log, 3'000).base_index, 2'000u);
  EXPECT_EQ(log->last_index(), 3'090u);
}

// The chat store is what the log begins behind: without it nothing can be vouched for (R2.4).
TEST(LogCompaction, AChatStoreThatEndsBelowTheBaseIsCorrupt) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  compact(*log, 45);
  core::Restored out;
  EXPECT_EQ(log->restore(44, out).kind(), ErrorKind::kCorrupt);
  expect_ok(log->restore(45, out));
}

TEST(LogCompaction, TellsSizes) {
  TempDir dir;
  auto log = open_log(dir.file("log.db"));
  const std::string kib(1'000, 'k');
  for (core::Index at = 1; at <= 1'000; at += 50)
    expect_ok(log->append({make_batch(at, 50, 1, kib)}));
  EXPECT_NEAR(static_cast<double>(log->bytes()), 1'067'000, 20'000);
  EXPECT_NEAR(static_cast<double>(log->index_before(500'000)), 530, 20);
  EXPECT_EQ(log->index_before(2'000'000), 0u);
  compact(*log, 500);
  EXPECT_NEAR(static_cast<double>(log->bytes()), 533'000, 30'000);
  log.reset();
  log = open_log(dir.file("log.db"));
  EXPECT_NEAR(static_cast<double>(log->bytes()), 533'000, 30'000);
}

TEST(LogCompaction, BaseAtTellsTermTimeAndMembers) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  Base base;
  expect_ok(log->base_at(29, base));
  EXPECT_EQ(base.term, 1u);
  EXPECT_EQ(base.configuration_index, 1u);
  EXPECT_EQ(base.configuration, members(1));
  expect_ok(log->base_at(60, base));
  EXPECT_EQ(base.index, 60u);
  EXPECT_EQ(base.term, 2u);
  EXPECT_EQ(base.stamp_ms, 1'000'060);
  EXPECT_EQ(base.configuration_index, 30u);
  compact(*log, 60);
  Base again;
  expect_ok(log->base_at(60, again));
  EXPECT_EQ(again.term, 2u);
  EXPECT_EQ(again.stamp_ms, 1'000'060);
  EXPECT_EQ(again.configuration, members(2));
  EXPECT_EQ(log->base_at(59, again).kind(), ErrorKind::kInvalid);
  EXPECT_EQ(log->base_at(81, again).kind(), ErrorKind::kInvalid);
}

Base snapshot_of(core::Index index, core::Term term) {
  return {index, term, 1'000'000 + static_cast<core::WallMs>(index), 7, members(9)};
}

TEST(LogInstall, ASnapshotBeyondTheLogReplacesIt) {
  TempDir dir;
  {
    const auto log = open_log(dir.file("log.db"));
    fill(*log);
    EXPECT_EQ(log->chat_file(), "chat.db");
    expect_ok(log->install(snapshot_of(200, 3), "chat-200.db"));
  }
  const auto log = open_log(dir.file("log.db"));
  EXPECT_EQ(log->chat_file(), "chat-200.db");
  const core::Restored got = restored(*log, 200);
  EXPECT_EQ(got.base_index, 200u);
  EXPECT_EQ(got.base_term, 3u);
  EXPECT_EQ(got.last_index, 200u);
  EXPECT_EQ(got.configurations.back().first, 7u);
  EXPECT_EQ(got.last_stamp_ms, 1'000'200);
}

// What this server acknowledged behind the snapshot stays (dissertation 5.3; R2.7 would see it).
TEST(LogInstall, TheLogBehindASnapshotOfTheSameHistoryStays) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  expect_ok(log->install(snapshot_of(50, 2), "chat-50.db"));
  const core::Restored got = restored(*log, 50);
  EXPECT_EQ(got.base_index, 50u);
  EXPECT_EQ(got.last_index, 80u);
  EXPECT_EQ(got.tail.size(), 30u);
}

TEST(LogInstall, TheLogOfAnotherHistoryGoes) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  expect_ok(log->install(snapshot_of(50, 3), "chat-50.db"));
  const core::Restored got = restored(*log, 50);
  EXPECT_EQ(got.last_index, 50u);
  EXPECT_TRUE(got.tail.empty());
}

TEST(LogInstall, RefusesWhatIsNoSnapshot) {
  TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  fill(*log);
  compact(*log, 45);
  EXPECT_FALSE(log->install(snapshot_of(45, 2), "chat-45.db").ok()) << "it begins there already";
  EXPECT_FALSE(log->install(snapshot_of(60, 2), "../chat.db").ok());
  Base nobody = snapshot_of(60, 2);
  nobody.configuration = "?";
  EXPECT_FALSE(log->install(nobody, "chat-60.db").ok());
  EXPECT_EQ(restored(*log, 80).last_index, 80u);
}

TEST(LogFormat, ALogOfTheFormerFormatIsTaken) {
  TempDir dir;
  { fill(*open_log(dir.file("log.db"))); }
  {
    sqlite::Database database;
    ASSERT_TRUE(sqlite::Database::open(dir.file("log.db"), {}, database).ok());
    ASSERT_TRUE(
        database.execute("DROP TABLE base; UPDATE meta SET value = 1 WHERE key = 'format'").ok());
  }
  const auto log = open_log(dir.file("log.db"));
  EXPECT_EQ(restored(*log, 0).tail.size(), 80u);
  EXPECT_EQ(log->chat_file(), "chat.db");
}

}  // namespace
}  // namespace starling::storage
