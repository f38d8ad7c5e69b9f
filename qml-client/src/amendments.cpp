// See amendments.h.
#include "qml-client/src/amendments.h"

namespace starling_app {

void Amendments::Places::add(const Place& place) {
  if (!all.insert(place).second) return;
  order.push_back(place);
  if (order.size() <= kMax) return;
  all.erase(order.front());
  order.pop_front();
}

void Amendments::add_deleted(qint64 conversation, qint64 seq) { deleted_.add({conversation, seq}); }

void Amendments::add_hidden(qint64 conversation, qint64 seq) { hidden_.add({conversation, seq}); }

void Amendments::add_edited(const starling::Message& message) {
  const Place place{message.conversation_id, message.seq};
  const auto [at, fresh] = edited_.try_emplace(place, message);
  if (!fresh) return take_edit(at->second, message);
  edited_order_.push_back(place);
  if (edited_order_.size() <= kMaxEdits) return;
  edited_.erase(edited_order_.front());
  edited_order_.pop_front();
}

starling::Message Amendments::heed(starling::Message message) const {
  const Place place{message.conversation_id, message.seq};
  const auto edited = edited_.find(place);
  if (edited != edited_.end()) take_edit(message, edited->second);
  if (deleted_.all.contains(place)) message.deleted = true;
  if (hidden_.all.contains(place)) message.hidden = true;
  if (message.deleted || message.hidden) message.body.clear();
  return message;
}

bool Amendments::gone(qint64 conversation, qint64 seq) const {
  const Place place{conversation, seq};
  return deleted_.all.contains(place) || hidden_.all.contains(place);
}

void Amendments::reset() {
  deleted_ = {};
  hidden_ = {};
  edited_.clear();
  edited_order_.clear();
}

void take_edit(starling::Message& message, const starling::Message& edited) {
  if (edited.edits <= message.edits) return;
  message.body = edited.body;
  message.edits = edited.edits;
  message.edited_at_ms = edited.edited_at_ms;
}

}  // namespace starling_app
