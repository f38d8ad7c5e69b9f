// First starts, interrupted ones and later ones; directories that must be refused.
#include "server/node/startup.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "server/chat/snapshot.h"
#include "tests/unit/node/cluster.h"

namespace starling::node::testing {
namespace {

constexpr const char* kAddress = "127.0.0.1:5101";

bool open_at(const std::string& path, Opened& opened, std::string& error,
             std::vector<std::string> join = {}) {
  StartRequest request;
  request.data = path;
  request.address = kAddress;
  request.join = std::move(join);
  request.chat_cache_kib = 1'024;
  request.join_timeout_ms = 200;
  return open_data(request, opened, error);
}

TEST(Startup, AnEmptyDirectoryBecomesAFirstServer) {
  TempDirectory directory;
  Opened opened;
  std::string error;
  ASSERT_TRUE(open_at(directory.file("d"), opened, error)) << error;
  EXPECT_NE(opened.identity.id, core::kNoNode);
  EXPECT_NE(opened.identity.cluster, 0u);
  EXPECT_EQ(opened.identity.epoch, 1u);
  EXPECT_FALSE(opened.identity.joining);
  ASSERT_EQ(opened.restored.configurations.size(), 1u);
  const core::Configuration& members = opened.restored.configurations[0].second;
  ASSERT_EQ(members.members.size(), 1u);
  EXPECT_EQ(members.members[0].id, opened.identity.id);
  EXPECT_EQ(members.members[0].address, kAddress);
  EXPECT_TRUE(members.members[0].voter);
  EXPECT_EQ(opened.restored.hard_state.term, 1u);
}

TEST(Startup, NeverBootstrapsTwice) {
  TempDirectory directory;
  storage::Identity first;
  for (int i = 0; i < 3; ++i) {
    Opened opened;
    std::string error;
    ASSERT_TRUE(open_at(directory.file("d"), opened, error)) << error;
    if (i == 0) first = opened.identity;
    EXPECT_EQ(opened.identity.id, first.id);
    EXPECT_EQ(opened.identity.cluster, first.cluster);
    EXPECT_EQ(opened.log->last_index(), 1u);
  }
}

// A crash of a first start leaves some of its steps done: each such directory is finished under the
// same ids.
TEST(Startup, AnInterruptedBootstrapIsFinished) {
  for (int steps = 0; steps <= 2; ++steps) {
    TempDirectory directory;
    const std::string path = directory.file("d");
    storage::Identity identity;
    identity.id = 77;
    identity.cluster = 88;
    identity.epoch = 1;
    identity.joining = true;
    {
      std::unique_ptr<storage::DataDirectory> data;
      ASSERT_TRUE(storage::DataDirectory::open(path, data).ok());
      ASSERT_TRUE(data->write_identity(identity).ok());
      std::unique_ptr<storage::VoteFile> vote;
      std::unique_ptr<storage::LogStore> log;
      if (steps >= 1) {
        ASSERT_TRUE(storage::VoteFile::open(data->vote_path(), vote).ok());
      }
      if (steps >= 2) {
        ASSERT_TRUE(storage::LogStore::open(data->log_path(), 0, log).ok());
      }
    }
    Opened opened;
    std::string error;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    EXPECT_EQ(opened.identity.id, 77u);
    EXPECT_EQ(opened.identity.cluster, 88u);
    EXPECT_FALSE(opened.identity.joining);
    EXPECT_EQ(opened.log->last_index(), 1u);
  }
}

TEST(Startup, AnUnfinishedJoinNeverBootstraps) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::string error;
  {
    Opened opened;
    ASSERT_FALSE(open_at(path, opened, error, {"127.0.0.1:1"}));
    EXPECT_NE(error.find("127.0.0.1:1"), std::string::npos) << error;
  }
  Opened opened;
  EXPECT_FALSE(open_at(path, opened, error));
  EXPECT_NE(error.find("--join"), std::string::npos) << error;
}

// As a service manager starts it again, or clusterctl, which counts it as a server by then.
TEST(Startup, AnUnfinishedJoinGoesOnWithoutBeingToldWhere) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::string error;
  core::NodeId id = 0;
  {
    Opened opened;
    ASSERT_FALSE(open_at(path, opened, error, {"127.0.0.1:1", "127.0.0.1:2"}));
    id = opened.identity.id;
  }
  Opened opened;
  EXPECT_FALSE(open_at(path, opened, error));
  EXPECT_NE(error.find("cannot join the cluster at 127.0.0.1:1, 127.0.0.1:2"), std::string::npos)
      << error;
  EXPECT_EQ(opened.identity.id, id);
}

TEST(Startup, AnUnfinishedJoinKeepsItsId) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::set<core::NodeId> ids;
  for (int i = 0; i < 2; ++i) {
    Opened opened;
    std::string error;
    ASSERT_FALSE(open_at(path, opened, error, {"127.0.0.1:1"}));
    ids.insert(opened.identity.id);
  }
  EXPECT_EQ(ids.size(), 1u);
}

