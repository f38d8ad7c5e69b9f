// VoteFile: every value that write() confirmed comes back, whatever tears or flips once.
#include "tests/unit/storage/support.h"

namespace starling::storage {
namespace {

using testing::HasSubstr;

constexpr std::size_t kSlot = 4096;

std::unique_ptr<VoteFile> open_vote(const std::string& path) {
  std::unique_ptr<VoteFile> vote;
  const Status status = VoteFile::open(path, vote);
  EXPECT_TRUE(status.ok()) << status.message();
  return vote;
}

core::HardState reopened(const std::string& path) {
  const auto vote = open_vote(path);
  return vote == nullptr ? core::HardState{~0ULL, 0} : vote->value();
}

TEST(VoteFile, BeginsWithNothingAndKeepsWhatIsWritten) {
  const TempDir dir;
  const std::string path = dir.file("vote");
  EXPECT_EQ(reopened(path), core::HardState{});
  for (core::Term term = 1; term <= 20; ++term) {
    const core::HardState value{term, term * 1'000'003};
    {
      const auto vote = open_vote(path);
      expect_ok(vote->write(value));
      EXPECT_EQ(vote->value(), value);
      if (term % 3 == 0) expect_ok(vote->write(value));
    }
    EXPECT_EQ(reopened(path), value);
  }
}

// A write that a power cut tears was never confirmed: the file gives the value before it, or it.
TEST(VoteFile, ATornWriteGivesTheOldOrTheNewValue) {
  const TempDir dir;
  const std::string path = dir.file("vote");
  const core::HardState before{7, 70};
  const core::HardState after{8, 80};
  auto vote = open_vote(path);
  expect_ok(vote->write({6, 60}));
  expect_ok(vote->write(before));
  const std::string old_image = slurp(path);
  expect_ok(vote->write(after));
  const std::string new_image = slurp(path);
  vote.reset();
  ASSERT_EQ(old_image.size(), new_image.size());
  // Any prefix, any suffix and any single sector of the write may have arrived.
  int saw_old = 0;
  int saw_new = 0;
  const auto check = [&](const std::string& image) {
    spill(path, image);
    const core::HardState got = reopened(path);
    ASSERT_TRUE(got == before || got == after) << got.term;
    ++(got == before ? saw_old : saw_new);
  };
  for (std::size_t cut = 0; cut <= old_image.size(); cut = cut < 64 ? cut + 1 : cut + 211) {
    check(new_image.substr(0, cut) + old_image.substr(cut));
    check(old_image.substr(0, cut) + new_image.substr(cut));
  }
  EXPECT_GT(saw_old, 0);
  EXPECT_GT(saw_new, 0);
}

// A vote that was confirmed is not forgotten because of one flipped bit or one lost sector.
TEST(VoteFile, OneDamagedPlaceForgetsNothing) {
  const TempDir dir;
  const std::string path = dir.file("vote");
  {
    const auto vote = open_vote(path);
    expect_ok(vote->write({3, 30}));
    expect_ok(vote->write({4, 40}));
    expect_ok(vote->write({5, 50}));
  }
  const std::string whole = slurp(path);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (at % 2048 > 48) continue;  // The records lie here; elsewhere is padding.
    spill(path, whole);
    flip(path, at, static_cast<unsigned char>(1U << (at % 8)));
    ASSERT_EQ(reopened(path), (core::HardState{5, 50})) << "byte " << at;
  }
  for (std::size_t sector = 0; sector < whole.size(); sector += 512) {
    spill(path, std::string(whole).replace(sector, 512, 512, '\0'));
    ASSERT_EQ(reopened(path), (core::HardState{5, 50})) << "sector " << sector;
  }
}

// The repair at open leaves no older vote behind to fall back to.
TEST(VoteFile, AWholeSlotMayBeLostAfterARestart) {
  const TempDir dir;
  const std::string path = dir.file("vote");
  expect_ok(open_vote(path)->write({5, 50}));
  EXPECT_EQ(reopened(path), (core::HardState{5, 50}));
  const std::string whole = slurp(path);
  for (std::size_t slot = 0; slot < 2; ++slot) {
    spill(path, std::string(whole).replace(slot * kSlot, kSlot, kSlot, '\x55'));
    EXPECT_EQ(reopened(path), (core::HardState{5, 50}));
  }
}

TEST(VoteFile, BothSlotsDamagedIsCorrupt) {
  const TempDir dir;
  const std::string path = dir.file("vote");
  expect_ok(open_vote(path)->write({5, 50}));
  const std::string whole = slurp(path);
  std::string damaged = whole;
  for (std::size_t at = 0; at < damaged.size(); at += 2048) damaged[at + 20] ^= 4;
  const std::vector<std::string> images = {damaged, "", std::string(2 * kSlot, '\0'),
                                           whole + "and more",
                                           "this file was written by somebody else\n"};
  for (const std::string& image : images) {
    spill(path, image);
    std::unique_ptr<VoteFile> vote;
    const Status status = VoteFile::open(path, vote);
    EXPECT_EQ(status.kind(), ErrorKind::kCorrupt) << status.message();
    EXPECT_THAT(status.message(), HasSubstr("damaged"));
    EXPECT_THAT(status.message(), HasSubstr("join the cluster as a new server"));
    EXPECT_EQ(slurp(path), image) << "a damaged file is left as it is, to be looked at";
  }
}

TEST(VoteFile, ADirectoryThatIsNotThereIsAnError) {
  const TempDir dir;
  std::unique_ptr<VoteFile> vote;
  EXPECT_EQ(VoteFile::open(dir.file("no/vote"), vote).kind(), ErrorKind::kIo);
}

}  // namespace
}  // namespace starling::storage
