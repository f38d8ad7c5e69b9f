// From the wire's messages to the SDK's values.
#pragma once

#include <cstddef>
#include <vector>

#include "starling/types.h"
#include "starling/v1/chat.pb.h"
#include "starling/v1/cluster.pb.h"

namespace starling::sdk {

Role from_wire(v1::Role role);
ServerList from_wire(const v1::ServerList& list);
Account from_wire(const v1::Account& account);
SessionInfo from_wire(const v1::SessionInfo& session);
// An enumerator that this version does not know becomes the one that promises least.
MessageKind from_wire(v1::MessageKind kind);
ConversationKind from_wire(v1::ConversationKind kind);
MemberRole from_wire(v1::MemberRole role);
EventKind from_wire(v1::EventKind kind);
Reaction from_wire(const v1::Reaction& reaction);
Message from_wire(const v1::Message& message);
Edit from_wire(const v1::Edit& edit);
SearchHit from_wire(const v1::SearchHit& hit);
Draft from_wire(const v1::Draft& draft);
Conversation from_wire(const v1::Conversation& conversation);
Member from_wire(const v1::Member& member);
Cursor from_wire(const v1::Cursor& cursor);
Event from_wire(const v1::Event& event);
void to_wire(const Cursor& cursor, v1::Cursor* wire);
v1::MemberRole to_wire(MemberRole role);

template <typename T, typename Wire>
std::vector<T> list_from_wire(const Wire& items) {
  std::vector<T> all;
  all.reserve(static_cast<std::size_t>(items.size()));
  for (const auto& item : items) all.push_back(from_wire(item));
  return all;
}

}  // namespace starling::sdk
