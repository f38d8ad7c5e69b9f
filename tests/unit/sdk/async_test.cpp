// The asynchronous forms: where their answers arrive, and what taking a call back means.
#include <gtest/gtest.h>

#include <future>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using fake::SendScript;

// A callback that can be waited for; it remembers on which thread it ran.
template <typename T>
class Answer {
 public:
  Done<T> done() {
    return [state = state_](Result<T> result) {
      state->thread = std::this_thread::get_id();
      ++state->count;
      state->promise.set_value(std::move(result));
    };
  }
  Result<T> get() {
    EXPECT_EQ(future_.wait_for(30s), std::future_status::ready);
    return future_.get();
  }
  std::thread::id thread() const { return state_->thread; }
  int count() const { return state_->count; }

 private:
  struct State {
    std::promise<Result<T>> promise;
    std::atomic<std::thread::id> thread;
    std::atomic<int> count{0};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
  std::future<Result<T>> future_ = state_->promise.get_future();
};

class AsyncTest : public ::testing::Test {
 protected:
  AsyncTest() : cluster(1) {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    Answer<Session> opened;
    client->log_in_async("ada", "correct horse", "", opened.done());
    auto logged_in = opened.get();
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
  }

  fake::Cluster cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(AsyncTest, AnswersArriveOnOneCallbackThread) {
  Answer<Account> account;
  Answer<Message> sent;
  Answer<Page<Message>> page;
  client->create_account_async("bob", "battery staple", "Bob", account.done());
  session.send_async(1, "hello", sent.done());
  session.messages_async(1, 0, 10, page.done());
  EXPECT_TRUE(account.get().ok());
  EXPECT_TRUE(sent.get().ok());
  EXPECT_TRUE(page.get().ok());
  EXPECT_TRUE(account.thread() == sent.thread());
  EXPECT_TRUE(account.thread() == page.thread());
  EXPECT_TRUE(account.thread() != std::this_thread::get_id());
}

TEST_F(AsyncTest, ACancelledReadAnswersAtOnce) {
  auto asked = std::make_shared<std::promise<void>>();
  std::promise<void> open;
  auto gate = open.get_future().share();
  cluster[0].on_unary([asked, gate](const std::string& method) {
    if (method == "ListMessages") {
      asked->set_value();
      gate.wait();
    }
    return grpc::Status::OK;
  });
  Answer<Page<Message>> page;
  const Call call = session.messages_async(1, 0, 10, page.done());
  asked->get_future().wait();
  call.cancel();
  const auto cancelled = page.get();
  open.set_value();
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(cancelled.error().may_have_happened) << "a read changes nothing";
  call.cancel();  // Once more changes nothing.
  EXPECT_EQ(page.count(), 1);
}

TEST_F(AsyncTest, ACallThatWaitsForItsNextAttemptCanBeCancelled) {
  auto refused = std::make_shared<std::atomic<int>>(0);
  cluster[0].on_unary([refused](const std::string& method) {
    if (method != "ListMessages") return grpc::Status::OK;
    ++*refused;
    return fake::refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NO_PRIMARY, true);
  });
  Answer<Page<Message>> page;
  const Call call = session.messages_async(1, 0, 10, page.done());
  while (*refused < 3) std::this_thread::yield();
  call.cancel();
  EXPECT_EQ(page.get().error().code, ErrorCode::kCancelled);
}

TEST_F(AsyncTest, ACancelledSendIsSettledAndItsSuccessorFollows) {
  auto offered = std::make_shared<std::promise<void>>();
  cluster[0].on_send([offered](const v1::SendRequest& request) {
    if (request.body() != "lost") return SendScript::kApply;
    offered->set_value();
    return SendScript::kSwallow;
  });
  Answer<Message> lost;
  const Call call = session.send_async(1, "lost", lost.done());
  offered->get_future().wait();
  call.cancel();
  const auto cancelled = lost.get();
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(cancelled.error().may_have_happened);
  ASSERT_TRUE(session.send(1, "next").ok());
  EXPECT_EQ(cluster.voided(), 1U);
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"next"});
}

TEST_F(AsyncTest, ACallOutlivesItsHandleAndItsSession) {
  Answer<Page<Message>> page;
  { (void)session.messages_async(1, 0, 10, page.done()); }
  session = Session();
  EXPECT_TRUE(page.get().ok());
  Answer<Unit> nothing;
  (void)session.log_out_async(nothing.done());
  EXPECT_EQ(nothing.get().error().code, ErrorCode::kUnauthenticated);
}

TEST_F(AsyncTest, ClosingAnswersEverything) {
  cluster[0].on_send([](const v1::SendRequest&) { return SendScript::kSwallow; });
  Answer<Message> sent;
  const Call call = session.send_async(1, "x", sent.done());
  client->close();
  EXPECT_EQ(sent.get().error().code, ErrorCode::kCancelled);
  call.cancel();
  Answer<Page<Message>> late;
  (void)session.messages_async(1, 0, 10, late.done());
  EXPECT_EQ(late.get().error().code, ErrorCode::kCancelled);
}

TEST_F(AsyncTest, WhoeverClosesSecondWaitsForTheCallbackToo) {
  std::promise<void> gate;
  std::promise<void> running;
  std::atomic<bool> over{false};
  session.send_async(1, "x", [&](const Result<Message>&) {
    running.set_value();
    gate.get_future().wait();
    over = true;
  });
  running.get_future().wait();
  auto first = std::async(std::launch::async, [this] { client->close(); });
  auto second = std::async(std::launch::async, [this, &over] {
    client->close();
    return over.load();
  });
  EXPECT_EQ(second.wait_for(200ms), std::future_status::timeout);
  gate.set_value();
  EXPECT_TRUE(second.get());
  first.get();
}

}  // namespace
}  // namespace starling
