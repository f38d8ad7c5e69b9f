// See waiting_entries.h.
#include "qml-client/src/waiting_entries.h"

namespace starling_app {

void WaitingEntries::begin(const std::vector<starling::OutboxEntry>& held) {
  begun_ = true;
  for (const starling::OutboxEntry& entry : held) {
    if (!ended_.contains(entry.id)) entries_.emplace(entry.id, entry);
  }
  ended_.clear();
}

void WaitingEntries::apply(const starling::OutboxEntry& entry) {
  using starling::OutboxState;
  if (entry.state == OutboxState::kReplicated || entry.state == OutboxState::kCancelled) {
    entries_.erase(entry.id);
    if (!begun_) ended_.insert(entry.id);
  } else {
    entries_[entry.id] = entry;
  }
}

void WaitingEntries::reset() {
  entries_.clear();
  ended_.clear();
  begun_ = false;
}

std::vector<starling::OutboxEntry> WaitingEntries::all() const {
  std::vector<starling::OutboxEntry> all;
  all.reserve(entries_.size());
  for (const auto& [_, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace starling_app
