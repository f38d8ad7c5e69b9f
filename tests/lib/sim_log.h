// A log that begins behind a base, as disks and nodes of the simulator hold it.
#pragma once

#include <vector>

#include "server/core/core.h"

namespace starling::sim {

struct SimLog {
  core::Index base_index = 0;  // What came up to here is in a snapshot or in the chat store only.
  core::Term base_term = 0;
  core::WallMs base_stamp_ms = 0;
  core::Index configuration_index = 0;  // Of the configuration in force at the base.
  core::Configuration configuration;
  std::vector<core::EntryPtr> entries;  // entries[i] has index base_index + 1 + i.

  core::Index last_index() const { return base_index + entries.size(); }
  bool has(core::Index index) const { return index > base_index && index <= last_index(); }
  const core::EntryPtr& at(core::Index index) const { return entries[index - base_index - 1]; }
  core::Term term_at(core::Index index) const;     // 0: not known here.
  core::WallMs stamp_at(core::Index index) const;  // Of the base or an entry behind it.
  void cut_from(core::Index first);                // Behind the base.
  void append(core::EntryPtr entry) { entries.push_back(std::move(entry)); }
  void compact_to(core::Index index);
  // The newest configuration at or below `index`, which is not below the base.
  std::pair<core::Index, core::Configuration> configuration_at(core::Index index) const;
};

}  // namespace starling::sim
