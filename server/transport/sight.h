// Which of the events that were applied change who may see how whom is.
#pragma once

#include <cstdint>
#include <vector>

#include "server/chat/events.h"

namespace starling::transport {

// Each of `viewers` may see each of `seen` now, or no longer. Neither is null; both ascend.
struct SightChange {
  chat::Audience viewers;
  chat::Audience seen;
  chat::ConversationId left = 0;  // The viewers are in it no more.
  std::uint64_t number = 0;       // At the hub: one more with each batch.
};

// `events`: of one batch, whole commands. What happens to a group without anybody coming or going
// (another title, another role) changes nothing.
std::vector<SightChange> sight_changes(const std::vector<chat::Event>& events);

}  // namespace starling::transport