TEST(Startup, ALockedDirectoryIsRefused) {
  TempDirectory directory;
  Opened first;
  Opened second;
  std::string error;
  ASSERT_TRUE(open_at(directory.file("d"), first, error)) << error;
  EXPECT_FALSE(open_at(directory.file("d"), second, error));
  EXPECT_NE(error.find("in use"), std::string::npos) << error;
}

class Damaged : public ::testing::TestWithParam<const char*> {};

TEST_P(Damaged, AMemberWithoutItsFilesIsRefused) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::string error;
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
  }
  ASSERT_TRUE(std::filesystem::remove(path + "/" + GetParam()));
  Opened opened;
  EXPECT_FALSE(open_at(path, opened, error));
  EXPECT_FALSE(error.empty());
}

TEST_P(Damaged, AMemberWithARuinedFileIsRefused) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::string error;
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
  }
  std::ofstream(path + "/" + GetParam(), std::ios::trunc) << "not what was there";
  Opened opened;
  EXPECT_FALSE(open_at(path, opened, error));
  EXPECT_NE(error.find("damaged"), std::string::npos) << error;
  EXPECT_NE(error.find("new server"), std::string::npos) << error;
  EXPECT_EQ(error.find("PRAGMA"), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(Files, Damaged, ::testing::Values("identity", "vote", "log.db"));

// Votes rest on the log and the vote file alone, so a chat store that is damaged is no new
// identity.
TEST(Startup, ADamagedChatStoreIsMadeAnewFromTheLog) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::string error;
  core::NodeId id = 0;
  std::string chat;
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    id = opened.identity.id;
    chat = opened.directory->chat_path();
    const chat::Committed entry{1, 1'000'000, false, {}};
    chat::ApplyResult result;
    ASSERT_TRUE(opened.store->apply({&entry, 1}, result).ok());
  }
  std::ofstream(chat, std::ios::trunc) << "not what was there";
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    EXPECT_EQ(opened.identity.id, id);
    EXPECT_EQ(opened.store->applied_index(), 0U);
    ASSERT_EQ(opened.restored.tail.size(), 1U);  // To be applied again.
    ASSERT_TRUE(opened.directory->mark_damaged(opened.log->chat_file(), "found while it ran").ok());
    const chat::Committed entry{1, 1'000'000, false, {}};
    chat::ApplyResult result;
    ASSERT_TRUE(opened.store->apply({&entry, 1}, result).ok());
  }
  for (const core::Index applied : {0U, 0U}) {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    EXPECT_EQ(opened.store->applied_index(), applied);
    std::string reason;
    EXPECT_FALSE(opened.directory->marked_damaged(opened.log->chat_file(), reason));
  }
}

// R2.7: what was acknowledged behind the snapshot may be gone with the end of the log that named
// it, and the chat store is the only one to tell.
TEST(Startup, ALogThatForgotItsSnapshotIsRefused) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  const std::string early = directory.file("log.db");
  std::string error;
  std::string log;
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    log = opened.directory->log_path();
    const chat::Committed entry{1, 1'000'000, false, {}};
    chat::ApplyResult result;
    ASSERT_TRUE(opened.store->apply({&entry, 1}, result).ok());
  }
  std::filesystem::copy_file(log, early);
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;
    FetchedSnapshot fetched;
    fetched.chat_file = "chat-1-00000001.db";
    chat::CopyInfo info;
    ASSERT_TRUE(chat::copy_store(
                    opened.directory->chat_path(), opened.directory->file_path(fetched.chat_file),
                    [] { return true; }, info)
                    .ok());
    fetched.base = {1, 1, 1'000'000, 1, core::encode(opened.restored.configurations.back().second)};
    ASSERT_TRUE(install(fetched, opened, error)) << error;
  }
  {
    Opened opened;
    ASSERT_TRUE(open_at(path, opened, error)) << error;  // The named one is there: all is well.
    EXPECT_EQ(opened.log->chat_file(), "chat-1-00000001.db");
    EXPECT_FALSE(std::filesystem::exists(opened.directory->chat_path()));
  }
  for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(log + rest);
  std::filesystem::copy_file(early, log, std::filesystem::copy_options::overwrite_existing);
  for (int start = 0; start < 2; ++start) {  // The witness stays.
    Opened opened;
    EXPECT_FALSE(open_at(path, opened, error));
    EXPECT_NE(error.find("its log ends early"), std::string::npos) << error;
  }
}

TEST(Startup, AForeignDirectoryIsRefused) {
  TempDirectory directory;
  const std::string path = directory.file("d");
  std::filesystem::create_directories(path);
  std::ofstream(path + "/chat.db") << "somebody's";
  Opened opened;
  std::string error;
  EXPECT_FALSE(open_at(path, opened, error));
  EXPECT_FALSE(error.empty());
}

}  // namespace
}  // namespace starling::node::testing
