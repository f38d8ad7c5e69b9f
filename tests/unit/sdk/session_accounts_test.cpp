// The account's own calls: profile, password, sessions, blocks.
#include "tests/unit/sdk/session_test.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

class SessionAccounts : public SessionTest {};

v1::Account account_of(std::int64_t id, const std::string& name) {
  v1::Account account;
  account.set_id(id);
  account.set_name(name);
  account.set_about("counts");
  return account;
}

TEST_F(SessionAccounts, Profile) {
  v1::GetAccountResponse laid_out;
  *laid_out.mutable_account() = account_of(2, "bob");
  laid_out.set_blocked(true);
  cluster.answers.set(laid_out);
  for (const bool async : {false, true}) {
    auto profile = async ? answer<Profile>([this](Done<Profile> done) {
      return session.profile_async("bob", std::move(done));
    })
                         : session.profile("bob");
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    EXPECT_EQ(profile->account.id, 2);
    EXPECT_EQ(profile->account.about, "counts");
    EXPECT_TRUE(profile->blocked);
  }
  EXPECT_EQ(asked<v1::GetAccountRequest>().name(), "bob");
  EXPECT_EQ(asked<v1::GetAccountRequest>().read().level(), v1::READ_LEVEL_SESSION);
  ReadOptions newest;
  newest.level = ReadLevel::kLinearizable;
  ASSERT_TRUE(session.profile("bob", newest).ok());
  EXPECT_EQ(asked<v1::GetAccountRequest>().read().level(), v1::READ_LEVEL_LINEARIZABLE);
  EXPECT_EQ(cluster.answers.tokens(), std::set<std::string>{"Bearer token"});
  refuse(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND);
  EXPECT_EQ(session.profile("nobody").error().code, ErrorCode::kNotFound);
}

TEST_F(SessionAccounts, SetProfile) {
  v1::SetProfileResponse laid_out;
  *laid_out.mutable_account() = account_of(1, "ada");
  cluster.answers.set(laid_out);
  auto set = session.set_profile("Ada", "counts");
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->about, "counts");
  const auto request = asked<v1::SetProfileRequest>();
  EXPECT_EQ(request.display_name(), "Ada");
  EXPECT_EQ(request.about(), "counts");
  EXPECT_EQ(request.write().request_id().size(), 16U);
  EXPECT_GE(request.write().as_of_ms(), fake::kStartMs);
}

TEST_F(SessionAccounts, ChangePassword) {
  v1::ChangePasswordResponse laid_out;
  laid_out.set_ended_sessions(3);
  cluster.answers.set(laid_out);
  EXPECT_EQ(session.change_password("correct horse", "battery staple").value(), 3);
  EXPECT_EQ(asked<v1::ChangePasswordRequest>().password(), "correct horse");
  EXPECT_EQ(asked<v1::ChangePasswordRequest>().new_password(), "battery staple");
  refuse(grpc::StatusCode::PERMISSION_DENIED, v1::REASON_BAD_CREDENTIALS);
  const auto refused = session.change_password("wrong horse", "battery staple");
  EXPECT_EQ(refused.error().code, ErrorCode::kUnauthenticated);
  EXPECT_FALSE(refused.error().may_have_happened);
}

TEST_F(SessionAccounts, Sessions) {
  v1::ListSessionsResponse laid_out;
  for (const char* device : {"laptop", "phone"}) {
    v1::SessionInfo* one = laid_out.add_sessions();
    one->set_id(laid_out.sessions_size());
    one->set_device(device);
  }
  laid_out.mutable_sessions(1)->set_current(true);
  cluster.answers.set(laid_out);
  auto sessions = session.sessions();
  ASSERT_TRUE(sessions.ok());
  ASSERT_EQ(sessions->size(), 2U);
  EXPECT_EQ(sessions->front().device, "laptop");
  EXPECT_FALSE(sessions->front().current);
  EXPECT_EQ(sessions->back().id, 2);
  EXPECT_TRUE(sessions->back().current);
  ASSERT_TRUE(session.end_session(1).ok());
  EXPECT_EQ(asked<v1::EndSessionRequest>().session_id(), 1);
}

// The second attempt finds no such session any more: by the first one.
// The servers answer OK for one that has ended already, so a refusal is one, also of a retry.
TEST_F(SessionAccounts, ALostAnswerMakesNoSuccessOfARefusal) {
  lose_answers(1);
  EXPECT_TRUE(session.end_session(7).ok());
  EXPECT_EQ(cluster.answers.asked<v1::EndSessionRequest>().size(), 2U);
  lose_answers(1);
  auto asked_before = std::make_shared<std::atomic<bool>>(false);
  cluster[0].on_unary([asked_before](const std::string& method) {
    if (method != "EndSession" || !asked_before->exchange(true)) return grpc::Status::OK;
    return fake::refusal(grpc::StatusCode::NOT_FOUND, v1::REASON_NOT_FOUND, false);
  });
  const Status refused = session.end_session(7);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
}

TEST_F(SessionAccounts, Blocks) {
  v1::ListBlocksResponse laid_out;
  *laid_out.add_accounts() = account_of(2, "bob");
  laid_out.set_more(true);
  cluster.answers.set(laid_out);
  for (const bool blocked : {true, false}) {
    ASSERT_TRUE(session.set_block("bob", blocked).ok());
    EXPECT_EQ(asked<v1::SetBlockRequest>().name(), "bob");
    EXPECT_EQ(asked<v1::SetBlockRequest>().blocked(), blocked);
  }
  auto page = session.blocked(10, 1);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->items.size(), 1U);
  EXPECT_EQ(page->items.front().name, "bob");
  EXPECT_TRUE(page->more);
  EXPECT_EQ(asked<v1::ListBlocksRequest>().limit(), 10);
  EXPECT_EQ(asked<v1::ListBlocksRequest>().after_id(), 1);
}

TEST_F(SessionAccounts, WhatMayBeRepeatedIsAWriteAllTheSame) {
  lose_answers(1'000'000);
  CallOptions brief;
  brief.timeout = 300ms;
  for (const Status& status : {session.end_session(1, brief), session.hide_messages(1, {1}, brief),
                               session.mark_delivered({DeliveredMark{1, 1}}, brief)}) {
    ASSERT_FALSE(status.ok());
    EXPECT_TRUE(status.error().may_have_happened) << status.error().message;
  }
}

}  // namespace
}  // namespace starling
