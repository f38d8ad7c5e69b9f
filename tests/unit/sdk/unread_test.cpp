// Reading what is unread: no message is lost between the mark and the answer.
#include <gtest/gtest.h>

#include <future>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

grpc::Status cut() { return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut"); }

std::vector<std::int64_t> seqs(const Result<Unread>& unread) {
  std::vector<std::int64_t> all;
  if (!unread.ok()) return all;
  for (const Message& message : unread.value().messages) all.push_back(message.seq);
  return all;
}

// Three messages are unread in conversation 1.
class UnreadTest : public ::testing::Test {
 protected:
  explicit UnreadTest(int servers = 1) : cluster(servers) {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
    for (const char* body : {"one", "two", "three"}) EXPECT_TRUE(session.send(1, body).ok());
  }
  // Every write takes effect and its answer is lost, for so many times at each server.
  void lose_answers(int times) {
    for (std::size_t i = 0; i < cluster.addresses().size(); ++i) {
      auto left = std::make_shared<std::atomic<int>>(times);
      cluster[i].on_effect(
          [left](const std::string&) { return left->fetch_sub(1) > 0 ? cut() : grpc::Status::OK; });
    }
  }
  Result<Unread> read(std::chrono::milliseconds timeout = 10s, int limit = 2) {
    CallOptions options;
    options.timeout = timeout;
    return session.read_unread(1, limit, true, options);
  }

  fake::Cluster cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(UnreadTest, OnePageAfterAnother) {
  auto first = read();
  EXPECT_EQ(seqs(first), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(first->still_unread, 1);
  EXPECT_TRUE(first->marked);
  EXPECT_EQ(seqs(read()), std::vector<std::int64_t>{3});
  auto none = read();
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->messages.empty());
}

TEST_F(UnreadTest, AMarkWhoseAnswerIsLostLosesNoMessage) {
  lose_answers(1);
  auto first = read();
  EXPECT_EQ(seqs(first), (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(first->marked);
  EXPECT_EQ(seqs(read()), std::vector<std::int64_t>{3});
}

TEST_F(UnreadTest, AMarkThatNobodyConfirmsLosesNoMessage) {
  lose_answers(1'000'000);
  auto first = read(400ms);
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(seqs(first), (std::vector<std::int64_t>{1, 2}));
  EXPECT_FALSE(first->marked);
  EXPECT_EQ(cluster.unread(1).size(), 1U) << "the mark stood";
}

TEST_F(UnreadTest, AMarkThatIsCertainlyNotMadeFailsTheCall) {
  cluster[0].on_unary([](const std::string& method) {
    if (method != "MarkRead") return grpc::Status::OK;
    return fake::refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NO_PRIMARY, true);
  });
  auto refused = read(400ms);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(refused.error().may_have_happened);
  EXPECT_EQ(cluster.unread(1).size(), 3U);
  cluster[0].on_unary(nullptr);
  EXPECT_EQ(seqs(read()), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(UnreadTest, WhoeverTakesTheCallBackWhileItMarksGetsTheMessages) {
  // The server's thread may come to them when the test is over.
  const auto marking = std::make_shared<std::promise<void>>();
  std::promise<void> go_on;
  const std::shared_future<void> may_go_on = go_on.get_future().share();
  cluster[0].on_effect([marking, may_go_on](const std::string& method) {
    if (method != "MarkRead") return grpc::Status::OK;
    marking->set_value();
    may_go_on.wait();
    return cut();
  });
  std::promise<Result<Unread>> answer;
  const Call call = session.read_unread_async(
      1, 2, true, [&](Result<Unread> unread) { answer.set_value(std::move(unread)); });
  ASSERT_EQ(marking->get_future().wait_for(20s), std::future_status::ready);
  call.cancel();
  auto future = answer.get_future();
  const bool answered = future.wait_for(20s) == std::future_status::ready;
  go_on.set_value();
  ASSERT_TRUE(answered);
  auto unread = future.get();
  EXPECT_EQ(seqs(unread), (std::vector<std::int64_t>{1, 2}));
  EXPECT_FALSE(unread->marked);
}

TEST_F(UnreadTest, WithoutAMarkItIsARead) {
  cluster.elect(99);  // Nobody takes a write.
  auto unread = session.read_unread(1, 50, false);
  EXPECT_EQ(seqs(unread), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_FALSE(unread->marked);
  EXPECT_TRUE(cluster.seen("MarkRead").empty());
}

class UnreadFailover : public UnreadTest {
 protected:
  UnreadFailover() : UnreadTest(3) {}
};

TEST_F(UnreadFailover, ThePrimaryThatMarkedDiesBeforeItAnswers) {
  std::promise<void> marked;
  cluster[0].on_effect([&, told = std::make_shared<std::atomic<bool>>()](const std::string&) {
    if (!told->exchange(true)) marked.set_value();
    return cut();
  });
  auto reading = std::async(std::launch::async, [&] { return read(); });
  ASSERT_EQ(marked.get_future().wait_for(20s), std::future_status::ready);
  cluster.elect(1);
  cluster[0].kill();
  EXPECT_EQ(seqs(reading.get()), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(seqs(read()), std::vector<std::int64_t>{3});
}

}  // namespace
}  // namespace starling
