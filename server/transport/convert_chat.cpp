// Implements server/transport/convert.h: the chat's types.
#include <algorithm>

#include "server/transport/convert.h"

namespace starling::transport {

void to_wire(const chat::Account& account, pb::Account& out) {
  out.set_id(account.id);
  out.set_name(account.name);
  out.set_display_name(account.display_name);
  out.set_created_at_ms(account.created_at_ms);
  out.set_deleted(account.deleted);
}

pb::MemberRole to_wire(chat::MemberRole role) {
  switch (role) {
    case chat::MemberRole::kMember:
      return pb::MEMBER_ROLE_MEMBER;
    case chat::MemberRole::kAdmin:
      return pb::MEMBER_ROLE_ADMIN;
    case chat::MemberRole::kOwner:
      return pb::MEMBER_ROLE_OWNER;
  }
  return pb::MEMBER_ROLE_UNSPECIFIED;
}

void to_wire(const chat::Member& member, pb::Member& out) {
  to_wire(member.account, *out.mutable_account());
  out.set_role(to_wire(member.role));
  out.set_joined_at_ms(member.joined_at_ms);
  out.set_read_seq(member.read_seq);
  out.set_delivered_seq(member.delivered_seq);
}

void to_wire(const chat::Conversation& conversation, pb::Conversation& out) {
  const bool group = conversation.kind == chat::ConversationKind::kGroup;
  out.set_id(conversation.id);
  out.set_kind(group ? pb::CONVERSATION_KIND_GROUP : pb::CONVERSATION_KIND_DIRECT);
  out.set_title(conversation.title);
  out.set_first_seq(conversation.first_seq);
  out.set_last_seq(conversation.last_seq);
  out.set_read_seq(conversation.read_seq);
  out.set_unread_count(conversation.unread);
  out.set_mention_count(conversation.mentions);
  out.set_peer_id(conversation.peer);
  out.set_peer_read_seq(conversation.peer_read_seq);
  out.set_peer_delivered_seq(conversation.peer_delivered_seq);
  out.set_role(to_wire(conversation.role));
  out.set_member_count(conversation.member_count);
  const chat::Draft& draft = conversation.draft;
  if (draft.body.empty() && draft.reply_to == 0) return;
  out.mutable_draft()->set_body(draft.body);
  out.mutable_draft()->set_reply_to(draft.reply_to);
  out.mutable_draft()->set_updated_at_ms(draft.updated_at_ms);
}

void to_wire(const chat::Message& message, chat::AccountId viewer, pb::Message& out) {
  out.set_id(message.id);
  out.set_conversation_id(message.conversation);
  out.set_seq(message.seq);
  out.set_sender_id(message.sender);
  out.set_sender(message.sender_name);
  if (!message.deleted) out.set_body(message.body);
  out.set_sent_at_ms(message.sent_at_ms);
  out.set_deleted(message.deleted);
  out.set_kind(static_cast<pb::MessageKind>(message.kind));
  out.set_reply_to(message.reply_to);
  out.set_edits(message.edits);
  out.set_edited_at_ms(message.edited_at_ms);
  out.set_hidden(message.hidden);
  out.set_mentions_me(message.mentions_me);
  for (const chat::ReactionCount& reaction : message.reactions) {
    pb::Reaction& to = *out.add_reactions();
    to.set_emoji(reaction.emoji);
    to.set_count(reaction.count);
    to.set_mine(reaction.mine);
  }
  if (message.sender == viewer && message.kind == chat::MessageKind::kText) {
    out.set_request_id(to_bytes(message.request_id));
  }
}

void to_wire(const History& history, const chat::Position& position, pb::Cursor& out) {
  out.set_cluster_id(history.cluster);
  out.set_epoch(history.epoch);
  out.set_index(position.index);
  out.set_ordinal(position.ordinal);
}

namespace {

// READ_MARK is the viewer's own; of another member it is PEER_READ.
pb::EventKind kind_to_wire(const chat::Event& event, chat::AccountId viewer) {
  switch (event.kind) {
    case chat::EventKind::kMessage:
      return pb::EVENT_KIND_MESSAGE;
    case chat::EventKind::kMessageDeleted:
      return pb::EVENT_KIND_MESSAGE_DELETED;
    case chat::EventKind::kConversationOpened:
      return pb::EVENT_KIND_CONVERSATION_OPENED;
    case chat::EventKind::kReadMark:
      return event.subject == viewer ? pb::EVENT_KIND_READ_MARK : pb::EVENT_KIND_PEER_READ;
    case chat::EventKind::kAccountDeleted:
      return pb::EVENT_KIND_ACCOUNT_DELETED;
    case chat::EventKind::kMessageEdited:
      return pb::EVENT_KIND_MESSAGE_EDITED;
    case chat::EventKind::kReaction:
      return pb::EVENT_KIND_REACTION;
    case chat::EventKind::kDelivered:
      return pb::EVENT_KIND_DELIVERED;
    case chat::EventKind::kDraft:
      return pb::EVENT_KIND_DRAFT;
    case chat::EventKind::kHidden:
      return pb::EVENT_KIND_HIDDEN;
    case chat::EventKind::kProfile:
      return pb::EVENT_KIND_PROFILE;
    case chat::EventKind::kBlock:
      return pb::EVENT_KIND_BLOCK;
  }
  return pb::EVENT_KIND_UNSPECIFIED;
}

}  // namespace

void to_wire(const chat::Event& event, const History& history, chat::AccountId viewer,
             pb::Event& out) {
  to_wire(history, event.position, *out.mutable_cursor());
  out.set_kind(kind_to_wire(event, viewer));
  out.set_conversation_id(event.conversation);
  if (event.message.id != 0) to_wire(event.message, viewer, *out.mutable_message());
  out.set_seq(event.message.id != 0 ? event.message.seq : event.seq);
  out.set_account_id(event.subject);
  out.set_text(event.text);
  out.set_on(event.on);
}

bool from_wire(const std::string& bytes, chat::RequestId& out) {
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

std::string to_bytes(const chat::RequestId& id) { return std::string(id.begin(), id.end()); }

}  // namespace starling::transport
