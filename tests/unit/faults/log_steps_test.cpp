// The log on a disk that fails at every step of a history: what was acknowledged is there
// afterwards, whatever the end was, and nothing else is.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/faults/rig.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using faults::Rig;

const std::string kLog = Rig::file("log.db");

// All that a log tells, in words that can be compared.
std::string told(LogStore& log, core::Index base) {
  core::Restored restored;
  const Status status = log.restore(base, restored);
  if (!status.ok()) return "unreadable: " + status.message();
  std::string text = log.chat_file() + " behind " + std::to_string(restored.base_index) + "/" +
                     std::to_string(restored.base_term) + ", " +
                     std::to_string(restored.configurations.size()) + " configurations:";
  for (const core::EntryPtr& entry : restored.tail) {
    text += " " + std::to_string(entry->index) + "/" + std::to_string(entry->term) + "=" +
            std::to_string(entry->data.size()) + entry->data.substr(0, 8);
  }
  return text;
}

core::Index base_of(LogStore& log) {
  core::Restored restored;
  const Status status = log.restore(log.last_index(), restored);
  EXPECT_TRUE(status.ok()) << status.message();
  return restored.base_index;
}

std::string told(LogStore& log) { return told(log, base_of(log)); }

core::PersistEntries with_members(core::PersistEntries batch) {
  core::Configuration configuration;
  configuration.members.push_back({7, "127.0.0.1:5101", true});
  batch.entries.front() = make_entry(batch.entries.front()->index, batch.entries.front()->term,
                                     core::encode(configuration), core::EntryKind::kConfiguration);
  return batch;
}

Base installed_base() {
  core::Configuration configuration;
  configuration.members.push_back({7, "127.0.0.1:5101", true});
  return {40, 5, 1'000'040, 30, core::encode(configuration)};
}

Status compact(LogStore& log, core::Index index) {
  log.compact_to(index);
  bool more = true;
  Status status;
  while (status.ok() && more) status = log.compact_some(more);
  return status;
}

