// A session with a pretended cluster, and what its tests ask of answers.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <utility>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"

namespace starling {

class SessionTest : public ::testing::Test {
 protected:
  explicit SessionTest(int servers = 1) : cluster(servers) {
    auto connected = Client::connect(cluster.addresses());
    EXPECT_TRUE(connected.ok());
    client = std::make_unique<Client>(std::move(*connected));
    auto logged_in = client->log_in("ada", "correct horse");
    EXPECT_TRUE(logged_in.ok());
    session = *logged_in;
  }
  // Every write takes effect and its answer is lost, for so many times at each server.
  void lose_answers(int times) {
    for (std::size_t i = 0; i < cluster.addresses().size(); ++i) {
      auto left = std::make_shared<std::atomic<int>>(times);
      cluster[i].on_effect([left](const std::string&) {
        return left->fetch_sub(1) > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut")
                                      : grpc::Status::OK;
      });
    }
  }
  void refuse(grpc::StatusCode code, v1::Reason reason) {
    cluster[0].on_unary(
        [code, reason](const std::string&) { return fake::refusal(code, reason, false); });
  }
  // What was asked the last time.
  template <typename Request>
  Request asked() const {
    const std::vector<Request> all = cluster.answers.asked<Request>();
    EXPECT_FALSE(all.empty()) << Request::descriptor()->name();
    return all.empty() ? Request() : all.back();
  }
  // The answer of an asynchronous call, which `start` is given the `done` of.
  template <typename T, typename Start>
  static Result<T> answer(Start start) {
    auto answered = std::make_shared<std::promise<Result<T>>>();
    auto future = answered->get_future();
    const Call call =
        start([answered](Result<T> result) { answered->set_value(std::move(result)); });
    if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      return Error{ErrorCode::kInternal, "The test had no answer.", false, false, ""};
    }
    return future.get();
  }

  fake::Cluster cluster;
  std::unique_ptr<Client> client;
  Session session;
};

}  // namespace starling
