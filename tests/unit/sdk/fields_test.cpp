// What no server takes is refused at once, by the name of its field, with or without a server.
#include <gtest/gtest.h>

#include "starling/admin.h"
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
  expect_refused(session.profile(bad), "name");
  expect_refused(session.set_profile(bad, ""), "display_name");
  expect_refused(session.set_profile("", bad), "about");
  expect_refused(session.change_password(bad, "battery staple"), "password");
  expect_refused(session.change_password("correct horse", bad), "new_password");
  expect_refused(session.set_block(bad, true), "name");
  expect_refused(session.create_group(bad, {}), "title");
  expect_refused(session.create_group("birds", {"bob", bad}), "names");
  expect_refused(session.add_members(1, {bad}), "names");
  expect_refused(session.rename_group(1, bad), "title");
  expect_refused(session.edit_message(1, 1, bad), "body");
  expect_refused(session.react(1, 1, bad), "emoji");
  expect_refused(session.set_draft(1, bad), "body");
  ClientOptions options = waiting();
  options.client_name = bad;
  expect_refused(Client::connect({nowhere()}, options), "client_name");
  EXPECT_LT(SteadyClock::now() - begun, 4s);
}

INSTANTIATE_TEST_SUITE_P(TooLongAndNotUtf8, FieldsTest,
                         ::testing::Values(std::string(100'000, 'x'), std::string("\xff")),
                         [](const auto& info) { return info.index == 0 ? "Long" : "NotUtf8"; });

TEST(Fields, MoreOfThemThanAServerTakesOrNone) {
  auto client = Client::connect({nowhere()}, waiting());
  ASSERT_TRUE(client.ok());
  Session session = client->resume("a token", Account{});
  for (const std::size_t count : {201U, 0U}) {
    const std::vector<std::int64_t> seqs(count, 1);
    const std::vector<std::string> names(count, "bob");
    expect_refused(session.delete_messages(1, seqs), "seqs");
    expect_refused(session.hide_messages(1, seqs), "seqs");
    expect_refused(session.mark_delivered(std::vector<DeliveredMark>(count)), "marks");
    expect_refused(session.add_members(1, names), "names");
    if (count > 0) expect_refused(session.create_group("birds", names), "names");
  }
}

TEST(Fields, NothingWhereSomethingIsNeeded) {
  auto client = Client::connect({nowhere()}, waiting());
  ASSERT_TRUE(client.ok());
  Session session = client->resume("a token", Account{});
  expect_refused(session.create_group("", {}), "title");
  expect_refused(session.create_group("birds", {"bob", ""}), "names");
  expect_refused(session.rename_group(1, ""), "title");
  expect_refused(session.edit_message(1, 1, ""), "body");
  expect_refused(session.react(1, 1, ""), "emoji");
  expect_refused(session.change_password("correct horse", "short"), "new_password");
}

TEST(Fields, NumbersThatNameNothing) {
  auto client = Client::connect({nowhere()}, waiting());
  ASSERT_TRUE(client.ok());
  Account self;
  self.id = 1;
  Session session = client->resume("a token", self);
  for (const std::int64_t bad : {0, -1}) {
    const std::string conversation = "conversation_id";
    expect_refused(session.conversation(bad), conversation);
    expect_refused(session.add_members(bad, {"bob"}), conversation);
    expect_refused(session.remove_member(bad, 1), conversation);
    expect_refused(session.remove_member(1, bad), "account_id");
    expect_refused(session.leave(bad), conversation);
    expect_refused(session.set_role(bad, 1, MemberRole::kAdmin), conversation);
    expect_refused(session.set_role(1, bad, MemberRole::kAdmin), "account_id");
    expect_refused(session.rename_group(bad, "birds"), conversation);
    expect_refused(session.dissolve_group(bad), conversation);
    expect_refused(session.members(bad), conversation);
    expect_refused(session.messages_around(bad, 1), conversation);
    expect_refused(session.messages_around(1, bad), "seq");
    expect_refused(session.edit_message(1, bad, "x"), "seq");
    expect_refused(session.edits(1, bad), "seq");
    expect_refused(session.react(1, bad, "x"), "seq");
    expect_refused(session.hide_messages(bad, {1}), conversation);
    expect_refused(session.set_draft(bad, "x"), conversation);
    expect_refused(session.end_session(bad), "session_id");
  }
  expect_refused(session.set_draft(1, "x", -1), "reply_to");
  SendOptions options;
  options.reply_to = -1;
  expect_refused(session.send(1, "x", options), "reply_to");
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
  for (const std::string bad : {"http://127.0.0.1:5101",
                                "127.0.0.1:5101/path",
                                "a b:5101",
                                "127.0.0.1:51x1",
                                "127.0.0.1:0",
                                "127.0.0.1:005101",
                                "unix:/x",
                                "unix:///x:1",
                                "dns:///s1:5101",
                                "ipv4:127.0.0.1:5101",
                                "s1",
                                "s1:",
                                ":5101",
                                "s1:65536",
                                "s1:-1",
                                "s1:+1",
                                " s1:5101",
                                "s1:5101 ",
                                "::1:5101",
                                "[::1]",
                                "[::1:5101",
                                "::1]:5101",
                                "[s1]:5101",
                                "[]:5101",
                                "s1?x:5101",
                                "s1#x:5101",
                                "ada@s1:5101",
                                "s%31:5101",
                                "s1,s2:5101",
                                "s\n1:5101",
                                "b\xc3\xbcro:5101"}) {
    const auto refused = Client::connect({bad}, waiting());
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(refused.error().field, "addresses");
    EXPECT_NE(refused.error().message.find(bad), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find("127.0.0.1:5101"), std::string::npos);
  }
}

TEST(Fields, AnAddressIsAHostAndAPort) {
  for (const std::string good : {"s1:1", "127.0.0.1:65535", "chat.example.org:5101", "[::1]:5101",
                                 "[::ffff:127.0.0.1]:5101", "[fe80::1%eth0]:5101", "a_b-c.:80"}) {
    EXPECT_TRUE(Client::connect({good}, waiting()).ok()) << good;
  }
}

TEST(Fields, AnOperatorsAddressIsOneToo) {
  for (const std::string bad : {"", "unix:/x", "dns:///s1:5101", "s1", "::1:5101"}) {
    expect_refused(admin::status(bad, 5s), "address");
    expect_refused(admin::leave(bad, 1, 5s), "address");
    expect_refused(admin::transfer(bad, 1, 5s), "address");
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
