// The end of a safety run: the power goes everywhere at once, and the disks are looked at.
#include <algorithm>
#include <utility>
#include <vector>

#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
// Up to date before another (dissertation 3.6.1).
std::pair<core::Term, core::Index> rank(const DiskImage& disk) {
  return {disk.term_at(disk.last_index()), disk.last_index()};
}

// Calls `visit` with every choice of `size` out of `from`.
template <typename Visit>
void choose(const std::vector<const SimNode*>& from, std::size_t size, std::size_t next,
            std::vector<const SimNode*>& chosen, const Visit& visit) {
  if (chosen.size() == size) return visit(chosen);
  for (std::size_t i = next; i < from.size(); ++i) {
    chosen.push_back(from[i]);
    choose(from, size, i + 1, chosen, visit);
    chosen.pop_back();
  }
}
}  // namespace

// P1: whichever majority of the members comes back, the best of its disks wins the election, and it
// holds whatever was committed. Disks that were wiped meanwhile do not come back.
void World::examine_disks() {
  note("all power is lost", {});
  for (const auto& node : nodes_) node->crash(true);
  ++stats.autopsies;
  if (invariants.committed_index() == 0) return;
  const core::Configuration members = invariants.committed_members();
  std::vector<const SimNode*> survivors;
  for (const auto& member : members.members) {
    if (member.voter && is_present(member.id)) survivors.push_back(&node(number_of(member.id)));
  }
  if (survivors.size() < members.quorum()) violated("simulator", "more disks lost than allowed");
  std::vector<const SimNode*> chosen;
  choose(survivors, members.quorum(), 0, chosen, [this](const std::vector<const SimNode*>& some) {
    const SimNode& heir =
        **std::max_element(some.begin(), some.end(), [](const SimNode* a, const SimNode* b) {
          return rank(a->disk().durable()) < rank(b->disk().durable());
        });
    invariants.recoverable(heir);
  });
  for (const SimNode* survivor : survivors) survivor->recompute();
}

}  // namespace starling::sim
