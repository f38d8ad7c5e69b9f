// From the wire's messages to the SDK's values.
#pragma once

#include "starling/types.h"
#include "starling/v1/chat.pb.h"
#include "starling/v1/cluster.pb.h"

namespace starling::sdk {

Role from_wire(v1::Role role);
ServerList from_wire(const v1::ServerList& list);
Account from_wire(const v1::Account& account);
Message from_wire(const v1::Message& message);
Conversation from_wire(const v1::Conversation& conversation);
Cursor from_wire(const v1::Cursor& cursor);
Event from_wire(const v1::Event& event);
void to_wire(const Cursor& cursor, v1::Cursor* wire);

}  // namespace starling::sdk