// Each of these is one transaction: after a failure it is there altogether or not at all.
std::vector<std::function<Status(LogStore&)>> history() {
  const std::string large(9'000, 'l');  // Longer than a page.
  return {
      [](LogStore& log) { return log.append({with_members(make_batch(1, 1, 1))}); },
      [](LogStore& log) {
        return log.append({make_batch(2, 4, 1), make_batch(6, 3, 2)});
      },
      [large](LogStore& log) { return log.append({make_batch(9, 2, 2, large)}); },
      [](LogStore& log) {
        return log.append({make_batch(7, 3, 3)});
      },  // Cuts off what is behind 6.
      [](LogStore& log) { return log.checkpoint(); },
      [](LogStore& log) { return log.append({make_batch(10, 1, 3)}); },
      [](LogStore& log) { return log.checkpoint(); },
      [](LogStore& log) { return log.append({make_batch(11, 5, 3)}); },  // Asked to move the rest.
      [](LogStore& log) { return compact(log, 8); },
      [](LogStore& log) { return log.append({make_batch(13, 2, 4)}); },
      [](LogStore& log) { return log.install(installed_base(), "chat-40.db"); },
      [](LogStore& log) { return log.append({make_batch(41, 2, 5)}); },
  };
}

class Life {
 public:
  Life() {
    Rig rig;
    const auto log = open_log(kLog);
    states_.push_back(told(*log));
    for (const auto& act : history()) {
      const Status status = act(*log);
      EXPECT_TRUE(status.ok()) << status.message();
      states_.push_back(told(*log));
    }
  }

  void live(Rig& rig) {
    acknowledged_ = 0;
    std::unique_ptr<LogStore> log;
    if (!LogStore::open(kLog, 0, log).ok()) return;
    for (const auto& act : history()) {
      if (!act(*log).ok()) {
        refuses(*log);
        rig.disk.stop_now();  // The process ends without closing anything.
        return;
      }
      ++acknowledged_;
    }
  }

  void check(Rig& rig, bool disturbed) const {
    std::string found;
    {
      std::unique_ptr<LogStore> log;
      const Status status = LogStore::open(kLog, 0, log);
      ASSERT_TRUE(status.ok()) << status.message();
      found = told(*log);
    }
    const std::string& before = states_[acknowledged_];
    const std::string& after = states_[std::min(acknowledged_ + 1, states_.size() - 1)];
    ASSERT_TRUE(found == before || (disturbed && found == after))
        << found << "\nis neither " << before << "\nnor " << after;
    // Kill, start, power loss: what the start read has to be on the disk (R2.6).
    rig.disk.power_loss(nullptr);
    std::unique_ptr<LogStore> log;
    const Status status = LogStore::open(kLog, 0, log);
    ASSERT_TRUE(status.ok()) << status.message();
    ASSERT_EQ(told(*log), found);
    const core::Index last = log->last_index();
    ASSERT_TRUE(log->append({make_batch(last + 1, 1, 9)}).ok());
  }

 private:
  // After an error, of a checkpoint too, nothing is acknowledged in this life (R2.6), though the
  // disk may work again: what its sync should have written is taken for clean.
  static void refuses(LogStore& log) {
    EXPECT_FALSE(log.append({make_batch(log.last_index() + 1, 1, 9)}).ok());
  }

  std::vector<std::string> states_;  // states_[i]: after i acts.
  std::size_t acknowledged_ = 0;
};

TEST(LogOnAFaultyDisk, KeepsWhatItAcknowledgedAtEveryStep) {
  Life life;
  faults::at_every_step([&](Rig& rig) { life.live(rig); },
                        [&](Rig& rig, bool disturbed) { life.check(rig, disturbed); });
}

TEST(LogOnAFaultyDisk, RefusesEverythingAfterAFailedAppend) {
  for (const int error : {EIO, ENOSPC}) {
    for (std::uint64_t step = 0;; ++step) {
      Rig rig;
      auto log = open_log(kLog);
      ASSERT_TRUE(log->append({make_batch(1, 3, 1)}).ok());
      rig.disk.fail_after(step, error);
      if (log->append({make_batch(4, 3, 1)}).ok()) {
        ASSERT_FALSE(rig.disk.struck()) << "an error at step " << step << " went unnoticed";
        ASSERT_GT(step, 1U);
        break;
      }
      // The disk works again, and still nothing may be said by this life.
      ASSERT_FALSE(log->append({make_batch(4, 3, 1)}).ok());
      ASSERT_EQ(log->last_index(), 3U);
    }
  }
}

TEST(LogOnAFaultyDisk, AFullDiskIsAnErrorAndLosesNothing) {
  Rig rig;
  {
    auto log = open_log(kLog);
    rig.disk.set_room(200'000);
    core::Index next = 1;
    Status status;
    while (status.ok() && next < 1'000) {
      status = log->append({make_batch(next, 1, 1, std::string(2'000, 'x'))});
      if (status.ok()) ++next;
    }
    ASSERT_FALSE(status.ok());
    ASSERT_NE(status.message().find("full"), std::string::npos) << status.message();
    ASSERT_EQ(log->last_index(), next - 1);
  }
  rig.disk.power_loss(nullptr);  // Ends the fault as well: somebody made room.
  auto log = open_log(kLog);
  ASSERT_GT(log->last_index(), 10U);
  ASSERT_TRUE(log->append({make_batch(log->last_index() + 1, 1, 1)}).ok());
}

// A sync that fails takes what it should have written for clean: the next one succeeds over it. So
// the log is rewritten before it is trusted again.
TEST(LogOnAFaultyDisk, AFailedSyncIsNotSyncedAgain) {
  std::uint64_t failed = 0;
  for (std::uint64_t step = 0; step < 12; ++step) {
    Rig rig;
    std::string found;
    {
      auto log = open_log(kLog);
      ASSERT_TRUE(log->append({make_batch(1, 3, 1)}).ok());
      rig.disk.fail_after(step, EIO);
      if (log->append({make_batch(4, 3, 1)}).ok()) break;
      ++failed;
      rig.disk.stop_now();
    }
    rig.disk.crash();
    {
      auto log = open_log(kLog);
      found = told(*log);
    }
    rig.disk.power_loss(nullptr);
    auto log = open_log(kLog);
    ASSERT_EQ(told(*log), found);
  }
  ASSERT_GT(failed, 1U);
}

// Neither does a snapshot go in place on a connection that has failed (R2.6).
TEST(LogOnAFaultyDisk, NothingIsInstalledAfterAnError) {
  Rig rig;
  auto log = open_log(kLog);
  ASSERT_TRUE(log->append({make_batch(1, 3, 1)}).ok());
  rig.disk.fail_after(0, EIO);
  ASSERT_FALSE(log->install(installed_base(), "chat-40.db").ok());
  ASSERT_TRUE(rig.disk.struck());
  EXPECT_FALSE(log->install(installed_base(), "chat-40.db").ok());
  EXPECT_EQ(log->chat_file(), kFirstChatFile);
}

}  // namespace
}  // namespace starling::storage
