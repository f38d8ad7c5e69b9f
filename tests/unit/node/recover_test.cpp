// R3.6 in one data directory: the next epoch begins with this server alone, once, whatever crash
// comes between; and its node serves by itself.
#include "tests/unit/node/cluster.h"

namespace starling::node::testing {
namespace {

constexpr const char* kAddress = "127.0.0.1:5101";

bool open_for(const std::string& path, core::Epoch recover, Opened& opened, std::string& error) {
  opened = {};  // Its lock first.
  StartRequest request;
  request.data = path;
  request.address = kAddress;
  request.recover = recover;
  request.chat_cache_kib = 1'024;
  return open_data(request, opened, error);
}

core::EntryPtr entry(core::Term term, core::Index index, const core::Configuration& members) {
  core::Entry made;
  made.term = term;
  made.index = index;
  made.kind = core::EntryKind::kConfiguration;
  made.stamp_ms = 1'000;
  made.data = core::encode(members);
  return std::make_shared<const core::Entry>(std::move(made));
}

// A member of three: two entries of term 4, nothing of which need have committed.
core::Configuration make_member_of_three(const std::string& path) {
  Opened opened;
  std::string error;
  EXPECT_TRUE(open_for(path, 0, opened, error)) << error;
  core::Configuration members;
  members.members = {
      {1, "127.0.0.1:1", true}, {2, "127.0.0.1:2", true}, {opened.identity.id, kAddress, true}};
  core::PersistEntries batch;
  batch.accepting_term = 4;
  batch.entries = {entry(4, 2, members), entry(4, 3, members)};
  EXPECT_TRUE(opened.vote->write({5, 2}).ok());
  EXPECT_TRUE(opened.log->append({batch}).ok());
  return members;
}

void expect_recovered(const Opened& opened) {
  EXPECT_EQ(opened.identity.epoch, 2u);
  EXPECT_FALSE(opened.identity.recovering);
  const core::Restored& state = opened.restored;
  EXPECT_EQ(state.last_index, 4u);  // All that was there, and the first entry of the epoch.
  EXPECT_EQ(state.term_runs.back(), std::make_pair(core::Index{4}, core::Term{6}));
  EXPECT_EQ(state.last_stamp_ms, 1'000);  // Replicated time does not go back.
  EXPECT_EQ(state.hard_state, (core::HardState{6, opened.identity.id}));
  const auto& [index, members] = state.configurations.back();
  EXPECT_EQ(index, 4u);
  ASSERT_EQ(members.members.size(), 1u);
  EXPECT_EQ(members.members[0], (core::Member{opened.identity.id, kAddress, true}));
}

TEST(Recover, BeginsTheNextEpochOnce) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  make_member_of_three(path);
  std::string error;
  Opened opened;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(open_for(path, 2, opened, error)) << error;
    expect_recovered(opened);
  }
  ASSERT_TRUE(open_for(path, 0, opened, error)) << error;
  expect_recovered(opened);
}

// The identity first, then the vote, then the entry, then the mark goes.
TEST(Recover, GoesOnAfterACrashAtEachStep) {
  for (int steps = 1; steps <= 3; ++steps) {
    TempDirectory directory;
    const std::string path = directory.file("d");
    make_member_of_three(path);
    std::string error;
    {
      std::unique_ptr<storage::DataDirectory> data;
      ASSERT_TRUE(storage::DataDirectory::open(path, data).ok());
      storage::Identity identity;
      ASSERT_TRUE(data->read_identity(identity).ok());
      identity.epoch = 2;
      identity.recovering = true;
      ASSERT_TRUE(data->write_identity(identity).ok());
      std::unique_ptr<storage::VoteFile> vote;
      ASSERT_TRUE(storage::VoteFile::open(data->vote_path(), vote).ok());
      if (steps >= 2) {
        ASSERT_TRUE(vote->write({6, identity.id}).ok());
      }
      if (steps >= 3) {
        std::unique_ptr<storage::LogStore> log;
        ASSERT_TRUE(storage::LogStore::open(data->log_path(), 0, log).ok());
        core::PersistEntries batch;
        batch.accepting_term = 6;
        batch.entries = {entry(6, 4, {{{identity.id, kAddress, true}}})};
        ASSERT_TRUE(log->append({batch}).ok());
      }
    }
    Opened opened;
    ASSERT_TRUE(open_for(path, 0, opened, error)) << error;
    EXPECT_EQ(opened.identity.epoch, 2u);
    EXPECT_EQ(opened.restored.last_index, 4u);
    EXPECT_EQ(opened.restored.configurations.back().second.members.size(), 1u);
    EXPECT_FALSE(opened.identity.recovering);
  }
}

// Two numbers for one beginning would be two histories that do not yield to each other.
TEST(Recover, FinishesWhatItHasBegunBeforeAnotherEpoch) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  make_member_of_three(path);
  {
    std::unique_ptr<storage::DataDirectory> data;
    ASSERT_TRUE(storage::DataDirectory::open(path, data).ok());
    storage::Identity identity;
    ASSERT_TRUE(data->read_identity(identity).ok());
    identity.epoch = 2;
    identity.recovering = true;
    ASSERT_TRUE(data->write_identity(identity).ok());
  }
  std::string error;
  Opened opened;
  EXPECT_FALSE(open_for(path, 3, opened, error));
  EXPECT_NE(error.find("has begun epoch 2"), std::string::npos) << error;
  EXPECT_NE(error.find("--recover 2"), std::string::npos) << error;
  ASSERT_TRUE(open_for(path, 2, opened, error)) << error;
  expect_recovered(opened);
}

TEST(Recover, NeverGoesBack) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  make_member_of_three(path);
  std::string error;
  Opened opened;
  ASSERT_TRUE(open_for(path, 7, opened, error)) << error;  // Others may have known up to six.
  EXPECT_EQ(opened.identity.epoch, 7u);
  EXPECT_EQ(opened.restored.last_index, 4u);
  EXPECT_FALSE(open_for(path, 6, opened, error));
  EXPECT_NE(error.find("of epoch 7 already"), std::string::npos) << error;
}

TEST(Recover, NeedsAMember) {
  TempDirectory directory;
  std::string error;
  Opened opened;
  EXPECT_FALSE(open_for(directory.file("d"), 2, opened, error));
  EXPECT_NE(error.find("no member"), std::string::npos) << error;
  ASSERT_TRUE(open_for(directory.file("d"), 0, opened, error))
      << "nothing was left there: " << error;
  EXPECT_EQ(opened.identity.epoch, 1u);
}

}  // namespace
}  // namespace starling::node::testing
