// What the outbox holds of all conversations, put together from what it held when it was opened and
// the changes since, in whichever order the two arrive.
#pragma once

#include <QtGlobal>
#include <map>
#include <set>
#include <vector>

#include "starling/outbox.h"

namespace starling_app {

class WaitingEntries {
 public:
  // What entries() said: an older word than the changes that are here already.
  void begin(const std::vector<starling::OutboxEntry>& held);
  // A change of an entry, also before begin().
  void apply(const starling::OutboxEntry& entry);
  void reset();

  int count() const { return static_cast<int>(entries_.size()); }
  std::vector<starling::OutboxEntry> all() const;  // In the order of the outbox.

 private:
  std::map<qint64, starling::OutboxEntry> entries_;
  std::set<qint64> ended_;  // Before begin(), which may still name them.
  bool begun_ = false;
};

}  // namespace starling_app
