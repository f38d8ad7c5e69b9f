// The outbox's file across versions of Starling: what an older one wrote is taken over whole, what
// a newer one wrote is left alone.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "sdk/src/outbox_store.h"
#include "starling/outbox.h"
#include "tests/unit/sdk/session_test.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

constexpr const char* kFirstFormat =
    "CREATE TABLE owner(key INTEGER PRIMARY KEY CHECK(key = 1), cluster INTEGER NOT NULL, account "
    "INTEGER NOT NULL, last_id INTEGER NOT NULL);"
    "CREATE TABLE entries(id INTEGER PRIMARY KEY, request_id BLOB NOT NULL UNIQUE, conversation "
    "INTEGER NOT NULL, body TEXT NOT NULL, state INTEGER NOT NULL, queued_at_ms INTEGER NOT NULL, "
    "error TEXT NOT NULL);"
    "INSERT INTO owner VALUES(1, 7, 1, 41);"
    "INSERT INTO entries VALUES(41, CAST('0123456789abcdef' AS BLOB), 1, 'from before', 0, 99, "
    "'');";

class OutboxFile : public SessionTest {
 protected:
  OutboxFile() {
    std::string name = std::filesystem::temp_directory_path() / "starling-outbox-XXXXXX";
    dir = ::mkdtemp(name.data());
  }
  ~OutboxFile() override { std::filesystem::remove_all(dir); }

  std::string file() const { return dir + "/outbox.db"; }
  void write(const std::string& sql) {
    sqlite::Database database;
    ASSERT_TRUE(sqlite::Database::open(file(), {}, database).ok());
    ASSERT_TRUE(database.execute(sql).ok());
    ASSERT_TRUE(database.close().ok());
  }
  std::int64_t number(const std::string& sql) {
    sqlite::Database database;
    std::int64_t found = -1;
    EXPECT_TRUE(sqlite::Database::open(file(), {}, database).ok());
    EXPECT_TRUE(database.query_integer(sql, -1, found).ok()) << sql;
    return found;
  }
  Result<Outbox> open() {
    OutboxOptions options;
    options.on_change = [this](const OutboxEntry& entry) {
      const std::lock_guard lock(mutex);
      if (entry.state == OutboxState::kReplicated) stored.push_back(entry);
      changed.notify_all();
    };
    return Outbox::open(file(), session, options);
  }
  // What the servers have acknowledged, once it is so many.
  std::vector<OutboxEntry> wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return stored.size() >= count; }));
    return stored;
  }

  std::string dir;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<OutboxEntry> stored;
};

// Bodies of messages are in it; in its WAL too, while it is open.
TEST_F(OutboxFile, IsForItsOwnerOnly) {
  using std::filesystem::perms;
  write(kFirstFormat);  // As an older one may have left it.
  std::filesystem::permissions(file(), perms::group_read | perms::others_read,
                               std::filesystem::perm_options::add);
  const auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    EXPECT_EQ(entry.status().permissions(), perms::owner_read | perms::owner_write) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 1);
}

TEST_F(OutboxFile, WhatTheFirstFormatHoldsIsSent) {
  write(kFirstFormat);
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  const OutboxEntry old = wait_for(1).front();
  EXPECT_EQ(old.id, 41);
  EXPECT_EQ(old.body, "from before");
  EXPECT_EQ(old.request_id, "0123456789abcdef");
  EXPECT_EQ(old.queued_at_ms, 99);
  EXPECT_EQ(old.reply_to, 0);
  EXPECT_EQ(cluster.seen("SendStream").front().request_id, "0123456789abcdef");
  EXPECT_EQ(outbox->queue(1, "next").value().id, 42);
  (void)wait_for(2);
  outbox->close();
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_TRUE(open().ok()) << "and again";
}

