// The search index of a node: it follows what is applied, is made anew when it is lost or damaged,
// and its trouble is not the node's.
#include <fstream>
#include <iterator>

#include "tests/unit/node/cluster.h"

namespace starling::node {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder.
using transport::WaitError;

class NodeTextIndex : public ::testing::Test {
 protected:
  void SetUp() override { cluster_.start("n1", 1); }

  // Two people, one with a session, and their conversation.
  void make_people() {
    ada_ = cluster_.write(create_account("ada")).outcome.account;
    const chat::AccountId bob = cluster_.write(create_account("bob")).outcome.account;
    chat::TokenHash token{};
    token[0] = 1;
    session_ = cluster_.write(chat::encode(chat::LogIn{ada_, 1, token, "test"})).outcome.session;
    conversation_ = cluster_.write(chat::encode(chat::OpenDirect{key(), {ada_, session_}, bob}))
                        .outcome.conversation;
    ASSERT_NE(conversation_, 0);
  }
  chat::RequestKey key() {
    chat::RequestKey key;
    key.id[0] = ++requests_;
    key.id[15] = 1;
    key.as_of_ms = wall_ms() - 60'000;
    return key;
  }
  void send(const std::string& body) {
    const chat::Send send{key(), {ada_, session_}, conversation_, body, std::nullopt, 0};
    last_ = cluster_.write(chat::encode(send)).index;
  }
  WaitError wait(core::Index index, std::chrono::milliseconds patience = kPatience) {
    std::atomic<int> code{-1};
    cluster_.node("n1").text_search().wait_indexed(
        index, std::chrono::steady_clock::now() + patience,
        [&](WaitError error) { code = static_cast<int>(error); });
    EXPECT_TRUE(eventually([&] { return code != -1; }));
    return static_cast<WaitError>(code.load());
  }
  std::size_t found(const std::string& query) {
    EXPECT_EQ(wait(last_), WaitError::kNone);
    search::Found found;
    search::Answer answer = search::Answer::kInvalid;
    std::string error;
    const sqlite::Status status = cluster_.node("n1").text_search().find(
        last_, {ada_, query, 0, "", 100, {}}, found, answer, error);
    EXPECT_TRUE(status.ok()) << status.message();
    EXPECT_EQ(answer, search::Answer::kOk) << error;
    return found.hits.size();
  }
  // Breaks the first bytes of everything that the words are looked up in, where it lies in the
  // file: SQLite's own pages stay whole.
  void damage_blocks() {
    std::vector<std::string> blocks;
    {
      sqlite::Database database;  // The last to close it: all of it is in the one file then.
      ASSERT_TRUE(sqlite::Database::open(file(), {}, database).ok());
      sqlite::Statement rows;
      // Of a segment's pages; 1 and 10 are the index's own records.
      ASSERT_TRUE(database.prepare("SELECT block FROM texts_data WHERE id > 10", rows).ok());
      bool row = false;
      ASSERT_TRUE(rows.step(row).ok());
      while (row) {
        blocks.push_back(rows.text(0));
        ASSERT_TRUE(rows.step(row).ok());
      }
    }
    ASSERT_FALSE(blocks.empty());
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(bytes), std::istreambuf_iterator<char>()};
    for (const std::string& block : blocks) {
      const std::string begin = block.substr(0, 32);
      std::size_t at = all.find(begin);
      ASSERT_NE(at, std::string::npos);
      for (; at != std::string::npos; at = all.find(begin, at + 1)) {  // A free page may be alike.
        bytes.clear();
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.write("\xff\xff\xff\xff", 4);
      }
    }
    ASSERT_TRUE(bytes.good());
  }
  std::string file() { return cluster_.at("n1").data + "/search.db"; }

  Cluster cluster_;
  chat::AccountId ada_ = 0;
  chat::SessionId session_ = 0;
  chat::ConversationId conversation_ = 0;
  core::Index last_ = 0;
  std::uint8_t requests_ = 0;
};

TEST_F(NodeTextIndex, FollowsWhatIsApplied) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  for (std::size_t i = 1; i <= 20; ++i) {
    send("word number " + std::to_string(i));
    EXPECT_EQ(found("word "), i);
  }
}

TEST_F(NodeTextIndex, AWaitEndsAtItsDeadline) {
  EXPECT_EQ(wait(1'000'000, std::chrono::milliseconds(20)), WaitError::kTimeout);
}

TEST_F(NodeTextIndex, GoesOnAfterARestart) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  send("word one");
  EXPECT_EQ(found("word "), 1U);
  cluster_.kill("n1");
  cluster_.restart("n1");
  EXPECT_EQ(found("word "), 1U);
  send("word two");
  EXPECT_EQ(found("word "), 2U);
}

TEST_F(NodeTextIndex, IsMadeAnewWhenItIsLostOrDamaged) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  for (int i = 0; i < 10; ++i) send("word " + std::to_string(i));
  EXPECT_EQ(found("word "), 10U);
  for (const bool remove : {true, false}) {
    cluster_.kill("n1");
    ASSERT_TRUE(std::filesystem::exists(file()));
    for (const char* end : {"-wal", "-shm"}) std::filesystem::remove(file() + end);
    if (remove) {
      std::filesystem::remove(file());
    } else {
      std::ofstream(file(), std::ios::trunc) << "this is no database, and is long enough to tell";
    }
    cluster_.restart("n1");
    EXPECT_EQ(found("word "), 10U);
  }
}

// Only searches read what was damaged; what they read before is told from memory.
TEST_F(NodeTextIndex, DamageThatOnlyASearchMeetsIsMended) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  for (int i = 0; i < 10; ++i) send("word " + std::to_string(i));
  EXPECT_EQ(found("word "), 10U);
  cluster_.kill("n1");
  damage_blocks();
  cluster_.restart("n1");
  EXPECT_EQ(wait(last_), WaitError::kNone);
  search::Found found_now;
  search::Answer answer = search::Answer::kOk;
  std::string error;
  const auto look = [&] {
    return cluster_.node("n1").text_search().find(last_, {ada_, "word ", 0, "", 100, {}}, found_now,
                                                  answer, error);
  };
  EXPECT_TRUE(look().damage());
  EXPECT_TRUE(eventually([&] {
    return wait(last_) == WaitError::kNone && look().ok() && answer == search::Answer::kOk;
  }));
  EXPECT_EQ(found_now.hits.size(), 10U);
  send("word and more");
  EXPECT_EQ(found("word "), 11U);
}

TEST_F(NodeTextIndex, NothingIsFoundInAnIndexThatIsBehind) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  search::Found found;
  search::Answer answer = search::Answer::kOk;
  std::string error;
  const sqlite::Status status = cluster_.node("n1").text_search().find(
      1'000'000, {ada_, "word ", 0, "", 100, {}}, found, answer, error);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(answer, search::Answer::kBehind);
}

TEST_F(NodeTextIndex, ItsTroubleIsNotTheNodes) {
  ASSERT_NO_FATAL_FAILURE(make_people());
  send("word");
  EXPECT_EQ(found("word "), 1U);
  cluster_.kill("n1");
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());  // Nobody can open that as a database.
  cluster_.restart("n1");
  send("word two");  // Is acknowledged.
  EXPECT_EQ(wait(last_, std::chrono::milliseconds(50)), WaitError::kTimeout);
  std::filesystem::remove(file());
  EXPECT_EQ(found("word "), 2U);
}

}  // namespace
}  // namespace starling::node
