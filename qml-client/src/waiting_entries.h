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
  // What queue() answered: an older word than the changes, too.
  void add(const starling::OutboxEntry& entry);
  // A change of an entry, also before begin(). True: it was taken back and has been sent all the
  // same, which somebody should be told.
  bool apply(const starling::OutboxEntry& entry);
  // Somebody wants it not to be sent. False: it has been.
  [[nodiscard]] bool take_back(qint64 id);
  void keep(qint64 id);  // That could not be asked for: it is sent like any other.
  void reset();

  // The last of a conversation that may still be sent; nullptr: none.
  const starling::OutboxEntry* newest_of(qint64 conversation) const;
  std::set<qint64> conversations() const;  // That have entries.

  const starling::OutboxEntry* get(qint64 id) const;  // nullptr: not here.

  int count() const;  // That may still be sent: what was refused for good waits for nothing.
  std::vector<starling::OutboxEntry> all() const;  // In the order of the outbox.

 private:
  static constexpr std::size_t kMaxEnded = 4'096;  // Far more than a late word is late by.

  void put(const starling::OutboxEntry& entry);

  std::map<qint64, starling::OutboxEntry> entries_;
  std::map<qint64, std::set<qint64>> of_conversation_;  // Ids; none is empty.
  std::map<qint64, bool> ended_;  // The newest kMaxEnded; whether it was sent.
  std::set<qint64> taken_back_;
};

}  // namespace starling_app
