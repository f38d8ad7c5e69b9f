// Links between simulated nodes.
#include "tests/lib/sim_network.h"

#include <algorithm>

#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

Network::Network(World& world, int nodes)
    : world_(world), nodes_(nodes), stride_(nodes + 1), links_(stride_ * stride_) {}

void Network::send(int from, int to, const core::Message& message) {
  Link& way = link(from, to);
  if (!way.connected) return;
  if (way.held) {
    way.waiting.push_back(message);
    return;
  }
  dispatch(from, to, message);
}

void Network::dispatch(int from, int to, const core::Message& message) {
  Link& way = link(from, to);
  Random& random = world_.random;
  if (way.cut) return;
  if (random.per_mille(weather_.loss)) {
    world_.count(Fault::kLoss);
    return;
  }
  core::TimeUs arrival = world_.now_us() + random.range(weather_.low_us, weather_.high_us);
  if (random.per_mille(weather_.delay)) {
    world_.count(Fault::kDelay);
    arrival += random.range(0, weather_.delay_us);
  }
  if (random.per_mille(weather_.reordering)) {
    world_.count(Fault::kReordering);
    arrival += random.range(0, 4 * weather_.high_us);
  } else {
    arrival = std::max(arrival, way.last_arrival_us);
    way.last_arrival_us = arrival;
  }
  world_.scheduler.at(
      arrival, [this, from, to, life = way.life, message] { arrive(from, to, life, message); });
  if (random.per_mille(weather_.late_copies)) {
    world_.count(Fault::kLateCopy);
    const core::TimeUs late = random.range(500'000, weather_.late_us);
    world_.scheduler.after(late, [this, from, to, life = way.life, message] {
      // Whatever has become of the connection, of the sender and of the receiver.
      if (!world_.node(to).running()) return;
      const bool another =
          link(from, to).life != life || message.term != world_.node(to).state().term;
      world_.stats.late_copies += another ? 1 : 0;
      world_.node(to).deliver(message);
    });
  }
  if (random.per_mille(weather_.duplication)) {
    world_.count(Fault::kDuplication);
    world_.scheduler.at(
        arrival + random.range(0, 20'000),
        [this, from, to, life = way.life, message] { arrive(from, to, life, message); });
  }
}

void Network::arrive(int from, int to, std::uint64_t life, const core::Message& message) {
  const Link& way = link(from, to);
  if (way.life != life || way.cut) return;
  world_.node(to).deliver(message);
}

void Network::cut(int from, int to) {
  if (from != to) link(from, to).cut = true;
}

void Network::mend(int from, int to) { link(from, to).cut = false; }

void Network::mend_all() {
  for (Link& way : links_) {
    way.cut = false;
    way.severed = false;
  }
}

void Network::disconnect(int a, int b) {
  for (Link* way : {&link(a, b), &link(b, a)}) {
    way->connected = false;
    ++way->life;
    way->waiting.clear();
    way->last_arrival_us = 0;
  }
}

// The link ended; a reconnect is tried at once, and what it finds decides whether the core hears of
// it.
void Network::tell_unreachable(int listener, int gone) {
  const std::uint64_t life = link(gone, listener).life;
  const core::NodeId id = world_.node(gone).id();  // Of then: it may come back as another server.
  world_.scheduler.after(world_.random.range(300, 4'000), [this, listener, gone, life, id] {
    const Link& way = link(gone, listener);
    if (way.life != life || way.connected || !world_.node(listener).running()) return;
    world_.node(listener).input(core::PeerUnreachable{id});
  });
}

void Network::sever(int a, int b) {
  disconnect(a, b);
  link(a, b).severed = link(b, a).severed = true;
  tell_unreachable(a, b);
  tell_unreachable(b, a);
}

void Network::repair(int a, int b) { link(a, b).severed = link(b, a).severed = false; }

void Network::died(int node, bool notice) {
  for (int peer = 1; peer <= nodes_; ++peer) {
    if (peer == node) continue;
    const bool hears = notice && link(node, peer).connected && !link(node, peer).cut;
    disconnect(node, peer);
    if (hears) tell_unreachable(peer, node);
  }
}

void Network::reconnect() {
  for (int a = 1; a <= nodes_; ++a) {
    for (int b = a + 1; b <= nodes_; ++b) {
      Link& there = link(a, b);
      Link& back = link(b, a);
      if (there.connected || there.cut || back.cut || there.severed) continue;
      if (!world_.node(a).running() || !world_.node(b).running()) continue;
      there.connected = back.connected = true;
      world_.node(a).input(core::PeerConnected{world_.node(b).id()});
      world_.node(b).input(core::PeerConnected{world_.node(a).id()});
    }
  }
}

void Network::hold(int from, int to) { link(from, to).held = true; }

void Network::release(int from, int to) {
  Link& way = link(from, to);
  way.held = false;
  while (!way.waiting.empty()) {
    dispatch(from, to, way.waiting.front());
    way.waiting.pop_front();
  }
}

void Network::drop_held(int from, int to) { link(from, to).waiting.clear(); }

}  // namespace starling::sim