TEST_F(OutboxFile, AReplyStaysOneAcrossProcesses) {
  cluster[0].on_send([](const v1::SendRequest&) { return fake::SendScript::kSwallow; });
  {
    auto outbox = open();
    ASSERT_TRUE(outbox.ok());
    EXPECT_EQ(outbox->queue(1, "answer", 17).value().reply_to, 17);
    EXPECT_EQ(outbox->queue(1, "x", -1).error().field, "reply_to");
    outbox->close();
  }
  EXPECT_EQ(number("SELECT reply_to FROM entries"), 17);
  cluster[0].on_send(nullptr);
  session = *client->log_in("ada", "correct horse");
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  EXPECT_EQ(wait_for(1).front().reply_to, 17);
  auto events = session.subscribe(Cursor{});
  ASSERT_TRUE(events.ok());
  EXPECT_EQ(events->next(20s).value().message.reply_to, 17);
}

TEST_F(OutboxFile, ADamagedOneIsNamedOnceWithARemedy) {
  std::ofstream(file()) << std::string(8'192, 'x');
  const auto refused = open();
  ASSERT_FALSE(refused.ok());
  const std::string& told = refused.error().message;
  EXPECT_EQ(refused.error().code, ErrorCode::kFailed);
  EXPECT_EQ(refused.error().field, "damaged");
  EXPECT_NE(told.find("is damaged"), std::string::npos) << told;
  EXPECT_NE(told.find("move it away"), std::string::npos) << told;
  EXPECT_EQ(told.find(file()), told.rfind(file())) << told;
  EXPECT_NE(told.find(file()), std::string::npos) << told;
}

TEST_F(OutboxFile, AFileOfAnotherProgramGetsNoTables) {
  write("CREATE TABLE songs(title TEXT)");
  const auto refused = open();
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find(file() + " is no outbox"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema"), 1);
  EXPECT_EQ(number("PRAGMA user_version"), 0);
}

TEST_F(OutboxFile, ANewerFormatMayHaveMoreTables) {
  write(std::string(kFirstFormat) + "CREATE TABLE more(x); PRAGMA user_version = 3");
  const auto refused = open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().field, "version") << refused.error().message;
}

// The file keeps the entry, as a full disk or a power cut would leave it.
TEST_F(OutboxFile, WhatWasTakenBackIsRememberedBeforeItIsSaidToBeGone) {
  write(std::string(kFirstFormat) +
        "CREATE TRIGGER entries BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'no'); END");
  cluster[0].on_send([](const v1::SendRequest&) { return fake::SendScript::kSwallow; });
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  std::int64_t last = 0;
  for (int i = 0; i < 300; ++i) last = outbox->queue(1, std::to_string(i)).value().id;
  EXPECT_TRUE(outbox->cancel(last).ok());
  outbox->close();
  EXPECT_EQ(number("SELECT state FROM entries WHERE id = " + std::to_string(last)),
            static_cast<std::int64_t>(OutboxState::kCancelling))
      << "or the next process sends it";
}

TEST_F(OutboxFile, AFolderThatIsMissingIsSaidToBe) {
  const auto refused = Outbox::open(file() + ".d/outbox.db", session, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("folder of the outbox " + file() + ".d/outbox.db is not"),
            std::string::npos)
      << refused.error().message;
}

TEST_F(OutboxFile, ANewerFormatIsLeftAlone) {
  write(std::string(kFirstFormat) + "PRAGMA user_version = 3");
  const auto refused = open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kFailed);
  EXPECT_EQ(refused.error().field, "version");
  EXPECT_NE(refused.error().message.find("newer version"), std::string::npos)
      << refused.error().message;
  EXPECT_NE(refused.error().message.find(file()), std::string::npos);
  EXPECT_EQ(number("PRAGMA user_version"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM entries"), 1);
  EXPECT_TRUE(cluster.bodies(1).empty());
}

// A step that fails takes back those before it.
TEST_F(OutboxFile, AFormatIsTakenOverWholeOrNotAtAll) {
  write("CREATE TABLE entries(id INTEGER PRIMARY KEY, reply_to TEXT)");
  ASSERT_FALSE(open().ok());
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name = 'owner'"), 0);
  EXPECT_EQ(number("PRAGMA user_version"), 0);
}

}  // namespace
}  // namespace starling
