// What operators do while all else goes wrong: changes of the members, handovers, lost disks.
#include <algorithm>

#include "tests/lib/sim_faults.h"
#include "tests/lib/sim_members.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

void Faults::join() {
  if (next_joiner_ > world_.node_count()) return;
  world_.membership().join(next_joiner_++);
}

void Faults::leave() {
  const int leader = world_.leader();
  if (leader == 0 || !world_.membership().idle()) return;
  const core::Configuration& configuration = world_.node(leader).core().configuration();
  if (configuration.voter_count() <= world_.settings.least_voters) return;
  const int number = victim();
  if (number == 0 || configuration.find(world_.node(number).id()) == nullptr) return;
  world_.membership().leave(number);
}

void Faults::transfer() {
  const int leader = world_.leader();
  if (leader == 0) return;
  world_.count(Fault::kTransfer);
  const int target = world_.random.per_mille(500) ? victim() : 0;
  world_.node(leader).input(core::Transfer{target == 0 ? core::kNoNode : world_.node(target).id()});
}

// While a partition begins that takes the leader, the target or both away from the others.
void Faults::cut_transfer() {
  const int leader = world_.leader();
  if (leader == 0) return;
  const auto [left, right] = two_groups();
  if (left.empty() || right.empty()) return;
  world_.count(Fault::kCutTransfer);
  world_.note("cut transfer", {static_cast<std::uint64_t>(leader)});
  const core::NodeId target =
      world_.node(world_.random.one_of(world_.random.per_mille(500) ? left : right)).id();
  world_.node(leader).input(core::Transfer{target});
  later(0, 30'000, [this, left = left, right = right] { split(left, right, true); });
  later(60'000, 1'500'000, [this, left = left, right = right] { split(left, right, false); });
}

// A voter that the leader counts, and that nobody is changing.
int Faults::settled_voter() {
  const int leader = world_.leader();
  if (leader == 0) return 0;
  std::vector<int> voters;
  for (const auto& member : world_.node(leader).core().configuration().members) {
    const int number = world_.number_of(member.id);
    if (member.voter && world_.is_present(member.id) && !world_.membership().concerns(number)) {
      voters.push_back(number);
    }
  }
  return voters.empty() ? 0 : world_.random.one_of(voters);
}

void Faults::rejoin() {
  if (!world_.membership().idle()) return;
  const int number = settled_voter();
  if (number == 0) return;
  world_.count(Fault::kRejoin);
  world_.membership().cycle(number, static_cast<int>(world_.random.range(1, 3)));
}

void Faults::remove_live() {
  const int number = settled_voter();
  if (number == 0) return;
  world_.count(Fault::kRemoveLive);
  world_.membership().remove(number);
  // Somebody notices, in time.
  if (world_.random.per_mille(700)) world_.membership().join(number);
}

// Its disk is lost for good, so the promise stands on those of the others: a majority is left.
void Faults::wipe() {
  const int leader = world_.leader();
  const int number = settled_voter();
  if (number == 0 || !world_.membership().idle()) return;
  SimNode& source = world_.node(leader);
  const core::Configuration& members = source.core().configuration();
  if (source.core().configuration_index() > source.state().commit_index ||
      source.state().commit_index < world_.invariants.committed_index()) {
    return;
  }
  const auto lost = static_cast<std::size_t>(std::count_if(
      members.members.begin(), members.members.end(),
      [this](const auto& member) { return member.voter && !world_.is_present(member.id); }));
  if (members.voter_count() - lost - 1 < members.quorum()) return;
  world_.count(Fault::kWipe);
  const core::NodeId former = world_.node(number).id();
  world_.wipe(number);
  world_.membership().replace(number, former);
}

}  // namespace starling::sim
