// Groups: what is asked and answered, and that a change happens once however often it was tried.
#include "tests/unit/sdk/session_test.h"

namespace starling {
namespace {

using namespace std::chrono_literals;

class SessionGroups : public SessionTest {};

v1::Conversation birds() {
  v1::Conversation group;
  group.set_id(5);
  group.set_title("birds");
  group.set_kind(v1::CONVERSATION_KIND_GROUP);
  group.set_role(v1::MEMBER_ROLE_OWNER);
  group.set_member_count(3);
  return group;
}

TEST_F(SessionGroups, CreateAndLookAt) {
  v1::CreateGroupResponse made;
  *made.mutable_conversation() = birds();
  cluster.answers.set(made);
  auto group = session.create_group("birds", {"bob", "carl"});
  ASSERT_TRUE(group.ok()) << group.error().message;
  EXPECT_EQ(group->id, 5);
  EXPECT_EQ(group->kind, ConversationKind::kGroup);
  EXPECT_EQ(group->role, MemberRole::kOwner);
  const auto request = asked<v1::CreateGroupRequest>();
  EXPECT_EQ(request.title(), "birds");
  ASSERT_EQ(request.names_size(), 2);
  EXPECT_EQ(request.names(1), "carl");
  EXPECT_TRUE(session.create_group("alone", {}).ok()) << "others may be added later";

  v1::GetConversationResponse told;
  *told.mutable_conversation() = birds();
  cluster.answers.set(told);
  EXPECT_EQ(session.conversation(5).value().member_count, 3);
  EXPECT_EQ(asked<v1::GetConversationRequest>().conversation_id(), 5);
}

TEST_F(SessionGroups, MembersComeAndGo) {
  v1::AddMembersResponse added;
  added.set_added(1);
  cluster.answers.set(added);
  EXPECT_EQ(session.add_members(5, {"bob", "dora"}).value(), 1);
  EXPECT_EQ(asked<v1::AddMembersRequest>().conversation_id(), 5);
  EXPECT_EQ(asked<v1::AddMembersRequest>().names(1), "dora");

  v1::ListMembersResponse listed;
  listed.add_members()->mutable_account()->set_name("bob");
  listed.mutable_members(0)->set_role(v1::MEMBER_ROLE_ADMIN);
  listed.set_more(true);
  cluster.answers.set(listed);
  auto page = session.members(5, 10, 3);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->items.size(), 1U);
  EXPECT_EQ(page->items.front().account.name, "bob");
  EXPECT_EQ(page->items.front().role, MemberRole::kAdmin);
  EXPECT_TRUE(page->more);
  EXPECT_EQ(asked<v1::ListMembersRequest>().limit(), 10);
  EXPECT_EQ(asked<v1::ListMembersRequest>().after_id(), 3);

  ASSERT_TRUE(session.set_role(5, 2, MemberRole::kAdmin).ok());
  EXPECT_EQ(asked<v1::SetRoleRequest>().account_id(), 2);
  EXPECT_EQ(asked<v1::SetRoleRequest>().role(), v1::MEMBER_ROLE_ADMIN);
  ASSERT_TRUE(session.remove_member(5, 2).ok());
  EXPECT_EQ(asked<v1::RemoveMemberRequest>().account_id(), 2);
  ASSERT_TRUE(session.leave(5).ok());
  EXPECT_EQ(asked<v1::RemoveMemberRequest>().conversation_id(), 5);
  EXPECT_EQ(asked<v1::RemoveMemberRequest>().account_id(), session.account().id);
}

TEST_F(SessionGroups, RenameAndDissolve) {
  ASSERT_TRUE(session.rename_group(5, "fowl").ok());
  EXPECT_EQ(asked<v1::RenameGroupRequest>().title(), "fowl");
  ASSERT_TRUE(session.dissolve_group(5).ok());
  EXPECT_EQ(asked<v1::DissolveGroupRequest>().conversation_id(), 5);
  EXPECT_NE(asked<v1::RenameGroupRequest>().write().request_id(),
            asked<v1::DissolveGroupRequest>().write().request_id());
}

// Such a session does not know who it is.
TEST_F(SessionGroups, ASessionResumedWithoutItsAccountCannotLeave) {
  Session nobody = client->resume(session.token(), Account{});
  const Status status = nobody.leave(5);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().field, "account");
  EXPECT_TRUE(cluster.answers.asked<v1::RemoveMemberRequest>().empty());
}

TEST_F(SessionGroups, ARefusalSaysWhatItIsAbout) {
  refuse(grpc::StatusCode::PERMISSION_DENIED, v1::REASON_PERMISSION_DENIED);
  EXPECT_EQ(session.rename_group(5, "fowl").error().code, ErrorCode::kPermissionDenied);
  refuse(grpc::StatusCode::INVALID_ARGUMENT, v1::REASON_INVALID_FIELD);
  EXPECT_EQ(session.create_group("birds", {"ada"}).error().field, "names");
  EXPECT_EQ(session.set_role(5, 1, MemberRole::kMember).error().field, "account_id");
  EXPECT_EQ(session.set_block("ada", true).error().field, "name");
}

TEST_F(SessionGroups, WithoutASessionNothingIsAsked) {
  Session none;
  EXPECT_EQ(none.create_group("birds", {}).error().code, ErrorCode::kUnauthenticated);
  const auto told =
      answer<Unit>([&none](Done<Unit> done) { return none.leave_async(5, std::move(done)); });
  EXPECT_EQ(told.error().code, ErrorCode::kUnauthenticated);
}

class SessionGroupsFailover : public SessionTest {
 protected:
  SessionGroupsFailover() : SessionTest(3) {}
};

TEST_F(SessionGroupsFailover, AGroupWhosePrimaryDiesIsMadeOnce) {
  v1::CreateGroupResponse made;
  *made.mutable_conversation() = birds();
  cluster.answers.set(made);
  std::promise<void> taken;
  cluster[0].on_effect([&, told = std::make_shared<std::atomic<bool>>()](const std::string&) {
    if (!told->exchange(true)) taken.set_value();
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
  });
  auto creating =
      std::async(std::launch::async, [this] { return session.create_group("birds", {"bob"}); });
  ASSERT_EQ(taken.get_future().wait_for(20s), std::future_status::ready);
  cluster.elect(1);
  cluster[0].kill();
  auto group = creating.get();
  ASSERT_TRUE(group.ok()) << group.error().message;
  EXPECT_EQ(group->id, 5);
  // Each attempt is the same request: the servers take it for one.
  const auto attempts = cluster.answers.asked<v1::CreateGroupRequest>();
  ASSERT_GE(attempts.size(), 2U);
  for (const v1::CreateGroupRequest& attempt : attempts) {
    EXPECT_EQ(attempt.SerializeAsString(), attempts.front().SerializeAsString());
  }
  EXPECT_EQ(attempts.front().write().request_id().size(), 16U);
}

}  // namespace
}  // namespace starling
