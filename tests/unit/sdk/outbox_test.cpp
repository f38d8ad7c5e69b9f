// The outbox: in the file first, sent once and in order, taken back only if the servers agree.
#include "starling/outbox.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using fake::SendScript;

class OutboxTest : public ::testing::Test {
 protected:
  OutboxTest() : cluster(1) {
    std::string name = std::filesystem::temp_directory_path() / "starling-outbox-XXXXXX";
    dir = ::mkdtemp(name.data());
    connect();
  }
  ~OutboxTest() override { std::filesystem::remove_all(dir); }

  void connect() {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
  }
  std::string file() const { return dir + "/outbox.db"; }
  Result<Outbox> open() {
    OutboxOptions options;
    options.on_change = [this](const OutboxEntry& entry) {
      const std::lock_guard lock(mutex);
      changes.push_back(entry);
      changed.notify_all();
    };
    return Outbox::open(file(), session, options);
  }
  // The first change to `state`; of any entry when id is 0.
  OutboxEntry wait_for(OutboxState state, std::int64_t id = 0) {
    std::unique_lock lock(mutex);
    OutboxEntry found;
    const bool there = changed.wait_for(lock, 30s, [&] {
      for (const OutboxEntry& entry : changes) {
        if (entry.state != state || (id != 0 && entry.id != id)) continue;
        found = entry;
        return true;
      }
      return false;
    });
    EXPECT_TRUE(there);
    return found;
  }
  static std::vector<std::string> numbers(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
    return all;
  }
  // As when the process had died: the client is gone, the file stays as it is.
  void crash() {
    client->close();
    session = Session();
    client.reset();
  }

  fake::Cluster cluster;
  std::string dir;
  std::unique_ptr<Client> client;
  Session session;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<OutboxEntry> changes;
};

TEST_F(OutboxTest, EntriesAreSentOnceInOrderAndLeaveTheFile) {
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  std::string last_request;
  for (int i = 0; i < 600; ++i) {
    const auto queued = outbox->queue(1, std::to_string(i));
    ASSERT_TRUE(queued.ok());
    EXPECT_EQ(queued.value().id, i + 1);
    EXPECT_EQ(queued.value().state, OutboxState::kQueued);
    if (i == 599) last_request = queued.value().request_id;
  }
  const OutboxEntry last = wait_for(OutboxState::kReplicated, 600);
  EXPECT_EQ(last.seq, 600);
  EXPECT_EQ(last.request_id, last_request);
  EXPECT_EQ(cluster.seen("SendStream").back().request_id, last_request);
  EXPECT_EQ(cluster.bodies(1), numbers(600));
  EXPECT_TRUE(outbox->entries().value().empty());
}

TEST_F(OutboxTest, WhatAnEarlierProcessLeftGoesOn) {
  cluster[0].on_send([](const v1::SendRequest& request) {
    // Half of them take effect without an answer.
    return std::stoi(request.body()) < 5 ? SendScript::kApplySilently : SendScript::kSwallow;
  });
  {
    auto outbox = open();
    ASSERT_TRUE(outbox.ok());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(outbox->queue(1, std::to_string(i)).ok());
    (void)wait_for(OutboxState::kSent, 10);
    crash();
  }
  cluster[0].on_send(nullptr);
  connect();
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  ASSERT_TRUE(outbox->queue(1, "10").ok());
  EXPECT_EQ(wait_for(OutboxState::kReplicated, 11).seq, 11);
  EXPECT_EQ(cluster.bodies(1), numbers(11));
  EXPECT_TRUE(outbox->entries().value().empty());
}

TEST_F(OutboxTest, ACancelledEntryNeverAppears) {
  cluster[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "regretted" ? SendScript::kSwallow : SendScript::kApply;
  });
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  const auto queued = outbox->queue(1, "regretted");
  ASSERT_TRUE(queued.ok());
  (void)wait_for(OutboxState::kSent);
  ASSERT_TRUE(outbox->cancel(queued.value().id).ok());
  (void)wait_for(OutboxState::kCancelled);
  ASSERT_TRUE(outbox->queue(1, "kept").ok());
  (void)wait_for(OutboxState::kReplicated, 2);
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"kept"});
  EXPECT_EQ(cluster.voided(), 1U);
  EXPECT_EQ(outbox->cancel(queued.value().id).error().code, ErrorCode::kNotFound);
}

TEST_F(OutboxTest, ACancellationThatComesTooLateSaysSo) {
  cluster[0].on_send([](const v1::SendRequest&) { return SendScript::kApplySilently; });
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  ASSERT_TRUE(outbox->queue(1, "out").ok());
  while (cluster.bodies(1).empty()) std::this_thread::yield();
  ASSERT_TRUE(outbox->cancel(1).ok());
  (void)wait_for(OutboxState::kReplicated, 1);
  EXPECT_EQ(cluster.voided(), 0U);
}

TEST_F(OutboxTest, ACancellationOutlivesTheProcess) {
  cluster[0].on_send([](const v1::SendRequest&) { return SendScript::kSwallow; });
  cluster[0].on_unary([](const std::string& method) {
    if (method != "Void") return grpc::Status::OK;
    return fake::refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NO_PRIMARY, true);
  });
  {
    auto outbox = open();
    ASSERT_TRUE(outbox.ok());
    ASSERT_TRUE(outbox->queue(1, "regretted").ok());
    (void)wait_for(OutboxState::kSent);
    ASSERT_TRUE(outbox->cancel(1).ok());
    crash();
  }
  cluster[0].on_send(nullptr);
  cluster[0].on_unary(nullptr);
  connect();
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  (void)wait_for(OutboxState::kCancelled, 1);
  EXPECT_TRUE(cluster.bodies(1).empty());
  EXPECT_EQ(cluster.voided(), 1U);
}

