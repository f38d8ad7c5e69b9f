// Between the types of core, chat and the seam, and the messages on the wire.
#pragma once

#include "server/chat/events.h"
#include "server/core/messages.h"
#include "server/presence/presence_table.h"
#include "server/transport/backend.h"
#include "server/transport/history.h"
#include "server/transport/wire.h"

namespace starling::transport {

void to_wire(const core::Message& message, pb::PeerMessage& out);
// False when the body is missing or an entry's kind is unknown.
bool from_wire(const pb::PeerMessage& message, core::Message& out);

void to_wire(const core::Entry& entry, pb::LogEntry& out);
bool from_wire(const pb::LogEntry& entry, core::Entry& out);

void to_wire(const ServerList& list, pb::ServerList& out);
ServerList from_wire(const pb::ServerList& list);
pb::Role to_wire(ServerRole role);

// Without what it says about itself, which is for those who ask for that account alone.
void to_wire(const chat::Account& account, pb::Account& out);
pb::MemberRole to_wire(chat::MemberRole role);
void to_wire(const chat::Member& member, pb::Member& out);
void to_wire(const chat::Conversation& conversation, pb::Conversation& out);
// The request id is shown to the sender only.
void to_wire(const chat::Message& message, chat::AccountId viewer, pb::Message& out);
void to_wire(const chat::Event& event, const History& history, chat::AccountId viewer,
             pb::Event& out);
void to_wire(const History& history, const chat::Position& position, pb::Cursor& out);

pb::PresenceState to_wire(presence::State state);
void to_wire(const presence::Entry& entry, pb::PresenceInfo& out);
void to_wire(const presence::News& news, pb::PresenceNews& out);
void to_wire(const presence::SeenPage& page, pb::PresenceNews& out);
void from_wire(const pb::PresenceNews& wire, presence::News& news, presence::SeenPage& seen);

// False unless it has 16 bytes.
bool from_wire(const std::string& bytes, chat::RequestId& out);
std::string to_bytes(const chat::RequestId& id);

}  // namespace starling::transport
