// The deletions that the stream has told of. A page may have been read before a deletion and arrive
// after it, so whatever is about to be shown asks here first. Kept for the whole session: a
// deletion is for ever, and nobody needs to know which pages are still under way.
#pragma once

#include <QtGlobal>
#include <deque>
#include <set>
#include <utility>

#include "starling/types.h"

namespace starling_app {

class Deletions {
 public:
  // Far more than are told of while one call is under way, which is as long as one matters.
  static constexpr std::size_t kMax = 65'536;

  void add(qint64 conversation, qint64 seq);
  // The message as it may be shown: one that is deleted has no text.
  starling::Message heed(starling::Message message) const;
  void reset();

 private:
  using Place = std::pair<qint64, qint64>;  // Conversation and seq.

  std::set<Place> places_;
  std::deque<Place> order_;  // As they came: the oldest is forgotten first.
};

}  // namespace starling_app
