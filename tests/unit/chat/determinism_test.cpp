// Equal logs give equal stores, whatever the batches (R4.6); the running hash is that of the rows.
#include <algorithm>

#include "tests/unit/chat/random_log.h"

namespace starling::chat {
namespace {

// Applies the whole log in batches of random sizes up to `most`.
void replay_log(Store& store, const std::vector<LogEntry>& entries, std::uint64_t seed,
                std::size_t most) {
  std::mt19937_64 random(seed);
  std::size_t at = 0;
  while (at < entries.size()) {
    const std::size_t size = std::min<std::size_t>(1 + random() % most, entries.size() - at);
    std::vector<Committed> batch;
    for (std::size_t i = at; i < at + size; ++i) {
      const LogEntry& e = entries[i];
      batch.push_back({e.index, e.stamp_ms, e.has_command, e.data});
    }
    ApplyResult result;
    ASSERT_OK(store.apply(batch, result));
    at += size;
  }
}

TEST(Determinism, BatchesDoNotMatter) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    World first;
    RandomLog log(seed);
    std::vector<Event> events;
    log.grow(first.store(), 700, events);
    first.expect_hash_holds();
    for (const std::size_t most : {2, 7, 1'000}) {
      World other;
      replay_log(other.store(), log.entries(), seed, most);
      EXPECT_EQ(other.store().state_hash(), first.store().state_hash()) << "seed " << seed;
      other.expect_hash_holds();
      for (const Actor& actor : log.actors()) {
        std::vector<Event> a;
        std::vector<Event> b;
        Position reached;
        ASSERT_OK(first.reader().events_after(actor.account, {}, 10'000, a, reached));
        ASSERT_OK(other.reader().events_after(actor.account, {}, 10'000, b, reached));
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
          EXPECT_EQ(a[i].position, b[i].position);
          EXPECT_EQ(a[i].message.body, b[i].message.body);
          EXPECT_EQ(a[i].message.seq, b[i].message.seq);
        }
      }
    }
  }
}

// Also across restarts, where nothing is remembered.
TEST(Determinism, RestartsDoNotMatter) {
  for (std::uint64_t seed = 100; seed < 106; ++seed) {
    World first;
    RandomLog log(seed);
    std::vector<Event> events;
    log.grow(first.store(), 300, events);
    std::unique_ptr<Store> store;
    ASSERT_OK(Store::open(":memory:", 2'048, store));
    for (const LogEntry& e : log.entries()) {
      const Committed entry{e.index, e.stamp_ms, e.has_command, e.data};
      ApplyResult result;
      ASSERT_OK(store->apply({&entry, 1}, result));
      std::string image;
      ASSERT_OK(store->serialize(image));
      ASSERT_OK(Store::open_image(image, store));
    }
    EXPECT_EQ(store->state_hash(), first.store().state_hash());
    EXPECT_EQ(store->applied_index(), first.store().applied_index());
    EXPECT_EQ(store->time_ms(), first.store().time_ms());
  }
}

TEST(Determinism, HistoriesDoHappen) {
  // Guards the guards: the random logs make every kind of event and enough messages.
  World world;
  RandomLog log(3);
  std::vector<Event> events;
  log.grow(world.store(), 3'000, events);
  const auto count = [&events](EventKind kind) {
    return std::count_if(events.begin(), events.end(),
                         [kind](const Event& e) { return e.kind == kind; });
  };
  EXPECT_GT(count(EventKind::kMessage), 100);
  EXPECT_GT(count(EventKind::kMessageDeleted), 5);
  EXPECT_GT(count(EventKind::kConversationOpened), 10);
  EXPECT_GT(count(EventKind::kReadMark), 10);
  EXPECT_GT(count(EventKind::kAccountDeleted), 0);
}

TEST(Determinism, TheHashSeesEveryEntry) {
  World world;
  const std::uint64_t empty = world.store().state_hash();
  const Committed no_op{1, kStart, false, {}};
  ASSERT_OK(world.store().apply({&no_op, 1}, world.result));
  EXPECT_NE(world.store().state_hash(), empty);
  EXPECT_EQ(world.store().time_ms(), kStart);
  // Time never goes back.
  const Committed earlier{2, kStart - 5, false, {}};
  ASSERT_OK(world.store().apply({&earlier, 1}, world.result));
  EXPECT_EQ(world.store().time_ms(), kStart);
  EXPECT_TRUE(world.result.outcomes.empty());
}

TEST(DeterminismDeathTest, AGapInTheLogAborts) {
  World world;
  const Committed third{3, kStart, false, {}};
  EXPECT_DEATH((void)world.store().apply({&third, 1}, world.result), "gap");
}

}  // namespace
}  // namespace starling::chat
