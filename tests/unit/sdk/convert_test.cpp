// From the wire to the SDK's values: every field, and what a newer server may send.
#include "sdk/src/convert.h"

#include <gtest/gtest.h>

namespace starling::sdk {
namespace {

template <typename Enum>
Enum unknown() {
  return static_cast<Enum>(1'000);
}

v1::Account some_account(std::int64_t id) {
  v1::Account wire;
  wire.set_id(id);
  wire.set_name("ada");
  wire.set_display_name("Ada");
  wire.set_created_at_ms(11);
  wire.set_deleted(true);
  wire.set_about("counts");
  return wire;
}

void expect_some_account(const Account& account, std::int64_t id) {
  EXPECT_EQ(account.id, id);
  EXPECT_EQ(account.name, "ada");
  EXPECT_EQ(account.display_name, "Ada");
  EXPECT_EQ(account.created_at_ms, 11);
  EXPECT_TRUE(account.deleted);
  EXPECT_EQ(account.about, "counts");
}

TEST(Convert, Account) { expect_some_account(from_wire(some_account(7)), 7); }

TEST(Convert, SessionInfo) {
  v1::SessionInfo wire;
  wire.set_id(3);
  wire.set_device("laptop");
  wire.set_created_at_ms(4);
  wire.set_expires_at_ms(5);
  wire.set_current(true);
  const SessionInfo session = from_wire(wire);
  EXPECT_EQ(session.id, 3);
  EXPECT_EQ(session.device, "laptop");
  EXPECT_EQ(session.created_at_ms, 4);
  EXPECT_EQ(session.expires_at_ms, 5);
  EXPECT_TRUE(session.current);
}

TEST(Convert, Message) {
  v1::Message wire;
  wire.set_id(1);
  wire.set_conversation_id(2);
  wire.set_seq(3);
  wire.set_sender_id(4);
  wire.set_sender("ada");
  wire.set_body("look, @bob");
  wire.set_sent_at_ms(5);
  wire.set_deleted(true);
  wire.set_request_id("0123456789abcdef");
  wire.set_kind(v1::MESSAGE_KIND_GROUP_RENAMED);
  wire.set_reply_to(2);
  wire.set_edits(6);
  wire.set_edited_at_ms(7);
  wire.set_hidden(true);
  wire.set_mentions_me(true);
  for (const char* emoji : {"🐦", "👍"}) {
    v1::Reaction* reaction = wire.add_reactions();
    reaction->set_emoji(emoji);
    reaction->set_count(wire.reactions_size());
    reaction->set_mine(wire.reactions_size() == 2);
  }
  const Message message = from_wire(wire);
  EXPECT_EQ(message.id, 1);
  EXPECT_EQ(message.conversation_id, 2);
  EXPECT_EQ(message.seq, 3);
  EXPECT_EQ(message.sender_id, 4);
  EXPECT_EQ(message.sender, "ada");
  EXPECT_EQ(message.body, "look, @bob");
  EXPECT_EQ(message.sent_at_ms, 5);
  EXPECT_TRUE(message.deleted);
  EXPECT_EQ(message.request_id, "0123456789abcdef");
  EXPECT_EQ(message.kind, MessageKind::kGroupRenamed);
  EXPECT_EQ(message.reply_to, 2);
  EXPECT_EQ(message.edits, 6);
  EXPECT_EQ(message.edited_at_ms, 7);
  EXPECT_TRUE(message.hidden);
  EXPECT_TRUE(message.mentions_me);
  ASSERT_EQ(message.reactions.size(), 2U);
  EXPECT_EQ(message.reactions[0].emoji, "🐦");
  EXPECT_EQ(message.reactions[0].count, 1);
  EXPECT_FALSE(message.reactions[0].mine);
  EXPECT_EQ(message.reactions[1].emoji, "👍");
  EXPECT_EQ(message.reactions[1].count, 2);
  EXPECT_TRUE(message.reactions[1].mine);
}

TEST(Convert, Conversation) {
  v1::Conversation wire;
  wire.set_id(1);
  wire.set_title("birds");
  wire.set_last_seq(2);
  wire.set_read_seq(3);
  wire.set_unread_count(4);
  wire.set_peer_id(5);
  wire.set_peer_read_seq(6);
  wire.set_kind(v1::CONVERSATION_KIND_GROUP);
  wire.set_peer_delivered_seq(7);
  wire.set_role(v1::MEMBER_ROLE_ADMIN);
  wire.set_member_count(8);
  wire.set_first_seq(9);
  wire.set_mention_count(10);
  wire.mutable_draft()->set_body("half a");
  wire.mutable_draft()->set_reply_to(11);
  wire.mutable_draft()->set_updated_at_ms(12);
  const Conversation conversation = from_wire(wire);
  EXPECT_EQ(conversation.id, 1);
  EXPECT_EQ(conversation.title, "birds");
  EXPECT_EQ(conversation.last_seq, 2);
  EXPECT_EQ(conversation.read_seq, 3);
  EXPECT_EQ(conversation.unread_count, 4);
  EXPECT_EQ(conversation.peer_id, 5);
  EXPECT_EQ(conversation.peer_read_seq, 6);
  EXPECT_EQ(conversation.kind, ConversationKind::kGroup);
  EXPECT_EQ(conversation.peer_delivered_seq, 7);
  EXPECT_EQ(conversation.role, MemberRole::kAdmin);
  EXPECT_EQ(conversation.member_count, 8);
  EXPECT_EQ(conversation.first_seq, 9);
  EXPECT_EQ(conversation.mention_count, 10);
  EXPECT_EQ(conversation.draft.body, "half a");
  EXPECT_EQ(conversation.draft.reply_to, 11);
  EXPECT_EQ(conversation.draft.updated_at_ms, 12);
  wire.clear_draft();
  EXPECT_TRUE(from_wire(wire).draft.body.empty());
}

TEST(Convert, MemberAndEdit) {
  v1::Member wire;
  *wire.mutable_account() = some_account(9);
  wire.set_role(v1::MEMBER_ROLE_OWNER);
  wire.set_joined_at_ms(1);
  wire.set_read_seq(2);
  wire.set_delivered_seq(3);
  const Member member = from_wire(wire);
  expect_some_account(member.account, 9);
  EXPECT_EQ(member.role, MemberRole::kOwner);
  EXPECT_EQ(member.joined_at_ms, 1);
  EXPECT_EQ(member.read_seq, 2);
  EXPECT_EQ(member.delivered_seq, 3);
  v1::Edit edit;
  edit.set_body("before");
  edit.set_at_ms(4);
  EXPECT_EQ(from_wire(edit).body, "before");
  EXPECT_EQ(from_wire(edit).at_ms, 4);
}

// Also of a server that names the message alone.
TEST(Convert, AnEventHasTheNumberOfItsMessage) {
  v1::Event wire;
  wire.set_kind(v1::EVENT_KIND_MESSAGE_DELETED);
  wire.mutable_message()->set_seq(7);
  wire.mutable_message()->set_deleted(true);
  EXPECT_EQ(from_wire(wire).seq, 7);
}

TEST(Convert, Event) {
  v1::Event wire;
  wire.mutable_cursor()->set_index(5);
  wire.set_kind(v1::EVENT_KIND_REACTION);
  wire.set_conversation_id(1);
  wire.mutable_message()->set_body("body");
  wire.set_seq(2);
  wire.mutable_conversation()->set_title("birds");
  wire.set_account_id(3);
  wire.set_text("🐦");
  wire.set_on(true);
  const Event event = from_wire(wire);
  EXPECT_EQ(event.cursor.index, 5U);
  EXPECT_EQ(event.kind, EventKind::kReaction);
  EXPECT_EQ(event.conversation_id, 1);
  EXPECT_EQ(event.message.body, "body");
  EXPECT_EQ(event.seq, 2);
  EXPECT_EQ(event.conversation.title, "birds");
  EXPECT_EQ(event.account_id, 3);
  EXPECT_EQ(event.text, "🐦");
  EXPECT_TRUE(event.on);
}

// The enumerators of both sides stand in the same order; kOther is behind the last of them.
TEST(Convert, EveryEnumerator) {
  for (int i = 0; i < static_cast<int>(MessageKind::kOther); ++i) {
    ASSERT_TRUE(v1::MessageKind_IsValid(i));
    EXPECT_EQ(from_wire(static_cast<v1::MessageKind>(i)), static_cast<MessageKind>(i));
  }
  EXPECT_EQ(v1::MessageKind_ARRAYSIZE, static_cast<int>(MessageKind::kOther));
  for (int i = 0; i < static_cast<int>(EventKind::kOther); ++i) {
    ASSERT_TRUE(v1::EventKind_IsValid(i + 1));
    EXPECT_EQ(from_wire(static_cast<v1::EventKind>(i + 1)), static_cast<EventKind>(i)) << i;
  }
  EXPECT_EQ(v1::EventKind_ARRAYSIZE, static_cast<int>(EventKind::kOther) + 1);
  for (const MemberRole role : {MemberRole::kMember, MemberRole::kAdmin, MemberRole::kOwner}) {
    EXPECT_EQ(from_wire(to_wire(role)), role);
    EXPECT_EQ(to_wire(role), static_cast<int>(role) + 1);
  }
  EXPECT_EQ(from_wire(v1::CONVERSATION_KIND_DIRECT), ConversationKind::kDirect);
  EXPECT_EQ(from_wire(v1::CONVERSATION_KIND_GROUP), ConversationKind::kGroup);
}

TEST(Convert, WhatANewerServerSaysIsTakenForNothingElse) {
  EXPECT_EQ(from_wire(unknown<v1::MessageKind>()), MessageKind::kOther);
  EXPECT_EQ(from_wire(unknown<v1::EventKind>()), EventKind::kOther);
  EXPECT_EQ(from_wire(v1::EVENT_KIND_UNSPECIFIED), EventKind::kOther);
  EXPECT_EQ(from_wire(unknown<v1::MemberRole>()), MemberRole::kMember);
  EXPECT_EQ(from_wire(v1::MEMBER_ROLE_UNSPECIFIED), MemberRole::kMember);
  EXPECT_EQ(from_wire(unknown<v1::ConversationKind>()), ConversationKind::kGroup);
  // An older one says nothing of all this.
  EXPECT_EQ(from_wire(v1::CONVERSATION_KIND_UNSPECIFIED), ConversationKind::kDirect);
  EXPECT_EQ(from_wire(v1::Message()).kind, MessageKind::kText);
}

}  // namespace
}  // namespace starling::sdk
