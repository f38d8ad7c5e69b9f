// See sim_log.h.
#include "tests/lib/sim_log.h"

#include <utility>

namespace starling::sim {

core::Term SimLog::term_at(core::Index index) const {
  if (index == base_index) return base_term;
  return has(index) ? at(index)->term : 0;
}

core::WallMs SimLog::stamp_at(core::Index index) const {
  return index == base_index ? base_stamp_ms : at(index)->stamp_ms;
}

void SimLog::cut_from(core::Index first) {
  if (first <= last_index()) entries.resize(first - base_index - 1);
}

void SimLog::compact_to(core::Index index) {
  if (index <= base_index) return;
  auto [at_index, members] = configuration_at(index);
  base_term = term_at(index);
  base_stamp_ms = stamp_at(index);
  configuration_index = at_index;
  configuration = std::move(members);
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(index - base_index));
  base_index = index;
}

std::pair<core::Index, core::Configuration> SimLog::configuration_at(core::Index index) const {
  for (core::Index i = index; i > base_index; --i) {
    if (at(i)->kind == core::EntryKind::kConfiguration) {
      return {i, *core::decode_configuration(at(i)->data)};
    }
  }
  return {configuration_index, configuration};
}

}  // namespace starling::sim
