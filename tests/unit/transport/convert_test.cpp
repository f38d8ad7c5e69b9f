// What an event says on the wire: each kind has the number of the message that it is about.
#include <gtest/gtest.h>

#include "server/transport/convert.h"

namespace starling::transport {
namespace {

namespace pb = ::starling::v1;
using chat::EventKind;

pb::Event wire_of(const chat::Event& event) {
  pb::Event wire;
  to_wire(event, History{}, /*viewer=*/1, wire);
  return wire;
}

// Whether it is read from the store or told live, the chat layer gives the message alone.
TEST(Convert, AnEventWithAMessageHasItsNumber) {
  for (const EventKind kind :
       {EventKind::kMessage, EventKind::kMessageEdited, EventKind::kMessageDeleted}) {
    chat::Event event;
    event.kind = kind;
    event.message.id = 100;
    event.message.seq = 7;
    event.message.deleted = kind == EventKind::kMessageDeleted;
    const pb::Event wire = wire_of(event);
    EXPECT_EQ(wire.seq(), 7) << static_cast<int>(kind);
    EXPECT_EQ(wire.message().deleted(), event.message.deleted);
  }
}

TEST(Convert, AnEventWithoutAMessageHasWhatItTells) {
  for (const EventKind kind :
       {EventKind::kReadMark, EventKind::kReaction, EventKind::kDelivered, EventKind::kHidden}) {
    chat::Event event;
    event.kind = kind;
    event.seq = 8;
    const pb::Event wire = wire_of(event);
    EXPECT_EQ(wire.seq(), 8) << static_cast<int>(kind);
    EXPECT_FALSE(wire.has_message());
  }
}

}  // namespace
}  // namespace starling::transport
