// The deletions, edits and hidings that the stream has told of. A page may have been read before
// one of them and arrive after it, so whatever is about to be shown asks here first. Kept until
// the stream begins anew: nobody needs to know which pages are still under way.
#pragma once

#include <QtGlobal>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "starling/types.h"

namespace starling_app {

class Amendments {
 public:
  // Far more than are told of while one call is under way, which is as long as one matters. Edits
  // have bodies, of 16 KiB at most.
  static constexpr std::size_t kMax = 65'536;
  static constexpr std::size_t kMaxEdits = 512;

  void add_deleted(qint64 conversation, qint64 seq);
  void add_hidden(qint64 conversation, qint64 seq);
  void add_edited(const starling::Message& message);
  // The message as it may be shown: one that is deleted or hidden has no text, one that was edited
  // the newest.
  starling::Message heed(starling::Message message) const;
  bool gone(qint64 conversation, qint64 seq) const;  // Deleted or hidden.
  void reset();

 private:
  using Place = std::pair<qint64, qint64>;  // Conversation and seq.

  // As they came: the oldest is forgotten first.
  struct Places {
    std::set<Place> all;
    std::deque<Place> order;
    void add(const Place& place);
  };

  Places deleted_;
  Places hidden_;
  std::map<Place, starling::Message> edited_;
  std::deque<Place> edited_order_;
};

// `message` with the words of `edited`, when those are newer.
void take_edit(starling::Message& message, const starling::Message& edited);

}  // namespace starling_app
