// Writes that need no request id, and calls that end the session they come by: what becomes of them
// when an answer is lost.
#include <gtest/gtest.h>

#include <memory>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

class GoodbyeTest : public ::testing::Test {
 protected:
  GoodbyeTest() : cluster(1) {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
  }
  // Writes take effect and their answers are lost, for so many times.
  void lose_answers(int times) {
    auto left = std::make_shared<std::atomic<int>>(times);
    cluster[0].on_effect([left](const std::string&) {
      return left->fetch_sub(1) > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut")
                                    : grpc::Status::OK;
    });
  }
  fake::Cluster cluster;
  std::unique_ptr<Client> client;
  Session session;
};

TEST_F(GoodbyeTest, ALogOutWhoseAnswerIsLostHasSucceeded) {
  lose_answers(1);
  const Status status = session.log_out();
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST_F(GoodbyeTest, ASessionThatIsGoneCannotBeLoggedOutAgain) {
  ASSERT_TRUE(session.log_out().ok());
  const Status status = session.log_out();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnauthenticated);
  EXPECT_FALSE(status.error().may_have_happened);
}

TEST_F(GoodbyeTest, ADeletedAccountWhoseAnswerIsLostMayHaveBeenDeleted) {
  lose_answers(1);
  const Status status = session.delete_account("correct horse");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnauthenticated);
  EXPECT_TRUE(status.error().may_have_happened);
}

TEST_F(GoodbyeTest, WhatNeedsNoRequestIdMayHaveHappenedToo) {
  lose_answers(1'000'000);
  CallOptions brief;
  brief.timeout = 300ms;
  const auto logged_in = client->log_in("ada", "correct horse", "", brief);
  ASSERT_FALSE(logged_in.ok());
  EXPECT_TRUE(logged_in.error().may_have_happened);
  const auto marked = session.mark_read(1, 1, brief);
  ASSERT_FALSE(marked.ok());
  EXPECT_TRUE(marked.error().may_have_happened);
}

}  // namespace
}  // namespace starling
