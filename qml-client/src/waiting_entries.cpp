// See waiting_entries.h.
#include "qml-client/src/waiting_entries.h"

#include <algorithm>

namespace starling_app {
namespace {

bool still_to_send(const starling::OutboxEntry& entry) {
  return entry.state == starling::OutboxState::kQueued ||
         entry.state == starling::OutboxState::kSent;
}

}  // namespace

void WaitingEntries::begin(const std::vector<starling::OutboxEntry>& held) {
  for (const starling::OutboxEntry& entry : held) add(entry);
}

void WaitingEntries::add(const starling::OutboxEntry& entry) {
  if (ended_.contains(entry.id)) return;
  if (!entries_.contains(entry.id)) put(entry);
  if (entry.state == starling::OutboxState::kCancelling) taken_back_.insert(entry.id);
}

bool WaitingEntries::take_back(qint64 id) {
  if (entries_.contains(id)) taken_back_.insert(id);
  const auto ended = ended_.find(id);
  return ended == ended_.end() || !ended->second;
}

void WaitingEntries::keep(qint64 id) {
  const starling::OutboxEntry* entry = get(id);
  if (entry == nullptr || entry->state == starling::OutboxState::kCancelling) return;
  taken_back_.erase(id);
}

bool WaitingEntries::apply(const starling::OutboxEntry& entry) {
  using starling::OutboxState;
  // Also what an earlier process took back.
  if (entry.state == OutboxState::kCancelling) taken_back_.insert(entry.id);
  if (entry.state == OutboxState::kReplicated || entry.state == OutboxState::kCancelled) {
    entries_.erase(entry.id);
    const auto ids = of_conversation_.find(entry.conversation_id);
    if (ids != of_conversation_.end()) {
      ids->second.erase(entry.id);
      if (ids->second.empty()) of_conversation_.erase(ids);
    }
    ended_[entry.id] = entry.state == OutboxState::kReplicated;
    if (ended_.size() > kMaxEnded) ended_.erase(ended_.begin());
    return taken_back_.erase(entry.id) > 0 && entry.state == OutboxState::kReplicated;
  }
  put(entry);
  return false;
}

void WaitingEntries::put(const starling::OutboxEntry& entry) {
  entries_[entry.id] = entry;
  of_conversation_[entry.conversation_id].insert(entry.id);
}

const starling::OutboxEntry* WaitingEntries::newest_of(qint64 conversation) const {
  const auto ids = of_conversation_.find(conversation);
  if (ids == of_conversation_.end()) return nullptr;
  for (auto id = ids->second.rbegin(); id != ids->second.rend(); ++id) {
    const starling::OutboxEntry& entry = entries_.at(*id);
    if (still_to_send(entry)) return &entry;
  }
  return nullptr;
}

std::set<qint64> WaitingEntries::conversations() const {
  std::set<qint64> found;
  for (const auto& [conversation, _] : of_conversation_) found.insert(conversation);
  return found;
}

void WaitingEntries::reset() {
  entries_.clear();
  of_conversation_.clear();
  ended_.clear();
  taken_back_.clear();
}

const starling::OutboxEntry* WaitingEntries::get(qint64 id) const {
  const auto at = entries_.find(id);
  return at == entries_.end() ? nullptr : &at->second;
}

int WaitingEntries::count() const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(),
                                        [](const auto& one) { return still_to_send(one.second); }));
}

std::vector<starling::OutboxEntry> WaitingEntries::all() const {
  std::vector<starling::OutboxEntry> all;
  all.reserve(entries_.size());
  for (const auto& [_, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace starling_app