TEST_F(OutboxTest, AFinalRefusalStaysUntilItIsTakenOut) {
  cluster[0].on_send([](const v1::SendRequest& request) {
    return request.body() == "bad" ? SendScript::kInvalid : SendScript::kApply;
  });
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  ASSERT_TRUE(outbox->queue(1, "bad").ok());
  ASSERT_TRUE(outbox->queue(1, "good").ok());
  EXPECT_FALSE(wait_for(OutboxState::kFailed, 1).error.empty());
  (void)wait_for(OutboxState::kReplicated, 2);
  ASSERT_EQ(outbox->entries().value().size(), 1U);
  ASSERT_TRUE(outbox->cancel(1).ok());
  EXPECT_TRUE(outbox->entries().value().empty());
}

// A refusal for good that is not the outcome leaves open what an attempt before it did.
TEST_F(OutboxTest, NothingFailsThatMayHaveHappened) {
  auto offers = std::make_shared<std::atomic<int>>(0);
  cluster[0].on_send([offers](const v1::SendRequest& request) {
    if (++*offers % 2 == 0) return SendScript::kExpired;
    return request.body() == "stored" ? SendScript::kApplyAndBreak : SendScript::kBreak;
  });
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  ASSERT_TRUE(outbox->queue(1, "stored").ok());
  (void)wait_for(OutboxState::kReplicated, 1);
  ASSERT_TRUE(outbox->queue(1, "not stored").ok());
  EXPECT_EQ(wait_for(OutboxState::kFailed, 2).error, "The request is too old.");
  EXPECT_EQ(cluster.voided(), 1U);
  ASSERT_TRUE(outbox->cancel(2).ok());
  EXPECT_TRUE(outbox->entries().value().empty()) << "its end was known";
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"stored"});
}

TEST_F(OutboxTest, WhatFailedInAnEarlierProcessIsAskedAboutBeforeItIsCalledCancelled) {
  cluster[0].on_send([](const v1::SendRequest&) { return SendScript::kInvalid; });
  {
    auto outbox = open();
    ASSERT_TRUE(outbox.ok());
    ASSERT_TRUE(outbox->queue(1, "bad").ok());
    (void)wait_for(OutboxState::kFailed, 1);
    crash();
  }
  connect();
  auto outbox = open();
  ASSERT_TRUE(outbox.ok()) << outbox.error().message;
  ASSERT_EQ(outbox->entries().value().size(), 1U);
  EXPECT_EQ(outbox->entries().value().front().state, OutboxState::kFailed);
  ASSERT_TRUE(outbox->cancel(1).ok());
  (void)wait_for(OutboxState::kCancelled, 1);
  EXPECT_EQ(cluster.voided(), 1U);
  EXPECT_TRUE(outbox->entries().value().empty());
}

// How many locks this process has on a file: proc(5), /proc/PID/fdinfo.
int locks_of(const std::string& file) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // As the one that lists them.
    if (std::filesystem::read_symlink(entry.path(), gone) != file) continue;
    std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
    for (std::string line; std::getline(info, line);) {
      if (line.rfind("lock:", 0) == 0) ++count;
    }
  }
  return count;
}

// Closing any descriptor of a file gives up the locks that the process has on it.
TEST_F(OutboxTest, ARefusedOpeningKeepsTheLockOfTheOther) {
  auto first = open();
  ASSERT_TRUE(first.ok());
  const int locks = locks_of(file());
  ASSERT_GT(locks, 0);
  ASSERT_FALSE(open().ok());
  EXPECT_EQ(locks_of(file()), locks);
}

TEST_F(OutboxTest, AFileHasOneProcessAndOneAccount) {
  auto first = open();
  ASSERT_TRUE(first.ok());
  const auto second = open();
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
  first->close();
  EXPECT_EQ(first->queue(1, "x").error().code, ErrorCode::kCancelled);
  Account other = session.account();
  other.id += 1;
  session = client->resume(session.token(), other);
  const auto foreign = open();
  ASSERT_FALSE(foreign.ok());
  EXPECT_NE(foreign.error().message.find("another account"), std::string::npos);
}

TEST_F(OutboxTest, BadInputIsRefusedBeforeItGetsIn) {
  auto outbox = open();
  ASSERT_TRUE(outbox.ok());
  EXPECT_EQ(outbox->queue(0, "x").error().field, "conversation_id");
  EXPECT_EQ(outbox->queue(1, "").error().field, "body");
  EXPECT_EQ(outbox->queue(1, std::string(16'385, 'x')).error().field, "body");
  EXPECT_EQ(outbox->queue(1, "\xff").error().field, "body");
  EXPECT_EQ(Outbox::open("", session).error().field, "path");
  EXPECT_FALSE(Outbox::open(dir, session).ok());
  std::ofstream(dir + "/text") << std::string(5'000, 'x');
  EXPECT_FALSE(Outbox::open(dir + "/text", session).ok());
  EXPECT_EQ(Outbox::open(file(), Session()).error().code, ErrorCode::kUnauthenticated);
}

TEST_F(OutboxTest, TheFileIsBounded) {
  cluster[0].on_send([](const v1::SendRequest&) { return SendScript::kSwallow; });
  OutboxOptions options;
  options.max_entries = 3;
  auto outbox = Outbox::open(file(), session, options);
  ASSERT_TRUE(outbox.ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(outbox->queue(1, "x").ok());
  EXPECT_EQ(outbox->queue(1, "x").error().code, ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace starling
