// Snapshots in chunks: what is sent is what arrives, and nothing else is taken.
#include "server/storage/snapshot_file.h"

#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

std::string bytes_of(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  return bytes;
}

class Snapshot : public testing::Test {
 protected:
  void SetUp() override {
    spill(dir_.file("snapshot-1.db"), whole_);
    expect_ok(SnapshotFile::open(dir_.file("snapshot-1.db"), 17, source_));
    expect_ok(source_.size(size_));
    ASSERT_EQ(size_, whole_.size());
  }
  Status pass_on(std::uint64_t offset, std::size_t most, IncomingSnapshot& to) {
    std::string data;
    std::uint64_t checksum = 0;
    expect_ok(source_.read(offset, most, data, checksum));
    return to.add(offset, data, checksum);
  }

  TempDir dir_;
  const std::string whole_ = bytes_of(10'000);
  SnapshotFile source_;
  std::uint64_t size_ = 0;
};

TEST_F(Snapshot, ArrivesWhole) {
  IncomingSnapshot incoming;
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 17, size_));
  while (!incoming.whole()) expect_ok(pass_on(incoming.received(), 999, incoming));
  expect_ok(incoming.keep_as(dir_.file("chat-5.db")));
  EXPECT_EQ(slurp(dir_.file("chat-5.db")), whole_);
  EXPECT_FALSE(std::filesystem::exists(dir_.file("incoming-1.db")));
  EXPECT_EQ(incoming.id(), 0u);
}

TEST_F(Snapshot, TakesNothingThatIsDamagedOrOutOfPlace) {
  IncomingSnapshot incoming;
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 17, size_));
  std::string data;
  std::uint64_t checksum = 0;
  expect_ok(source_.read(0, 1'000, data, checksum));
  EXPECT_EQ(incoming.add(0, data, checksum + 1).kind(), ErrorKind::kCorrupt);
  std::string flipped = data;
  flipped[500] ^= 1;
  EXPECT_EQ(incoming.add(0, flipped, checksum).kind(), ErrorKind::kCorrupt);
  EXPECT_EQ(incoming.add(1'000, data, checksum).kind(), ErrorKind::kCorrupt) << "another place";
  EXPECT_EQ(pass_on(1'000, 1'000, incoming).kind(), ErrorKind::kCorrupt) << "a gap";
  expect_ok(incoming.add(0, data, checksum));
  EXPECT_EQ(incoming.add(0, data, checksum).kind(), ErrorKind::kCorrupt) << "twice";
  EXPECT_EQ(incoming.received(), 1'000u);
}

TEST_F(Snapshot, AChunkOfAnotherSnapshotIsNotTaken) {
  IncomingSnapshot incoming;
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 18, size_));
  EXPECT_EQ(pass_on(0, 1'000, incoming).kind(), ErrorKind::kCorrupt);
}

TEST_F(Snapshot, TakesNoMoreThanWasAnnounced) {
  IncomingSnapshot incoming;
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 17, 500));
  EXPECT_EQ(pass_on(0, 1'000, incoming).kind(), ErrorKind::kCorrupt);
}

TEST_F(Snapshot, BeginningAnewForgetsWhatHadCome) {
  IncomingSnapshot incoming;
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 17, size_));
  expect_ok(pass_on(0, 5'000, incoming));
  expect_ok(incoming.begin(dir_.file("incoming-1.db"), 17, size_));
  EXPECT_EQ(incoming.received(), 0u);
  EXPECT_EQ(std::filesystem::file_size(dir_.file("incoming-1.db")), 0u);
}

// A copy must never be what fills the disk: the log could not be written any more.
TEST(DataDirectory, LeavesRoomForTheLog) {
  TempDir dir;
  std::unique_ptr<DataDirectory> directory;
  expect_ok(DataDirectory::open(dir.path(), directory));
  std::string error;
  const std::uint64_t left = platform::free_bytes(dir.path());
  ASSERT_GT(left, 0u);
  EXPECT_FALSE(directory->has_room_for(left, error));
  EXPECT_THAT(error, testing::HasSubstr("Make room"));
  EXPECT_FALSE(directory->has_room_for(~std::uint64_t{0}, error));
  if (left > (1u << 30)) {
    EXPECT_TRUE(directory->has_room_for(left - (1u << 30), error)) << error;
  }
}

TEST(DataDirectory, StraysGoAndTheChatStoreStays) {
  TempDir dir;
  std::unique_ptr<DataDirectory> directory;
  expect_ok(DataDirectory::open(dir.path(), directory));
  for (const char* name : {"chat.db", "chat.db-wal", "chat-9.db", "chat-9.db-wal", "snapshot-1.db",
                           "incoming-2.db", "log.db", "identity"}) {
    spill(dir.file(name), "x");
  }
  expect_ok(directory->remove_strays("chat-9.db"));
  std::vector<std::string> left;
  expect_ok(platform::list_directory(dir.path(), left));
  EXPECT_THAT(left,
              testing::ElementsAre("chat-9.db", "chat-9.db-wal", "identity", "lock", "log.db"));
}

}  // namespace
}  // namespace starling::storage
