// What an expired send says: that nothing happened when nothing can have, and never when it may.
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"
#include "tests/unit/sdk/tcp_platform.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

ClientOptions quick(std::chrono::milliseconds timeout = 10s) {
  ClientOptions options;
  options.timeout = timeout;
  return options;
}

// What may have happened to a send that expires when the one server is gone, for good or in a way.
Error expired_send(fake::Cluster& cluster, const std::function<void()>& take_away) {
  auto client = Client::connect(cluster.addresses(), quick());
  EXPECT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  EXPECT_TRUE(session.ok());
  EXPECT_TRUE(session->send(1, "before").ok());
  take_away();
  SendOptions send;
  send.timeout = 400ms;
  auto sent = session->send(1, "x", send);
  EXPECT_FALSE(sent.ok());
  cluster[0].on_send(nullptr);
  return sent.ok() ? Error{} : sent.error();
}

TEST(Ambiguity, ASendThatNobodyWasOfferedHasNotHappened) {
  for (const bool listens : {false, true}) {
    fake::Cluster cluster(1);
    std::unique_ptr<test::SilentListener> listener;
    const Error error = expired_send(cluster, [&] {
      const std::string address = cluster[0].address();
      cluster[0].kill();
      // Accepts, and never speaks: no request can be written to it.
      const int port = std::stoi(address.substr(address.rfind(':') + 1));
      if (listens) listener = std::make_unique<test::SilentListener>(port);
      // Long enough for the client to see its connection end.
      auto gone = Client::connect({address}, quick(300ms));
      EXPECT_FALSE(gone.ok());
    });
    EXPECT_FALSE(error.may_have_happened) << listens << ": " << error.message;
    EXPECT_EQ(error.code, ErrorCode::kUnavailable);
    EXPECT_NE(error.message.find(cluster[0].address()), std::string::npos) << error.message;
    EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"before"});
  }
}

// The connection gets through after the caller gave up: the message stays behind.
TEST(Ambiguity, WhatHasNotHappenedDoesNotHappenLater) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  const std::string address = cluster[0].address();
  cluster[0].kill();
  {
    const test::SilentListener silent(std::stoi(address.substr(address.rfind(':') + 1)));
    SendOptions brief;
    brief.timeout = 700ms;
    auto sent = session->send(1, "gone", brief);
    ASSERT_FALSE(sent.ok());
    EXPECT_FALSE(sent.error().may_have_happened) << sent.error().message;
  }
  cluster[0].start();
  EXPECT_TRUE(session->send(1, "next").ok());
  EXPECT_EQ(cluster.bodies(1), std::vector<std::string>{"next"});
  EXPECT_EQ(cluster.voided(), 0U);  // There was nothing to settle.
}

// As for sends: without a connection nothing can have happened, nor happens when one comes.
TEST(Ambiguity, AnotherWriteThatNobodyWasOfferedHasNotHappened) {
  for (const bool listens : {false, true}) {
    fake::Cluster cluster(1);
    auto client = Client::connect(cluster.addresses(), quick());
    ASSERT_TRUE(client.ok());
    ASSERT_TRUE(client->create_account("ada", "correct horse").ok());
    const std::string address = cluster[0].address();
    cluster[0].kill();
    std::unique_ptr<test::SilentListener> listener;
    const int port = std::stoi(address.substr(address.rfind(':') + 1));
    if (listens) listener = std::make_unique<test::SilentListener>(port);
    // Long enough for the client to see its connection end.
    EXPECT_FALSE(Client::connect({address}, quick(300ms)).ok());
    CallOptions brief;
    brief.timeout = 400ms;
    const auto made = client->create_account("bob", "correct horse", "", brief);
    ASSERT_FALSE(made.ok());
    EXPECT_FALSE(made.error().may_have_happened) << listens << ": " << made.error().message;
    EXPECT_TRUE(made.error().retryable);
    EXPECT_EQ(made.error().code, ErrorCode::kUnavailable);
    EXPECT_NE(made.error().message.find(address), std::string::npos) << made.error().message;
    listener.reset();
    cluster[0].start();
    EXPECT_TRUE(client->create_account("eve", "correct horse").ok());
    EXPECT_EQ(cluster.seen("CreateAccount").size(), 2U);
  }
}

TEST(Ambiguity, AnotherWriteThatWasTakenBackBeforeAConnectionHasNotHappened) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  const std::string address = cluster[0].address();
  cluster[0].kill();
  const test::SilentListener silent(std::stoi(address.substr(address.rfind(':') + 1)));
  EXPECT_FALSE(Client::connect({address}, quick(300ms)).ok());
  std::promise<Result<Account>> answer;
  const Call call = client->create_account_async(
      "bob", "correct horse", "", [&](Result<Account> made) { answer.set_value(std::move(made)); });
  call.cancel();
  auto future = answer.get_future();
  ASSERT_EQ(future.wait_for(10s), std::future_status::ready);
  const Result<Account> made = future.get();
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(made.error().may_have_happened);
}

TEST(Ambiguity, AStatusThatNoStarlingServerMadeIsNoOutcome) {
  fake::Cluster cluster(2);
  auto client = Client::connect(cluster.addresses(), quick());
  ASSERT_TRUE(client.ok());
  const auto say = [&cluster](grpc::StatusCode code, int times) {
    auto left = std::make_shared<std::atomic<int>>(times);
    for (std::size_t i = 0; i < 2; ++i) {
      cluster[i].on_unary([code, left](const std::string&) {
        return (*left)-- > 0 ? grpc::Status(code, "made on the way") : grpc::Status::OK;
      });
    }
  };
  for (int code = 1; code <= 16; ++code) {
    say(static_cast<grpc::StatusCode>(code), 1);
    EXPECT_TRUE(client->create_account("ada", "correct horse").ok()) << code;
  }
  CallOptions brief;
  brief.timeout = 400ms;
  say(grpc::StatusCode::PERMISSION_DENIED, 1'000'000);
  const auto refused = client->create_account("bob", "correct horse", "", brief);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(refused.error().may_have_happened);
  EXPECT_NE(refused.error().message.find("made on the way"), std::string::npos)
      << refused.error().message;
  // When all say that they do not know the call there is no use in asking on.
  say(grpc::StatusCode::UNIMPLEMENTED, 1'000'000);
  const auto unknown = client->create_account("bob", "correct horse");
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().message.find("knows this call"), std::string::npos)
      << unknown.error().message;
  EXPECT_FALSE(unknown.error().retryable);
}

TEST(Ambiguity, ASendThatWasTakenAndNotAnsweredMayHaveHappened) {
  for (const auto script : {fake::SendScript::kSwallow, fake::SendScript::kApplySilently}) {
    fake::Cluster cluster(1);
    const Error error = expired_send(cluster, [&cluster, script] {
      cluster[0].on_send([script](const v1::SendRequest&) { return script; });
    });
    EXPECT_TRUE(error.may_have_happened);
    EXPECT_EQ(error.code, ErrorCode::kDeadlineExceeded);
  }
}

}  // namespace
}  // namespace starling
