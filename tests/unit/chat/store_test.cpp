// The store on a file: restart, checkpoints, readers beside the writer, refusals at opening.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/unit/chat/random_log.h"

namespace starling::chat {
namespace {

class StoreFile : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 (std::string("starling_chat_") +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string path() const { return (directory_ / "chat.db").string(); }

  std::filesystem::path directory_;
};

TEST_F(StoreFile, GoesOnWhereItWas) {
  World world(path());
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  const Send send{world.key(1'000), ada.actor, chat, "before", std::nullopt, 0};
  const Outcome first = world.apply(send);
  const std::uint64_t hash = world.store().state_hash();
  const std::uint64_t index = world.store().applied_index();
  world.open(path());
  EXPECT_EQ(world.store().applied_index(), index);
  EXPECT_EQ(world.store().time_ms(), kStart);
  EXPECT_EQ(world.store().state_hash(), hash);
  world.expect_hash_holds();
  const Outcome again = world.apply(send);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.message, first.message);
  Send next{world.key(1'001), ada.actor, chat, "after", request(1'000)};
  EXPECT_EQ(world.apply(next).seq, 2);
}

// As one that was made before there was that index.
TEST_F(StoreFile, GetsWhatIndexItLacks) {
  World world(path());
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  world.group(ada, {bob});
  const std::uint64_t hash = world.store().state_hash();
  {
    sqlite::Database database;
    ASSERT_OK(sqlite::Database::open(path(), {}, database));
    ASSERT_OK(database.execute("DROP INDEX members_in_groups"));
  }
  world.open(path());
  EXPECT_EQ(world.store().state_hash(), hash);
  std::vector<AccountId> seen;
  EXPECT_OK(world.reader().visible_to(ada.actor.account, {bob.actor.account}, seen));
  EXPECT_THAT(seen, testing::ElementsAre(bob.actor.account));
}

TEST_F(StoreFile, EqualsOneInMemory) {
  World memory;
  RandomLog log(42);
  std::vector<Event> events;
  log.grow(memory.store(), 400, events);
  World file(path());
  for (const LogEntry& e : log.entries()) {
    const Committed entry{e.index, e.stamp_ms, e.has_command, e.data};
    ASSERT_OK(file.store().apply({&entry, 1}, file.result));
    if (e.index % 100 == 0) file.open(path());
  }
  EXPECT_EQ(file.store().state_hash(), memory.store().state_hash());
  std::uint64_t index = 0;
  TimeMs time_ms = 0;
  std::uint64_t hash = 0;
  ASSERT_OK(file.reader().applied(index, time_ms, hash));
  EXPECT_EQ(index, file.store().applied_index());
  EXPECT_EQ(time_ms, file.store().time_ms());
  EXPECT_EQ(hash, file.store().state_hash());
  ASSERT_OK(file.reader().retention_floor(index));
  EXPECT_EQ(index, 0U);
}

TEST_F(StoreFile, ACheckpointSaysWhatIsDurable) {
  World world(path());
  world.person("ada");
  std::uint64_t durable = 99;
  ASSERT_OK(world.store().checkpoint(durable));
  EXPECT_EQ(durable, world.store().applied_index());
  // What the database file alone holds, without the WAL.
  const std::string copy = (directory_ / "copy.db").string();
  std::filesystem::copy_file(path(), copy);
  std::unique_ptr<Store> alone;
  ASSERT_OK(Store::open(copy, 2'048, alone));
  EXPECT_EQ(alone->applied_index(), durable);
  EXPECT_EQ(alone->state_hash(), world.store().state_hash());
  world.person("bob");
  ASSERT_OK(world.store().checkpoint(durable));
  EXPECT_EQ(durable, world.store().applied_index());
}

TEST_F(StoreFile, AReaderDoesNotHoldTheWriterUp) {
  World world(path());
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  std::unique_ptr<Reader> other;
  ASSERT_OK(Reader::open(path(), other));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(world.send(ada, chat, "x").seq, i + 1);
    std::vector<Message> messages;
    bool more = false;
    ASSERT_OK(other->messages_before(chat, 0, 50, messages, more));
    EXPECT_EQ(messages.size(), static_cast<std::size_t>(i + 1));
  }
}

// What a node does all the time: applying, reading and checkpoints on three threads.
TEST_F(StoreFile, WriterReaderAndCheckpointsAtOnce) {
  World world(path());
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  constexpr Seq kSends = 400;
  std::atomic<bool> failed = false;
  std::atomic<bool> written = false;
  std::thread reading([&] {
    std::unique_ptr<Reader> reader;
    if (!Reader::open(path(), reader).ok()) failed = true;
    Position at;
    Seq last = 0;
    while (last < kSends && !failed) {
      std::vector<Event> events;
      Position reached;
      Conversation conversation;
      bool found = false;
      if (!reader->conversation(chat, bob.actor.account, found, conversation).ok() || !found ||
          conversation.unread != conversation.last_seq ||
          !reader->events_after(bob.actor.account, at, 7, events, reached).ok() || reached < at) {
        failed = true;
      }
      for (const Event& event : events) {
        if (event.kind == EventKind::kMessage && event.message.seq != ++last) failed = true;
      }
      at = reached;
    }
  });
  std::thread checkpoints([&] {
    std::uint64_t before = 0;
    while (!written && !failed) {
      std::uint64_t durable = 0;
      if (!world.store().checkpoint(durable).ok() || durable < before) failed = true;
      before = durable;
    }
  });
  for (Seq seq = 1; seq <= kSends && !failed; ++seq) {
    if (world.send(ada, chat, "x").seq != seq) failed = true;
  }
  written = true;
  checkpoints.join();
  reading.join();
  EXPECT_FALSE(failed);
  std::uint64_t durable = 0;
  ASSERT_OK(world.store().checkpoint(durable));
  EXPECT_EQ(durable, world.store().applied_index());
}

TEST_F(StoreFile, AFailedTransactionLeavesNothing) {
  World world(path());
  const Person ada = world.person("ada");
  const Person bob = world.person("bob");
  const ConversationId chat = world.direct(ada, bob);
  world.send(ada, chat, "first");
  const std::uint64_t hash = world.store().state_hash();
  const std::uint64_t index = world.store().applied_index();
  // To the store, a trigger that raises an error is as good as a full disk.
  sqlite::Database saboteur;
  ASSERT_OK(sqlite::Database::open(path(), {}, saboteur));
  ASSERT_OK(
      saboteur.execute("CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN new.body = 'bad' "
                       "BEGIN SELECT RAISE(ABORT, 'disk on fire'); END"));
  const std::string good = encode(Send{world.key(2'000), ada.actor, chat, "good", std::nullopt, 0});
  const std::string bad = encode(Send{world.key(2'001), ada.actor, chat, "bad", std::nullopt, 0});
  const std::vector<Committed> batch = {{index + 1, world.now_ms, true, good},
                                        {index + 2, world.now_ms, true, bad}};
  const sqlite::Status status = world.store().apply(batch, world.result);
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(world.result.outcomes.empty());
  EXPECT_TRUE(world.result.events.empty());
  EXPECT_EQ(world.store().state_hash(), hash);
  EXPECT_EQ(world.store().applied_index(), index);
  world.expect_hash_holds();
  ASSERT_OK(saboteur.execute("DROP TRIGGER refuse"));
  ASSERT_OK(world.store().apply(batch, world.result));
  ASSERT_EQ(world.result.outcomes.size(), 2U);
  EXPECT_EQ(world.result.outcomes[0].outcome.seq, 2);
  EXPECT_EQ(world.result.outcomes[1].outcome.seq, 3);
  world.expect_hash_holds();
}

TEST_F(StoreFile, ForeignFilesAreRefused) {
  {
    std::ofstream file(path());
    file << "this is not a database at all, but it is long enough to look at";
  }
  std::unique_ptr<Store> store;
  EXPECT_FALSE(Store::open(path(), 2'048, store).ok());
  const std::string other = (directory_ / "other.db").string();
  {
    sqlite::Database database;
    ASSERT_OK(sqlite::Database::open(other, {}, database));
    ASSERT_OK(database.execute("CREATE TABLE something(id INTEGER PRIMARY KEY)"));
  }
  EXPECT_FALSE(Store::open(other, 2'048, store).ok());
}

TEST(StoreImage, AnImageHoldsEverything) {
  World world;
  RandomLog log(5);
  std::vector<Event> events;
  log.grow(world.store(), 200, events);
  std::string image;
  ASSERT_OK(world.store().serialize(image));
  std::unique_ptr<Store> copy;
  ASSERT_OK(Store::open_image(image, copy));
  EXPECT_EQ(copy->state_hash(), world.store().state_hash());
  std::uint64_t durable = 0;
  ASSERT_OK(copy->checkpoint(durable));
  EXPECT_EQ(durable, copy->applied_index());
  std::uint64_t hash = 0;
  ASSERT_OK(copy->recompute_hash(hash));
  EXPECT_EQ(hash, copy->state_hash());
}

}  // namespace
}  // namespace starling::chat
