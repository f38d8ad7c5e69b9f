// The chat calls over the wire: outcomes, retries, errors, forwarding.
#include "tests/unit/transport/fixture.h"

namespace starling::transport {
namespace {

using ChatCalls = TransportTest;

TEST_F(ChatCalls, AConversationFromEndToEnd) {
  const Session ada = account("ada");
  const Session bob = account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  EXPECT_EQ(open_direct(bob, "ada"), conversation);
  EXPECT_EQ(send(ada, conversation, "one"), 1);
  EXPECT_EQ(send(ada, conversation, "two"), 2);

  pb::ListConversationsResponse list;
  expect_ok(
      call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), list, bob.bearer));
  ASSERT_EQ(list.conversations_size(), 1);
  EXPECT_EQ(list.conversations(0).title(), "ada");
  EXPECT_EQ(list.conversations(0).unread_count(), 2);

  auto unread = write_request<pb::ReadUnreadRequest>();
  unread.set_conversation_id(conversation);
  unread.set_limit(1);
  unread.set_mark_read(true);
  pb::ReadUnreadResponse got;
  expect_ok(call(&pb::Chat::Stub::ReadUnread, unread, got, bob.bearer));
  ASSERT_EQ(got.messages_size(), 1);
  EXPECT_EQ(got.messages(0).body(), "one");
  EXPECT_TRUE(got.messages(0).request_id().empty()) << "only the sender sees it";
  EXPECT_EQ(got.still_unread(), 1);

  auto remove = write_request<pb::DeleteMessagesRequest>();
  remove.set_conversation_id(conversation);
  remove.add_seqs(1);
  pb::DeleteMessagesResponse removed;
  expect_ok(call(&pb::Chat::Stub::DeleteMessages, remove, removed, ada.bearer));
  EXPECT_EQ(removed.deleted(), 1);

  pb::ListMessagesRequest history;
  history.set_conversation_id(conversation);
  history.mutable_read()->set_level(pb::READ_LEVEL_LINEARIZABLE);
  pb::ListMessagesResponse messages;
  expect_ok(call(&pb::Chat::Stub::ListMessages, history, messages, ada.bearer));
  ASSERT_EQ(messages.messages_size(), 2);
  EXPECT_TRUE(messages.messages(0).deleted());
  EXPECT_TRUE(messages.messages(0).body().empty());
  EXPECT_EQ(messages.messages(1).body(), "two");
  EXPECT_EQ(messages.messages(1).request_id().size(), 16u);
  EXPECT_EQ(messages.header().token().epoch(), 1u);
  EXPECT_EQ(messages.header().token().index(), backend_.applied_index());
  EXPECT_EQ(messages.header().server_id(), 11u);
}

TEST_F(ChatCalls, MessagesWhoseMarkMayStandAreReturned) {
  const Session ada = account("ada");
  const Session bob = account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  send(ada, conversation, "one");
  auto unread = write_request<pb::ReadUnreadRequest>();
  unread.set_conversation_id(conversation);
  unread.set_mark_read(true);
  pb::ReadUnreadResponse got;
  backend_.set_propose_error(ProposeError::kOverloaded);
  EXPECT_EQ(detail_of(call(&pb::Chat::Stub::ReadUnread, unread, got, bob.bearer)).reason(),
            pb::REASON_OVERLOADED);
  backend_.set_propose_error(ProposeError::kPrimaryLost);
  expect_ok(call(&pb::Chat::Stub::ReadUnread, unread, got, bob.bearer));
  ASSERT_EQ(got.messages_size(), 1);
  EXPECT_EQ(got.messages(0).body(), "one");
}

TEST_F(ChatCalls, ARetryGivesTheFirstOutcome) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(conversation);
  request.set_body("once");
  pb::SendResponse first;
  pb::SendResponse second;
  expect_ok(call(&pb::Chat::Stub::Send, request, first, ada.bearer));
  expect_ok(call(&pb::Chat::Stub::Send, request, second, ada.bearer));
  EXPECT_EQ(first.message().SerializeAsString(), second.message().SerializeAsString());
  request.set_body("another");
  const grpc::Status reused = call(&pb::Chat::Stub::Send, request, second, ada.bearer);
  EXPECT_EQ(detail_of(reused).reason(), pb::REASON_REQUEST_REUSED);

  auto create = write_request<pb::CreateAccountRequest>();
  create.set_name("cleo");
  create.set_password("correct horse");
  pb::CreateAccountResponse made;
  pb::CreateAccountResponse again;
  expect_ok(call(&pb::Chat::Stub::CreateAccount, create, made, ""));
  expect_ok(call(&pb::Chat::Stub::CreateAccount, create, again, ""));
  EXPECT_EQ(made.account().SerializeAsString(), again.account().SerializeAsString());
  create.mutable_write()->set_request_id(request_id());
  const grpc::Status taken = call(&pb::Chat::Stub::CreateAccount, create, again, "");
  EXPECT_EQ(taken.error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(ChatCalls, AVoidedSendNeverRuns) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(conversation);
  request.set_body("never");
  pb::VoidRequest cancel;
  cancel.set_request_id(request.write().request_id());
  pb::VoidResponse cancelled;
  expect_ok(call(&pb::Chat::Stub::Void, cancel, cancelled, ada.bearer));
  EXPECT_FALSE(cancelled.happened());
  pb::SendResponse response;
  const grpc::Status status = call(&pb::Chat::Stub::Send, request, response, ada.bearer);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_VOIDED);
}

