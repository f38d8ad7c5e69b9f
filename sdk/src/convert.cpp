// From the wire's messages to the SDK's values.
#include "sdk/src/convert.h"

namespace starling::sdk {

Role from_wire(v1::Role role) {
  switch (role) {
    case v1::ROLE_PRIMARY:
      return Role::kPrimary;
    case v1::ROLE_BACKUP:
      return Role::kBackup;
    case v1::ROLE_LEARNER:
      return Role::kLearner;
    default:
      return Role::kNone;
  }
}

ServerList from_wire(const v1::ServerList& list) {
  ServerList out;
  out.cluster_id = list.cluster_id();
  out.epoch = list.epoch();
  out.term = list.term();
  out.version = list.version();
  out.primary_id = list.primary_id();
  out.servers.reserve(static_cast<std::size_t>(list.servers_size()));
  for (const v1::Server& server : list.servers()) {
    Server one;
    one.id = server.id();
    one.address = server.address();
    one.role = from_wire(server.role());
    one.voter = server.voter();
    one.state = server.state() == v1::SERVER_STATE_DOWN      ? ServerState::kDown
                : server.state() == v1::SERVER_STATE_SUSPECT ? ServerState::kSuspect
                                                             : ServerState::kUp;
    out.servers.push_back(std::move(one));
  }
  return out;
}

Account from_wire(const v1::Account& account) {
  Account out;
  out.id = account.id();
  out.name = account.name();
  out.display_name = account.display_name();
  out.created_at_ms = account.created_at_ms();
  out.deleted = account.deleted();
  out.about = account.about();
  return out;
}

SessionInfo from_wire(const v1::SessionInfo& session) {
  SessionInfo out;
  out.id = session.id();
  out.device = session.device();
  out.created_at_ms = session.created_at_ms();
  out.expires_at_ms = session.expires_at_ms();
  out.current = session.current();
  return out;
}

MessageKind from_wire(v1::MessageKind kind) {
  switch (kind) {
    case v1::MESSAGE_KIND_TEXT:
      return MessageKind::kText;
    case v1::MESSAGE_KIND_GROUP_CREATED:
      return MessageKind::kGroupCreated;
    case v1::MESSAGE_KIND_GROUP_RENAMED:
      return MessageKind::kGroupRenamed;
    case v1::MESSAGE_KIND_MEMBERS_ADDED:
      return MessageKind::kMembersAdded;
    case v1::MESSAGE_KIND_MEMBER_REMOVED:
      return MessageKind::kMemberRemoved;
    case v1::MESSAGE_KIND_MEMBER_LEFT:
      return MessageKind::kMemberLeft;
    case v1::MESSAGE_KIND_OWNER_CHANGED:
      return MessageKind::kOwnerChanged;
    case v1::MESSAGE_KIND_ADMIN_ADDED:
      return MessageKind::kAdminAdded;
    case v1::MESSAGE_KIND_ADMIN_REMOVED:
      return MessageKind::kAdminRemoved;
    case v1::MESSAGE_KIND_GROUP_DISSOLVED:
      return MessageKind::kGroupDissolved;
    default:
      return MessageKind::kOther;
  }
}

ConversationKind from_wire(v1::ConversationKind kind) {
  switch (kind) {
    case v1::CONVERSATION_KIND_UNSPECIFIED:  // Of a server that knows no groups.
    case v1::CONVERSATION_KIND_DIRECT:
      return ConversationKind::kDirect;
    default:
      return ConversationKind::kGroup;
  }
}

MemberRole from_wire(v1::MemberRole role) {
  switch (role) {
    case v1::MEMBER_ROLE_ADMIN:
      return MemberRole::kAdmin;
    case v1::MEMBER_ROLE_OWNER:
      return MemberRole::kOwner;
    default:
      return MemberRole::kMember;
  }
}

v1::MemberRole to_wire(MemberRole role) {
  switch (role) {
    case MemberRole::kMember:
      return v1::MEMBER_ROLE_MEMBER;
    case MemberRole::kAdmin:
      return v1::MEMBER_ROLE_ADMIN;
    case MemberRole::kOwner:
      return v1::MEMBER_ROLE_OWNER;
  }
  return v1::MEMBER_ROLE_UNSPECIFIED;
}

Reaction from_wire(const v1::Reaction& reaction) {
  return Reaction{reaction.emoji(), reaction.count(), reaction.mine()};
}

Message from_wire(const v1::Message& message) {
  Message out;
  out.id = message.id();
  out.conversation_id = message.conversation_id();
  out.seq = message.seq();
  out.sender_id = message.sender_id();
  out.sender = message.sender();
  out.body = message.body();
  out.sent_at_ms = message.sent_at_ms();
  out.deleted = message.deleted();
  out.request_id = message.request_id();
  out.kind = from_wire(message.kind());
  out.reply_to = message.reply_to();
  out.edits = message.edits();
  out.edited_at_ms = message.edited_at_ms();
  out.hidden = message.hidden();
  out.mentions_me = message.mentions_me();
  out.reactions = list_from_wire<Reaction>(message.reactions());
  return out;
}

Edit from_wire(const v1::Edit& edit) { return Edit{edit.body(), edit.at_ms()}; }

SearchHit from_wire(const v1::SearchHit& hit) {
  SearchHit out;
  out.message = from_wire(hit.message());
  for (const v1::TextRange& range : hit.ranges()) {
    out.ranges.push_back({range.begin(), range.end()});
  }
  return out;
}

Draft from_wire(const v1::Draft& draft) {
  return Draft{draft.body(), draft.reply_to(), draft.updated_at_ms()};
}

Conversation from_wire(const v1::Conversation& conversation) {
  Conversation out;
  out.id = conversation.id();
  out.title = conversation.title();
  out.last_seq = conversation.last_seq();
  out.read_seq = conversation.read_seq();
  out.unread_count = conversation.unread_count();
  out.peer_id = conversation.peer_id();
  out.peer_read_seq = conversation.peer_read_seq();
  out.kind = from_wire(conversation.kind());
  out.peer_delivered_seq = conversation.peer_delivered_seq();
  out.role = from_wire(conversation.role());
  out.member_count = conversation.member_count();
  out.first_seq = conversation.first_seq();
  out.mention_count = conversation.mention_count();
  if (conversation.has_draft()) out.draft = from_wire(conversation.draft());
  return out;
}

Member from_wire(const v1::Member& member) {
  Member out;
  out.account = from_wire(member.account());
  out.role = from_wire(member.role());
  out.joined_at_ms = member.joined_at_ms();
  out.read_seq = member.read_seq();
  out.delivered_seq = member.delivered_seq();
  return out;
}

Cursor from_wire(const v1::Cursor& cursor) {
  return Cursor{cursor.epoch(), cursor.index(), cursor.ordinal(), cursor.cluster_id()};
}

EventKind from_wire(v1::EventKind kind) {
  switch (kind) {
    case v1::EVENT_KIND_MESSAGE:
      return EventKind::kMessage;
    case v1::EVENT_KIND_MESSAGE_DELETED:
      return EventKind::kMessageDeleted;
    case v1::EVENT_KIND_CONVERSATION_OPENED:
      return EventKind::kConversationOpened;
    case v1::EVENT_KIND_READ_MARK:
      return EventKind::kReadMark;
    case v1::EVENT_KIND_ACCOUNT_DELETED:
      return EventKind::kAccountDeleted;
    case v1::EVENT_KIND_PEER_READ:
      return EventKind::kPeerRead;
    case v1::EVENT_KIND_MESSAGE_EDITED:
      return EventKind::kMessageEdited;
    case v1::EVENT_KIND_REACTION:
      return EventKind::kReaction;
    case v1::EVENT_KIND_DELIVERED:
      return EventKind::kDelivered;
    case v1::EVENT_KIND_DRAFT:
      return EventKind::kDraft;
    case v1::EVENT_KIND_HIDDEN:
      return EventKind::kHidden;
    case v1::EVENT_KIND_PROFILE:
      return EventKind::kProfile;
    case v1::EVENT_KIND_BLOCK:
      return EventKind::kBlock;
    default:
      return EventKind::kOther;
  }
}

Event from_wire(const v1::Event& event) {
  Event out;
  out.cursor = from_wire(event.cursor());
  out.kind = from_wire(event.kind());
  out.conversation_id = event.conversation_id();
  if (event.has_message()) out.message = from_wire(event.message());
  out.seq = event.seq() != 0 ? event.seq() : event.message().seq();
  if (event.has_conversation()) out.conversation = from_wire(event.conversation());
  out.account_id = event.account_id();
  out.text = event.text();
  out.on = event.on();
  return out;
}

void to_wire(const Cursor& cursor, v1::Cursor* wire) {
  wire->set_epoch(cursor.epoch);
  wire->set_index(cursor.index);
  wire->set_ordinal(cursor.ordinal);
  wire->set_cluster_id(cursor.cluster);
}

}  // namespace starling::sdk
