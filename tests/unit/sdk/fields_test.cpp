// What no server takes is refused at once, by the name of its field, with or without a server.
#include <gtest/gtest.h>

#include "starling/client.h"
#include "tests/unit/sdk/fake_cluster.h"
#include "tests/unit/sdk/tcp_platform.h"

namespace starling {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

// A client that has met no server, and would wait for one.
ClientOptions waiting() {
  ClientOptions options;
  options.wait_for_server = false;
  options.timeout = 5s;
  return options;
}

std::string nowhere() { return "127.0.0.1:" + std::to_string(test::free_port()); }

template <typename T>
void expect_refused(const Result<T>& answer, const std::string& field) {
  ASSERT_FALSE(answer.ok()) << field;
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument) << answer.error().message;
  EXPECT_EQ(answer.error().field, field);
  EXPECT_NE(answer.error().message.find(field), std::string::npos) << answer.error().message;
  EXPECT_FALSE(answer.error().may_have_happened);
  EXPECT_FALSE(answer.error().retryable);
}

class FieldsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FieldsTest, WhatNoServerTakesWaitsForNone) {
  const std::string bad = GetParam();
  auto client = Client::connect({nowhere()}, waiting());
  ASSERT_TRUE(client.ok());
  Session session = client->resume("a token", Account{});
  const auto begun = SteadyClock::now();
  expect_refused(client->create_account(bad, "correct horse"), "name");
  expect_refused(client->create_account("ada", bad), "password");
  expect_refused(client->create_account("ada", "correct horse", bad), "display_name");
  expect_refused(client->log_in(bad, "correct horse"), "name");
  expect_refused(client->log_in("ada", bad), "password");
  expect_refused(client->log_in("ada", "correct horse", bad), "device");
  expect_refused(session.delete_account(bad), "password");
  expect_refused(session.accounts(bad), "pattern");
  expect_refused(session.accounts("*", 50, bad), "after_name");
  expect_refused(session.open_direct(bad), "name");
  expect_refused(session.send(1, bad), "body");
  ClientOptions options = waiting();
  options.client_name = bad;
  expect_refused(Client::connect({nowhere()}, options), "client_name");
  EXPECT_LT(SteadyClock::now() - begun, 4s);
}

INSTANTIATE_TEST_SUITE_P(TooLongAndNotUtf8, FieldsTest,
                         ::testing::Values(std::string(100'000, 'x'), std::string("\xff")),
                         [](const auto& info) { return info.index == 0 ? "Long" : "NotUtf8"; });

TEST(Fields, MoreSeqsThanAServerTakes) {
  auto client = Client::connect({nowhere()}, waiting());
  ASSERT_TRUE(client.ok());
  Session session = client->resume("a token", Account{});
  expect_refused(session.delete_messages(1, std::vector<std::int64_t>(201, 1)), "seqs");
}

// Such a header would break every call that it is in.
TEST(Fields, ATextThatCannotBeAToken) {
  fake::Cluster cluster(1);
  ClientOptions options;
  options.timeout = 5s;
  auto client = Client::connect(cluster.addresses(), options);
  ASSERT_TRUE(client.ok());
  for (const std::string& bad : {std::string(100'000, 'x'), std::string("line\nfeed")}) {
    Session session = client->resume(bad, Account{});
    const auto begun = SteadyClock::now();
    expect_refused(session.messages(1), "token");
    expect_refused(session.send(1, "x"), "token");
    expect_refused(session.subscribe(), "token");
    EXPECT_LT(SteadyClock::now() - begun, 4s);
  }
}

TEST(Fields, ABodyTooLongLeavesTheOtherSendsAlone) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), ClientOptions{});
  ASSERT_TRUE(client.ok());
  auto session = client->log_in("ada", "correct horse");
  ASSERT_TRUE(session.ok());
  expect_refused(session->send(1, std::string(5'000'000, 'x')), "body");
  EXPECT_TRUE(session->send(1, std::string(16'384, 'x')).ok());
}

TEST(Fields, AnAddressHasNoScheme) {
  for (const std::string bad : {"http://127.0.0.1:5101", "127.0.0.1:5101/path", "a b:5101",
                                "127.0.0.1:51x1", "127.0.0.1:0", "127.0.0.1:005101"}) {
    const auto refused = Client::connect({bad}, waiting());
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().field, "addresses");
    EXPECT_NE(refused.error().message.find(bad), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("127.0.0.1:5101"), std::string::npos);
  }
}

TEST(Fields, ARequestIdOfAnotherRequestIsAnInvalidArgument) {
  fake::Cluster cluster(1);
  auto client = Client::connect(cluster.addresses(), ClientOptions{});
  ASSERT_TRUE(client.ok());
  cluster[0].on_unary([](const std::string& method) {
    if (method != "CreateAccount") return grpc::Status::OK;
    return fake::refusal(grpc::StatusCode::FAILED_PRECONDITION, v1::REASON_REQUEST_REUSED, false);
  });
  const auto refused = client->create_account("ada", "correct horse");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused.error().field, "request_id");
}

}  // namespace
}  // namespace starling
