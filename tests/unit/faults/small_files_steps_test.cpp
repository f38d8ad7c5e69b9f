// Term and vote, and the files of a data directory, on a disk that fails at every step.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "server/storage/platform.h"
#include "server/storage/snapshot_file.h"
#include "tests/unit/faults/rig.h"
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using faults::Rig;

const std::string kVote = Rig::file("vote");

TEST(VoteOnAFaultyDisk, IsNeverForgotten) {
  const std::vector<core::HardState> written = {{1, 0}, {1, 11}, {2, 0}, {5, 12}, {5, 12}, {6, 13}};
  std::size_t acknowledged = 0;  // Of the values; one more is the initial one.
  const auto value_at = [&](std::size_t i) { return i == 0 ? core::HardState{} : written[i - 1]; };
  faults::at_every_step(
      [&](Rig&) {
        acknowledged = 0;
        std::unique_ptr<VoteFile> vote;
        if (!VoteFile::open(kVote, vote).ok()) return;
        for (const core::HardState& value : written) {
          if (!vote->write(value).ok()) {
            // The disk may work again; this life says nothing more.
            EXPECT_FALSE(vote->write(value).ok());
            return;
          }
          ++acknowledged;
        }
      },
      [&](Rig& rig, bool disturbed) {
        core::HardState found;
        {
          std::unique_ptr<VoteFile> vote;
          const Status status = VoteFile::open(kVote, vote);
          ASSERT_TRUE(status.ok()) << status.message();
          found = vote->value();
        }
        const core::HardState before = value_at(acknowledged);
        const core::HardState after = value_at(std::min(acknowledged + 1, written.size()));
        const auto is = [&found](const core::HardState& other) {
          return found.term == other.term && found.vote == other.vote;
        };
        ASSERT_TRUE(is(before) || (disturbed && is(after)))
            << found.term << "/" << found.vote << " after " << acknowledged << " writes";
        // Kill, start, power loss: nobody may hear of a vote that is in the page cache only.
        rig.disk.power_loss(nullptr);
        std::unique_ptr<VoteFile> vote;
        ASSERT_TRUE(VoteFile::open(kVote, vote).ok());
        ASSERT_TRUE(is(vote->value())) << vote->value().term << "/" << vote->value().vote;
      });
}

Identity joining() { return {0x1234, 0, 0, true, "127.0.0.1:5101"}; }
Identity member() { return {0x1234, 0x77, 1, false, "127.0.0.1:5101"}; }

// What a directory says, in one word.
std::string told() {
  std::unique_ptr<DataDirectory> directory;
  const Status status = DataDirectory::open(faults::kDirectory, directory);
  if (status.kind() == ErrorKind::kCorrupt) return "condemned";
  if (!status.ok()) return "unreadable: " + status.message();
  if (!directory->has_identity()) return "empty";
  Identity identity;
  const Status read = directory->read_identity(identity);
  if (!read.ok()) return "damaged: " + read.message();
  if (identity.id != 0x1234) return "another";
  return identity.joining ? "joining" : "member";
}

TEST(DirectoryOnAFaultyDisk, IsAsItWasOrAsItWasToBe) {
  const std::vector<std::string> states = {"empty", "joining", "member", "condemned"};
  std::size_t acknowledged = 0;
  faults::at_every_step(
      [&](Rig&) {
        acknowledged = 0;
        std::unique_ptr<DataDirectory> directory;
        if (!DataDirectory::open(faults::kDirectory, directory).ok()) return;
        if (!directory->write_identity(joining()).ok()) return;
        ++acknowledged;
        if (!directory->write_identity(member()).ok()) return;
        ++acknowledged;
        if (!directory->condemn("its log was lost").ok()) return;
        ++acknowledged;
      },
      [&](Rig& rig, bool disturbed) {
        const std::string found = told();
        const std::string& before = states[acknowledged];
        const std::string& after = states[std::min(acknowledged + 1, states.size() - 1)];
        ASSERT_TRUE(found == before || (disturbed && found == after))
            << found << " after " << acknowledged << " writes";
        if (found != before) return;
        rig.disk.power_loss(nullptr);
        ASSERT_EQ(told(), found);
      });
}

// What came from another server counts once it is kept under its name: then it is whole, for good.
TEST(SnapshotOnAFaultyDisk, IsWholeOnceItIsKept) {
  const std::string bytes(5'000, 's');
  const std::string kept = Rig::file("chat-7.db");
  bool acknowledged = false;
  faults::at_every_step(
      [&](Rig&) {
        acknowledged = false;
        platform::File source;
        if (!platform::File::open(Rig::file("source"), source).ok()) return;
        if (!source.write_at(0, bytes).ok()) return;
        SnapshotFile sent;
        IncomingSnapshot incoming;
        if (!SnapshotFile::open(Rig::file("source"), 9, sent).ok()) return;
        if (!incoming.begin(Rig::file("incoming-9.db"), 9, bytes.size()).ok()) return;
        std::string piece;
        std::uint64_t checksum = 0;
        while (!incoming.whole()) {
          if (!sent.read(incoming.received(), 2'000, piece, checksum).ok()) return;
          if (!incoming.add(incoming.received(), piece, checksum).ok()) return;
        }
        acknowledged = incoming.keep_as(kept).ok();
      },
      [&](Rig& rig, bool) {
        bool there = false;
        ASSERT_TRUE(platform::exists(kept, there).ok());
        if (!acknowledged) return;
        ASSERT_TRUE(there);
        rig.disk.power_loss(nullptr);
        std::string found;
        ASSERT_TRUE(platform::read_file(kept, bytes.size(), found).ok());
        ASSERT_EQ(found, bytes);
      });
}

}  // namespace
}  // namespace starling::storage
