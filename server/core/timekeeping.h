// When a leader has to make time go on (R4.4). Replicated time is that of the last entry, so
// without an entry it stands: sessions would never end, and the first write after a long rest would
// look older than the retry window, since all that its client had heard is the time before the
// rest.
#pragma once

#include <cstdint>

#include "server/core/types.h"

namespace starling::core {

// What a leader knows of time at a heartbeat.
struct TimeView {
  WallMs last_ms = 0;  // The stamp of the last entry of its log.
  WallMs now_ms = 0;   // What it would stamp on another one now; never less.
  // All of its log has committed, so this term's no-op has. What has not brings a stamp of its own,
  // and where nothing commits, entries must not pile up.
  bool settled = false;
  bool transferring = false;  // Nothing is appended during a handover (R3.7).
};

// True: a no-op is due, which says nothing but what time it is.
inline bool time_entry_due(const TimeView& view, WallMs max_lag_ms) {
  if (!view.settled || view.transferring || view.now_ms <= view.last_ms) return false;
  // A stamp from the wire may be any number.
  const auto lag =
      static_cast<std::uint64_t>(view.now_ms) - static_cast<std::uint64_t>(view.last_ms);
  return lag >= static_cast<std::uint64_t>(max_lag_ms);
}

}  // namespace starling::core
