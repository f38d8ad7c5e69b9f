// Implements server/transport/convert.h: the seam's and the chat's types.
#include "server/transport/convert.h"

#include <algorithm>

namespace starling::transport {

pb::Role to_wire(ServerRole role) {
  switch (role) {
    case ServerRole::kNone:
      return pb::ROLE_NONE;
    case ServerRole::kPrimary:
      return pb::ROLE_PRIMARY;
    case ServerRole::kBackup:
      return pb::ROLE_BACKUP;
    case ServerRole::kLearner:
      return pb::ROLE_LEARNER;
  }
  return pb::ROLE_NONE;
}

namespace {

ServerRole role_from_wire(pb::Role role) {
  switch (role) {
    case pb::ROLE_PRIMARY:
      return ServerRole::kPrimary;
    case pb::ROLE_BACKUP:
      return ServerRole::kBackup;
    case pb::ROLE_LEARNER:
      return ServerRole::kLearner;
    default:
      return ServerRole::kNone;
  }
}

pb::ServerState to_wire(ServerHealth health) {
  switch (health) {
    case ServerHealth::kUp:
      return pb::SERVER_STATE_UP;
    case ServerHealth::kSuspect:
      return pb::SERVER_STATE_SUSPECT;
    case ServerHealth::kDown:
      return pb::SERVER_STATE_DOWN;
  }
  return pb::SERVER_STATE_UNSPECIFIED;
}

ServerHealth health_from_wire(pb::ServerState state) {
  switch (state) {
    case pb::SERVER_STATE_SUSPECT:
      return ServerHealth::kSuspect;
    case pb::SERVER_STATE_DOWN:
      return ServerHealth::kDown;
    default:
      return ServerHealth::kUp;
  }
}

}  // namespace

void to_wire(const ServerList& list, pb::ServerList& out) {
  out.set_cluster_id(list.cluster);
  out.set_epoch(list.epoch);
  out.set_term(list.term);
  out.set_version(list.version);
  out.set_primary_id(list.primary);
  for (const ListedServer& server : list.servers) {
    pb::Server& to = *out.add_servers();
    to.set_id(server.id);
    to.set_address(server.address);
    to.set_role(to_wire(server.role));
    to.set_state(to_wire(server.health));
    to.set_voter(server.voter);
  }
}

ServerList from_wire(const pb::ServerList& list) {
  ServerList out;
  out.cluster = list.cluster_id();
  out.epoch = list.epoch();
  out.term = list.term();
  out.version = list.version();
  out.primary = list.primary_id();
  for (const pb::Server& server : list.servers()) {
    out.servers.push_back({server.id(), server.address(), role_from_wire(server.role()),
                           health_from_wire(server.state()), server.voter()});
  }
  return out;
}

void to_wire(const chat::Account& account, pb::Account& out) {
  out.set_id(account.id);
  out.set_name(account.name);
  out.set_display_name(account.display_name);
  out.set_created_at_ms(account.created_at_ms);
  out.set_deleted(account.deleted);
}

void to_wire(const chat::Conversation& conversation, pb::Conversation& out) {
  out.set_id(conversation.id);
  out.set_title(conversation.title);
  out.set_last_seq(conversation.last_seq);
  out.set_read_seq(conversation.read_seq);
  out.set_unread_count(conversation.unread);
  out.set_peer_id(conversation.peer);
  out.set_peer_read_seq(conversation.peer_read_seq);
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
  if (message.sender == viewer) out.set_request_id(to_bytes(message.request_id));
}

void to_wire(const History& history, const chat::Position& position, pb::Cursor& out) {
  out.set_cluster_id(history.cluster);
  out.set_epoch(history.epoch);
  out.set_index(position.index);
  out.set_ordinal(position.ordinal);
}

void to_wire(const chat::Event& event, const History& history, chat::AccountId viewer,
             pb::Event& out) {
  to_wire(history, event.position, *out.mutable_cursor());
  out.set_conversation_id(event.conversation);
  switch (event.kind) {
    case chat::EventKind::kMessage:
      out.set_kind(pb::EVENT_KIND_MESSAGE);
      to_wire(event.message, viewer, *out.mutable_message());
      return;
    case chat::EventKind::kMessageDeleted:
      out.set_kind(pb::EVENT_KIND_MESSAGE_DELETED);
      to_wire(event.message, viewer, *out.mutable_message());
      return;
    case chat::EventKind::kConversationOpened:
      out.set_kind(pb::EVENT_KIND_CONVERSATION_OPENED);
      return;
    case chat::EventKind::kReadMark:
      out.set_kind(event.subject == viewer ? pb::EVENT_KIND_READ_MARK : pb::EVENT_KIND_PEER_READ);
      out.set_seq(event.seq);
      return;
    case chat::EventKind::kAccountDeleted:
      out.set_kind(pb::EVENT_KIND_ACCOUNT_DELETED);
      return;
  }
}

bool from_wire(const std::string& bytes, chat::RequestId& out) {
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

std::string to_bytes(const chat::RequestId& id) { return std::string(id.begin(), id.end()); }

}  // namespace starling::transport
