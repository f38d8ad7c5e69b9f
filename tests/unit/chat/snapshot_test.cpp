// Copies of a store: of one moment though it is written to meanwhile, and refused when they are not
// what they are said to be.
#include "server/chat/snapshot.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/sqlite/sqlite.h"
#include "tests/unit/chat/random_log.h"

namespace starling::chat {
namespace {

class Snapshot : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ =
        std::filesystem::path(::testing::TempDir()) /
        ("starling-copy-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
         "-" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string file(const char* name) const { return (directory_ / name).string(); }

  std::filesystem::path directory_;
};

bool go_on() { return true; }

// More than the copying takes in one step.
void fill(World& world) {
  world.now_ms = std::max(world.now_ms, world.store().time_ms());
  const Person writer = world.person("filler-a");
  const ConversationId notes = world.direct(writer, world.person("filler-b"));
  for (int i = 0; i < 200; ++i) world.send(writer, notes, std::string(16'000, 'x'));
}

TEST_F(Snapshot, IsOfOneMomentThoughItIsWrittenMeanwhile) {
  World world(file("chat.db"));
  RandomLog log(7);
  std::vector<Event> events;
  log.grow(world.store(), 500, events);
  fill(world);
  const std::uint64_t index = world.store().applied_index();
  const std::uint64_t hash = world.store().state_hash();
  CopyInfo info;
  int steps = 0;
  ASSERT_OK(copy_store(
      file("chat.db"), file("copy.db"),
      [&] {
        ++steps;
        log.grow(world.store(), 20, events);
        return true;
      },
      info));
  EXPECT_GT(steps, 0) << "the store is larger than one step";
  EXPECT_GT(world.store().applied_index(), index);
  EXPECT_EQ(info.applied_index, index);
  EXPECT_EQ(info.state_hash, hash);
  ASSERT_OK(check_copy(file("copy.db"), index, hash));
  std::unique_ptr<Store> copy;
  ASSERT_OK(Store::open(file("copy.db"), 1'024, copy));
  EXPECT_EQ(copy->time_ms(), info.time_ms);
  // It goes on from there like the one that it was made of.
  for (const LogEntry& entry : log.entries()) {
    if (entry.index <= index) continue;
    const Committed committed{entry.index, entry.stamp_ms, entry.has_command, entry.data};
    ApplyResult result;
    ASSERT_OK(copy->apply({&committed, 1}, result));
  }
  EXPECT_EQ(copy->state_hash(), world.store().state_hash());
}

TEST_F(Snapshot, StopsWhenItIsTold) {
  World world(file("chat.db"));
  RandomLog log(8);
  std::vector<Event> events;
  log.grow(world.store(), 500, events);
  fill(world);
  CopyInfo info;
  EXPECT_FALSE(copy_store(
                   file("chat.db"), file("copy.db"), [] { return false; }, info)
                   .ok());
}

TEST_F(Snapshot, AnotherIndexOrHashIsRefused) {
  World world(file("chat.db"));
  world.person("ada");
  CopyInfo info;
  ASSERT_OK(copy_store(file("chat.db"), file("copy.db"), go_on, info));
  ASSERT_OK(check_copy(file("copy.db"), info.applied_index, info.state_hash));
  EXPECT_FALSE(check_copy(file("copy.db"), info.applied_index + 1, info.state_hash).ok());
  EXPECT_FALSE(check_copy(file("copy.db"), info.applied_index, info.state_hash + 1).ok());
}

// One row that says something else, the store's own sum untouched.
TEST_F(Snapshot, ARowThatDiffersIsRefused) {
  World world(file("chat.db"));
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  world.send(ada, world.direct(ada, bob), "hello");
  CopyInfo info;
  ASSERT_OK(copy_store(file("chat.db"), file("copy.db"), go_on, info));
  {
    sqlite::Database database;
    ASSERT_OK(sqlite::Database::open(file("copy.db"), {}, database));
    ASSERT_OK(database.execute("UPDATE messages SET body = 'jello'"));
    ASSERT_EQ(database.changes(), 1);
  }
  EXPECT_FALSE(check_copy(file("copy.db"), info.applied_index, info.state_hash).ok());
}

// The hash is of the rows; a row that its index does not find is as bad as one that differs.
TEST_F(Snapshot, AnIndexThatLeadsElsewhereIsRefused) {
  World world(file("chat.db"));
  world.person("zebra");
  CopyInfo info;
  ASSERT_OK(copy_store(file("chat.db"), file("copy.db"), go_on, info));
  std::ifstream in(file("copy.db"), std::ios::binary);
  const std::string copy((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  int places = 0;
  for (std::size_t at = copy.find("zebra"); at != std::string::npos;
       at = copy.find("zebra", at + 1)) {
    std::string damaged = copy;
    damaged[at] = 'y';
    std::ofstream(file("damaged.db"), std::ios::binary) << damaged;
    EXPECT_FALSE(check_copy(file("damaged.db"), info.applied_index, info.state_hash).ok()) << at;
    ++places;
  }
  EXPECT_EQ(places, 3) << "the name, the hash made from it, and the index by name";
  ASSERT_OK(check_copy(file("copy.db"), info.applied_index, info.state_hash));
}

TEST_F(Snapshot, WhatIsNoStoreIsRefused) {
  World world(file("chat.db"));
  CopyInfo info;
  EXPECT_FALSE(copy_store(file("missing.db"), file("copy.db"), go_on, info).ok());
  EXPECT_FALSE(std::filesystem::exists(file("missing.db")));
  std::filesystem::resize_file(file("chat.db"), 5'000);
  EXPECT_FALSE(check_copy(file("chat.db"), 0, 0).ok());
}

}  // namespace
}  // namespace starling::chat
