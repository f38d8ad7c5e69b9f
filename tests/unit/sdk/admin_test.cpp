// The operators' calls: asked again only while that is harmless.
#include "starling/admin.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/unit/sdk/fake_cluster.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

TEST(Admin, ARefusedTransferIsNotAskedAgain) {
  fake::Cluster cluster(3);
  cluster[0].on_unary([](const std::string&) {
    return fake::refusal(grpc::StatusCode::FAILED_PRECONDITION, v1::REASON_MEMBERS_REFUSED, false);
  });
  const auto moved = admin::transfer(cluster[0].address(), 2, 10s);
  ASSERT_FALSE(moved.ok());
  EXPECT_EQ(moved.error().code, ErrorCode::kFailed);
  EXPECT_FALSE(moved.error().retryable);
  EXPECT_FALSE(moved.error().may_have_happened);
  EXPECT_EQ(cluster.seen("TransferPrimary").size(), 1U);
}

TEST(Admin, ALeaveWhoseAnswerWasLostHasHappened) {
  fake::Cluster cluster(3);
  bool lost = false;
  cluster[0].on_effect([&lost](const std::string&) {
    lost = true;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
  });
  const auto left = admin::leave(cluster[0].address(), 3, 10s);
  ASSERT_TRUE(left.ok()) << left.error().message;
  EXPECT_TRUE(lost);
  EXPECT_EQ(left->servers.size(), 3U);  // As this pretended cluster lists them.
  EXPECT_EQ(cluster.seen("LeaveNetwork").size(), 2U);
}

TEST(Admin, APrimaryThatHangsIsNotWaitedForToTheEnd) {
  fake::Cluster cluster(3);
  cluster[0].hung = true;
  cluster[1].on_unary([&cluster](const std::string&) {
    if (cluster.is_primary(2)) return grpc::Status();
    return fake::refusal(grpc::StatusCode::UNAVAILABLE, v1::REASON_NOT_PRIMARY, true,
                         cluster.primary_address());
  });
  auto left =
      std::async(std::launch::async, [&] { return admin::leave(cluster[1].address(), 3, 60s); });
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (cluster.seen("LeaveNetwork").size() < 2 &&  // The second is at the one that hangs.
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  cluster.elect(1);
  EXPECT_EQ(left.wait_for(30s), std::future_status::ready);
  cluster[0].hung = false;
  const auto result = left.get();
  EXPECT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(cluster.seen("LeaveNetwork").back().server, 2U);
}

TEST(Admin, AMemberThatNeverWasIsNotFound) {
  fake::Cluster cluster(3);
  const auto left = admin::leave(cluster[0].address(), 9, 10s);
  ASSERT_FALSE(left.ok());
  EXPECT_EQ(left.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(left.error().may_have_happened);
}

}  // namespace
}  // namespace starling