TEST_F(ChatCalls, UnknownNameAndWrongPasswordAreNotToldApart) {
  account("ada");
  pb::LogInRequest wrong;
  wrong.set_name("ada");
  wrong.set_password("wrong horse");
  pb::LogInRequest unknown = wrong;
  unknown.set_name("nobody");
  pb::LogInResponse response;
  const grpc::Status a = call(&pb::Chat::Stub::LogIn, wrong, response, "");
  const grpc::Status b = call(&pb::Chat::Stub::LogIn, unknown, response, "");
  EXPECT_EQ(a.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(a.error_code(), b.error_code());
  EXPECT_EQ(a.error_message(), b.error_message());
  EXPECT_EQ(a.error_details(), b.error_details());
  EXPECT_EQ(detail_of(a).reason(), pb::REASON_BAD_CREDENTIALS);
}

TEST_F(ChatCalls, DeletingAnAccountNeedsThePasswordAndEndsItsSessions) {
  const Session ada = account("ada");
  auto request = write_request<pb::DeleteAccountRequest>();
  request.set_password("wrong horse");
  pb::DeleteAccountResponse response;
  EXPECT_EQ(call(&pb::Chat::Stub::DeleteAccount, request, response, ada.bearer).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  request.set_password("correct horse");
  expect_ok(call(&pb::Chat::Stub::DeleteAccount, request, response, ada.bearer));
  pb::ListConversationsResponse list;
  EXPECT_EQ(
      call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), list, ada.bearer)
          .error_code(),
      grpc::StatusCode::UNAUTHENTICATED);
}

