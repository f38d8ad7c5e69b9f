// LogStore from the three threads that a node has: append, read, checkpoint.
#include <atomic>
#include <thread>

#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

TEST(LogThreads, ReadsAndCheckpointsBesideAppends) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  expect_ok(log->append({make_batch(1, 1, 1)}));
  std::thread reader([&] {
    while (!done || reads == 0) {
      const core::Index last = log->last_index();
      const core::Index first = last > 50 ? last - 50 : 1;
      std::vector<core::EntryPtr> got;
      expect_ok(log->read(first, last, 1 << 20, got));
      EXPECT_EQ(got.size(), last - first + 1);
      ++reads;
    }
  });
  std::thread checkpointer([&] {
    while (!done) expect_ok(log->checkpoint());
  });
  for (int i = 0; i < 400; ++i) {
    expect_ok(log->append({make_batch(log->last_index() + 1, 4, 1)}));
  }
  done = true;
  reader.join();
  checkpointer.join();
  EXPECT_EQ(log->last_index(), 1601U);
}

// Passive checkpoints under writes that never pause: the WAL has to start again now and then.
TEST(LogThreads, TheWalDoesNotGrowForEver) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  std::atomic<bool> done = false;
  std::atomic<std::uintmax_t> written = 0;
  std::thread checkpointer([&] {
    std::uintmax_t next = 0;
    while (!done) {
      if (written >= next) {
        expect_ok(log->checkpoint());
        next = written + 2'000'000;
      }
      std::this_thread::yield();
    }
  });
  const std::string payload(1'000, 'w');
  while (written < 30'000'000) {
    expect_ok(log->append({make_batch(log->last_index() + 1, 20, 1, payload)}));
    written += 20 * payload.size();
  }
  done = true;
  checkpointer.join();
  const std::uintmax_t wal = std::filesystem::file_size(dir.file("log.db-wal"));
  EXPECT_LT(wal, written / 2) << "of " << written << " bytes appended";
}

// Without a checkpoint in the way, one when all is quiet is complete by itself.
TEST(LogThreads, AQuietCheckpointLetsTheWalStartAgain) {
  const TempDir dir;
  const auto log = open_log(dir.file("log.db"));
  std::uintmax_t size = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 10; ++i) {
      expect_ok(log->append({make_batch(log->last_index() + 1, 10, 1, std::string(500, 'q'))}));
    }
    expect_ok(log->checkpoint());
    const std::uintmax_t now = std::filesystem::file_size(dir.file("log.db-wal"));
    if (round == 2) size = now;
    if (round > 2) {
      EXPECT_LT(now, size * 2);
    }
  }
}

}  // namespace
}  // namespace starling::storage
