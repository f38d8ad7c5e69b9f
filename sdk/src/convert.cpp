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
  return out;
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
  return out;
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
  return out;
}

Cursor from_wire(const v1::Cursor& cursor) {
  return Cursor{cursor.epoch(), cursor.index(), cursor.ordinal(), cursor.cluster_id()};
}

Event from_wire(const v1::Event& event) {
  Event out;
  out.cursor = from_wire(event.cursor());
  switch (event.kind()) {
    case v1::EVENT_KIND_MESSAGE_DELETED:
      out.kind = EventKind::kMessageDeleted;
      break;
    case v1::EVENT_KIND_CONVERSATION_OPENED:
      out.kind = EventKind::kConversationOpened;
      break;
    case v1::EVENT_KIND_READ_MARK:
      out.kind = EventKind::kReadMark;
      break;
    case v1::EVENT_KIND_PEER_READ:
      out.kind = EventKind::kPeerRead;
      break;
    case v1::EVENT_KIND_ACCOUNT_DELETED:
      out.kind = EventKind::kAccountDeleted;
      break;
    default:
      out.kind = EventKind::kMessage;
      break;
  }
  out.conversation_id = event.conversation_id();
  if (event.has_message()) out.message = from_wire(event.message());
  out.seq = event.seq();
  if (event.has_conversation()) out.conversation = from_wire(event.conversation());
  return out;
}

void to_wire(const Cursor& cursor, v1::Cursor* wire) {
  wire->set_epoch(cursor.epoch);
  wire->set_index(cursor.index);
  wire->set_ordinal(cursor.ordinal);
  wire->set_cluster_id(cursor.cluster);
}

}  // namespace starling::sdk