// By another of its sessions: this one is told that it is over, not that its password is wrong.
TEST_F(ChatCalls, AnAccountThatIsDeletedAlreadySaysNothingOfThePassword) {
  const Session ada = account("ada");
  pb::LogInRequest again;
  again.set_name("ada");
  again.set_password("correct horse");
  pb::LogInResponse other;
  expect_ok(call(&pb::Chat::Stub::LogIn, again, other, ""));
  pb::ListConversationsResponse list;  // Both sessions are known to the server now.
  const std::string other_bearer = "Bearer " + other.token();
  expect_ok(
      call(&pb::Chat::Stub::ListConversations, pb::ListConversationsRequest(), list, other_bearer));
  auto request = write_request<pb::DeleteAccountRequest>();
  request.set_password("correct horse");
  pb::DeleteAccountResponse response;
  expect_ok(call(&pb::Chat::Stub::DeleteAccount, request, response, ada.bearer));
  request = write_request<pb::DeleteAccountRequest>();
  request.set_password("correct horse");
  EXPECT_EQ(call(&pb::Chat::Stub::DeleteAccount, request, response, other_bearer).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ChatCalls, OpeningWithNobodyIsNotFound) {
  const Session ada = account("ada");
  auto request = write_request<pb::OpenDirectRequest>();
  request.set_name("nobody");
  pb::OpenDirectResponse response;
  EXPECT_EQ(call(&pb::Chat::Stub::OpenDirect, request, response, ada.bearer).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ChatCalls, AReadNeverGoesBackBehindItsToken) {
  const Session ada = account("ada");
  pb::ListConversationsRequest request;
  request.mutable_read()->mutable_after()->set_epoch(1);
  request.mutable_read()->mutable_after()->set_index(backend_.applied_index() + 100);
  pb::ListConversationsResponse response;
  const grpc::Status status =
      call(&pb::Chat::Stub::ListConversations, request, response, ada.bearer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_LAGGING);
  EXPECT_TRUE(detail_of(status).retryable());
  request.mutable_read()->mutable_after()->set_cluster_id(8);
  EXPECT_EQ(
      detail_of(call(&pb::Chat::Stub::ListConversations, request, response, ada.bearer)).reason(),
      pb::REASON_RESYNC);
  request.mutable_read()->mutable_after()->set_cluster_id(7);
  request.mutable_read()->mutable_after()->set_epoch(2);
  EXPECT_EQ(
      detail_of(call(&pb::Chat::Stub::ListConversations, request, response, ada.bearer)).reason(),
      pb::REASON_RESYNC);
}

TEST_F(ChatCalls, WhatTheNodeRefusesIsToldByReason) {
  const Session ada = account("ada");
  account("bob");
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(open_direct(ada, "bob"));
  request.set_body("x");
  pb::SendResponse response;
  const std::vector<std::pair<ProposeError, pb::Reason>> table = {
      {ProposeError::kNotPrimary, pb::REASON_NOT_PRIMARY},
      {ProposeError::kPrimaryLost, pb::REASON_PRIMARY_LOST},
      {ProposeError::kOverloaded, pb::REASON_OVERLOADED},
      {ProposeError::kDraining, pb::REASON_DRAINING}};
  for (const auto& [error, reason] : table) {
    backend_.set_propose_error(error);
    const pb::ErrorDetail detail =
        detail_of(call(&pb::Chat::Stub::Send, request, response, ada.bearer));
    EXPECT_EQ(detail.reason(), reason);
    EXPECT_TRUE(detail.retryable());
    EXPECT_EQ(detail.may_have_happened(), reason == pb::REASON_PRIMARY_LOST);
  }
  backend_.set_propose_error(ProposeError::kNone);
  backend_.set_status([](NodeStatus& status) {
    status.role = ServerRole::kBackup;
    status.primary = core::kNoNode;
  });
  EXPECT_EQ(detail_of(call(&pb::Chat::Stub::Send, request, response, ada.bearer)).reason(),
            pb::REASON_NO_PRIMARY);
  server_->set_draining();
  EXPECT_EQ(detail_of(call(&pb::Chat::Stub::Send, request, response, ada.bearer)).reason(),
            pb::REASON_DRAINING);
}

// A second server that is a backup of the first.
class Forwarding : public TransportTest {
 protected:
  Forwarding() : backup_(12) {
    const std::string primary = server_->bound_address();
    backup_.set_status([&](NodeStatus& status) {
      status.role = ServerRole::kBackup;
      status.primary = 11;
      status.primary_address = primary;
    });
    std::string error;
    backup_server_ = Server::start(test_options(12), backup_, error);
    EXPECT_TRUE(backup_server_) << error;
    backup_.attach(backup_server_.get());
    backup_chat_ = pb::Chat::NewStub(
        grpc::CreateChannel(backup_server_->bound_address(), grpc::InsecureChannelCredentials()));
  }
  ~Forwarding() override {
    backup_server_->shutdown(std::chrono::steady_clock::now() + std::chrono::seconds(5));
    backup_.attach(nullptr);
  }
  FakeBackend backup_;
  std::unique_ptr<Server> backup_server_;
  std::unique_ptr<pb::Chat::Stub> backup_chat_;
};

TEST_F(Forwarding, ABackupPassesWritesOn) {
  const Session ada = account("ada");
  account("bob");
  const std::int64_t conversation = open_direct(ada, "bob");
  chat_.swap(backup_chat_);
  EXPECT_EQ(send(ada, conversation, "through the backup"), 1);
  const Session again = log_in("ada");
  EXPECT_EQ(send(again, conversation, "and again"), 2);
}

TEST_F(Forwarding, OneHopOnly) {
  const Session ada = account("ada");
  account("bob");
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(open_direct(ada, "bob"));
  request.set_body("x");
  backend_.set_status([&](NodeStatus& status) {
    status.role = ServerRole::kBackup;
    status.primary = 12;
    status.primary_address = backup_server_->bound_address();
  });
  chat_.swap(backup_chat_);
  pb::SendResponse response;
  const grpc::Status status = call(&pb::Chat::Stub::Send, request, response, ada.bearer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(detail_of(status).reason(), pb::REASON_NOT_PRIMARY);
  EXPECT_EQ(detail_of(status).primary_address(), backup_server_->bound_address());
}

TEST_F(Forwarding, APrimaryThatIsGoneMayHaveDoneIt) {
  const Session ada = account("ada");
  account("bob");
  auto request = write_request<pb::SendRequest>();
  request.set_conversation_id(open_direct(ada, "bob"));
  request.set_body("x");
  backend_.hold_proposals(true);
  chat_.swap(backup_chat_);
  auto lost = std::async(std::launch::async, [&] {
    pb::SendResponse response;
    return call(&pb::Chat::Stub::Send, request, response, ada.bearer);
  });
  // Another primary is known: what is under way to the old one is given up. The change is told
  // again and again, for the call may not have left yet.
  Beat beat;
  int term = 2;
  ASSERT_TRUE(eventually([&] {
    backup_.set_status([&](NodeStatus& status) {
      status.primary = 13u + static_cast<unsigned>(term % 2);
      status.primary_address = "127.0.0.1:1";
    });
    ++term;
    backup_server_->beat(beat);
    return lost.wait_for(std::chrono::milliseconds(10)) == std::future_status::ready;
  }));
  const grpc::Status status = lost.get();
  const pb::ErrorDetail detail = detail_of(status);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  if (detail.reason() != pb::REASON_NO_PRIMARY) {
    EXPECT_EQ(detail.reason(), pb::REASON_PRIMARY_LOST);
    EXPECT_TRUE(detail.may_have_happened());
  }
  EXPECT_TRUE(detail.retryable());
  backend_.hold_proposals(false);
}

}  // namespace
}  // namespace starling::transport
