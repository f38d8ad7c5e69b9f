// Sends that their caller repeats under the same request id, as one does whose answer did not come.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using fake::SendScript;

class RepeatTest : public ::testing::Test {
 protected:
  RepeatTest() : cluster(1) {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
  }
  void answer(bool on) {
    cluster[0].on_send([on](const v1::SendRequest& request) {
      const bool named = request.body().find("plain") == std::string::npos;
      return on || !named ? SendScript::kApply : SendScript::kSwallow;
    });
  }
  static SendOptions options(int id, std::chrono::milliseconds timeout = 10s) {
    SendOptions made;
    made.request_id = "0123456789abcde" + std::to_string(id);
    made.timeout = timeout;
    return made;
  }
  std::future<Result<Message>> start(int id, std::chrono::milliseconds timeout,
                                     Call* call = nullptr) {
    auto promise = std::make_shared<std::promise<Result<Message>>>();
    Call made = session.send_async(
        1, std::to_string(id),
        [promise](Result<Message> result) { promise->set_value(std::move(result)); },
        options(id, timeout));
    if (call != nullptr) *call = made;
    return promise->get_future();
  }

  fake::Cluster cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(RepeatTest, WhatWasNotAnsweredInTimeGoesOn) {
  answer(false);
  for (int i = 0; i < 2; ++i) {
    const auto first = session.send(1, "0", options(0, 100ms));
    ASSERT_FALSE(first.ok());
    EXPECT_EQ(first.error().code, ErrorCode::kDeadlineExceeded);
    EXPECT_TRUE(first.error().may_have_happened && first.error().retryable);
    EXPECT_NE(first.error().message.find("same request_id"), std::string::npos);
  }
  answer(true);
  const auto again = session.send(1, "0", options(0));
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"0"});
  EXPECT_TRUE(cluster.seen("Void").empty());
}

TEST_F(RepeatTest, ManyAtOnceGoOnInTheirOrder) {
  answer(false);
  std::vector<std::future<Result<Message>>> all;
  for (int i = 0; i < 5; ++i) all.push_back(start(i, 200ms));
  for (auto& one : all) EXPECT_FALSE(one.get().ok());
  answer(true);
  all.clear();
  for (int i = 0; i < 5; ++i) all.push_back(start(i, 10s));
  for (auto& one : all) {
    const auto result = one.get();
    EXPECT_TRUE(result.ok()) << result.error().message;
  }
  EXPECT_EQ(cluster.bodies(1), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  EXPECT_TRUE(cluster.seen("Void").empty());
}

TEST_F(RepeatTest, ACancelledOneGoesOnToo) {
  answer(false);
  Call call;
  auto first = start(0, 10s, &call);
  while (cluster.seen("SendStream").empty()) std::this_thread::yield();
  call.cancel();
  EXPECT_EQ(first.get().error().code, ErrorCode::kCancelled);
  answer(true);
  EXPECT_TRUE(start(0, 10s).get().ok());
  EXPECT_TRUE(cluster.seen("Void").empty());
}

TEST_F(RepeatTest, WhoeverSendsSomethingElseGivesItUp) {
  answer(false);
  ASSERT_FALSE(session.send(1, "0", options(0, 100ms)).ok());
  const auto next = session.send(1, "plain");
  ASSERT_TRUE(next.ok()) << next.error().message;
  EXPECT_EQ(cluster.seen("Void").size(), 1U);
  answer(true);
  const auto late = session.send(1, "0", options(0));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kFailed);
  EXPECT_EQ(late.error().field, "request_id");
  EXPECT_FALSE(late.error().retryable || late.error().may_have_happened);
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"plain"});
}

TEST_F(RepeatTest, EachCallerHasATimeoutOfItsOwn) {
  answer(false);
  auto patient = start(0, 20s);
  auto impatient = start(0, 100ms);
  const auto late = impatient.get();
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_TRUE(late.error().may_have_happened);
  EXPECT_EQ(patient.wait_for(0s), std::future_status::timeout);
  auto third = start(0, 20s);
  answer(true);
  cluster[0].kill();  // What was swallowed is offered again.
  cluster[0].start();
  EXPECT_TRUE(patient.get().ok());
  EXPECT_TRUE(third.get().ok());
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"0"});
}

}  // namespace
}  // namespace starling
