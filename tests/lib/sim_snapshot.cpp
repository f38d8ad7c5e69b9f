// See sim_snapshot.h.
#include "tests/lib/sim_snapshot.h"

#include <algorithm>
#include <utility>

#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
constexpr int kMostTries = 60;
}

void Snapshots::fetch(SimNode& to, core::NodeId from, core::Index index) {
  const auto found = fetches_.find(to.number());
  if (found != fetches_.end() && found->second.to_life == to.lives()) return;
  Fetch fetch;
  fetch.from = world_.number_of(from);
  fetch.index = index;
  fetch.to_life = to.lives();
  fetches_[to.number()] = std::move(fetch);
  schedule(to.number());
}

void Snapshots::schedule(int to) {
  world_.scheduler.after(world_.random.range(500, 40'000), [this, to] { advance(to); });
}

bool Snapshots::linked(SimNode& from, SimNode& to) {
  return from.up() && to.up() && !world_.network.is_cut(from.number(), to.number()) &&
         !world_.network.is_cut(to.number(), from.number());
}

void Snapshots::advance(int number) {
  const auto found = fetches_.find(number);
  if (found == fetches_.end()) return;
  Fetch& fetch = found->second;
  SimNode& to = world_.node(number);
  SimNode& from = world_.node(fetch.from);
  if (to.lives() != fetch.to_life || ++fetch.tries > kMostTries) {
    fetches_.erase(found);
    return;
  }
  if (!linked(from, to)) {
    fetch.broken = true;
    return schedule(number);
  }
  const std::shared_ptr<const SimSnapshot> offered = from.offer_snapshot(fetch.index);
  if (!offered) {  // It has not applied that much itself.
    fetches_.erase(found);
    return;
  }
  if (offered != fetch.source) {
    fetch.source = offered;
    fetch.got.clear();
  } else if (fetch.broken && !fetch.got.empty()) {
    ++world_.stats.snapshots_resumed;
  }
  fetch.broken = false;
  const std::size_t chunk = 1 + offered->image.size() / world_.settings.snapshot_chunks;
  fetch.got += offered->image.substr(fetch.got.size(), chunk);
  if (fetch.got.size() < offered->image.size()) return schedule(number);
  SimSnapshot whole{offered->base, std::move(fetch.got)};
  fetches_.erase(found);
  to.take_snapshot(std::move(whole));
}

}  // namespace starling::sim
