// The chat store on a disk that fails at every step: what a checkpoint called durable is there
// after any power loss, what was applied is there after any crash, and the rows are always those of
// the index that they claim.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/chat/random_log.h"
#include "tests/unit/faults/rig.h"

namespace starling::chat {
namespace {

using faults::Rig;

const std::string kChat = Rig::file("chat.db");
constexpr int kEntries = 240;
constexpr std::size_t kBatch = 30;

struct Script {
  std::vector<LogEntry> entries;
  std::map<std::uint64_t, std::uint64_t> hashes;  // By index.
};

Script write_script() {
  Script script;
  RandomLog log(17);
  std::unique_ptr<Store> store;
  EXPECT_OK(Store::open(":memory:", 256, store));
  std::vector<Event> events;
  script.hashes[0] = store->state_hash();
  for (int i = 0; i < kEntries; ++i) {
    log.grow(*store, 1, events);
    script.hashes[store->applied_index()] = store->state_hash();
  }
  script.entries = log.entries();
  return script;
}

class Life {
 public:
  explicit Life(Script script) : script_(std::move(script)) {}

  void live(Rig& rig) {
    durable_ = 0;
    applied_ = 0;
    std::unique_ptr<Store> store;
    if (!Store::open(kChat, 256, store).ok()) return;
    std::vector<Committed> batch;
    for (const LogEntry& entry : script_.entries) {
      batch.push_back({entry.index, entry.stamp_ms, entry.has_command, entry.data});
      if (batch.size() < kBatch) continue;
      ApplyResult result;
      if (!store->apply(batch, result).ok()) {
        EXPECT_EQ(store->applied_index(), applied_);
        EXPECT_TRUE(result.outcomes.empty());
        rig.disk.stop_now();  // The process ends without closing anything.
        return;
      }
      applied_ = entry.index;
      batch.clear();
      std::uint64_t durable = 0;
      if (applied_ % (2 * kBatch) != 0) continue;
      if (!store->checkpoint(durable).ok()) {
        rig.disk.stop_now();
        return;
      }
      durable_ = durable;
    }
  }

  void check(Rig& rig, bool stays_in_cache) {
    std::unique_ptr<Store> store;
    const auto status = Store::open(kChat, 256, store);
    ASSERT_TRUE(status.ok()) << status.message();
    const std::uint64_t index = store->applied_index();
    ASSERT_GE(index, stays_in_cache ? applied_ : durable_);
    ASSERT_TRUE(script_.hashes.contains(index)) << index;
    ASSERT_EQ(index % kBatch, 0U);
    ASSERT_EQ(store->state_hash(), script_.hashes.at(index));
    std::uint64_t recomputed = 0;
    ASSERT_OK(store->recompute_hash(recomputed));
    ASSERT_EQ(recomputed, store->state_hash());
    if (index < kEntries) {
      const LogEntry& next = script_.entries[index];
      const Committed committed{next.index, next.stamp_ms, next.has_command, next.data};
      ApplyResult result;
      ASSERT_OK(store->apply({&committed, 1}, result));
      ASSERT_EQ(store->state_hash(), script_.hashes.at(index + 1));
    }
    std::uint64_t durable = 0;
    ASSERT_OK(store->checkpoint(durable));
    store.reset();
    rig.disk.power_loss(nullptr);
    ASSERT_OK(Store::open(kChat, 256, store));
    ASSERT_GE(store->applied_index(), durable);
  }

  std::uint64_t durable() const { return durable_; }

 private:
  const Script script_;
  std::uint64_t durable_ = 0;
  std::uint64_t applied_ = 0;
};

TEST(ChatOnAFaultyDisk, KeepsWhatACheckpointCalledDurable) {
  Life life(write_script());
  faults::at_every_step([&](Rig& rig) { life.live(rig); },
                        [&](Rig& rig, bool disturbed) { life.check(rig, !disturbed); }, 3);
  EXPECT_GT(life.durable(), 0U);
}

// The rows have a hash over all of them: what SQLite itself does not notice, verify does.
TEST(ChatOnAFaultyDisk, AFlippedBitIsSeenOrChangesNothing) {
  Life life(write_script());
  std::string image;
  {
    Rig rig;
    life.live(rig);
    rig.disk.crash();
    std::unique_ptr<Store> store;
    ASSERT_OK(Store::open(kChat, 256, store));
    std::uint64_t durable = 0;
    ASSERT_OK(store->checkpoint(durable));
    store.reset();
    image = rig.disk.durable(kChat);
  }
  ASSERT_GT(image.size(), 50'000U);
  int seen = 0;
  int harmless = 0;
  for (std::uint64_t at = 0; at < image.size(); at += 211) {
    Rig rig;
    faults::BodyPtr body;
    ASSERT_EQ(rig.disk.open(kChat, true, false, body), 0);
    ASSERT_EQ(rig.disk.write(kChat, *body, 0, image), 0);
    rig.disk.flip(kChat, at, static_cast<unsigned char>(1U << at % 8));
    std::unique_ptr<Store> store;
    std::uint64_t recomputed = 0;
    const bool opened = Store::open(kChat, 256, store).ok();
    const bool verified =
        opened && store->recompute_hash(recomputed).ok() && recomputed == store->state_hash();
    if (!verified) {
      ++seen;
      continue;
    }
    ++harmless;
  }
  EXPECT_GT(seen, 10);
  EXPECT_GT(harmless, 10);
}

}  // namespace
}  // namespace starling::chat
