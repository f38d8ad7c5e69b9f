// See deletions.h.
#include "qml-client/src/deletions.h"

namespace starling_app {

void Deletions::add(qint64 conversation, qint64 seq) {
  const Place place{conversation, seq};
  if (!places_.insert(place).second) return;
  order_.push_back(place);
  if (order_.size() <= kMax) return;
  places_.erase(order_.front());
  order_.pop_front();
}

starling::Message Deletions::heed(starling::Message message) const {
  if (places_.contains({message.conversation_id, message.seq})) message.deleted = true;
  if (message.deleted) message.body.clear();
  return message;
}

void Deletions::reset() {
  places_.clear();
  order_.clear();
}

}  // namespace starling_app
