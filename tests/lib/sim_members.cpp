// The operator's side of membership changes.
#include "tests/lib/sim_members.h"

#include <algorithm>

#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

void Membership::join(int number) {
  tasks_.push_back({number, true});
  poll();
}

void Membership::leave(int number) {
  tasks_.push_back({number, false});
  poll();
}

void Membership::keep_healing() {
  world_.scheduler.after(world_.random.range(50'000, 150'000), [this] {
    for (int i = 1; i <= world_.node_count(); ++i) {
      SimNode& node = world_.node(i);
      if (!node.up()) continue;
      tell_unreached(node);
      if (node.state().role != core::Role::kLeader) continue;
      heal(node);
      take_back(node);
    }
    keep_healing();
  });
}

void Membership::tell_unreached(SimNode& node) {
  core::Unreached report;
  for (int i = 1; i <= world_.node_count(); ++i) {
    const SimNode& other = world_.node(i);
    const bool linked = other.up() && !world_.network.is_cut(node.number(), i) &&
                        !world_.network.is_cut(i, node.number());
    if (i != node.number() && !linked) report.peers.push_back(other.id());
  }
  node.input(report);
}

void Membership::heal(SimNode& leader) {
  const core::NodeId dead = leader.core().removable(world_.settings.dead_after_us);
  if (dead == core::kNoNode) return;
  const std::size_t voters = leader.core().configuration().voter_count();
  if (voters <= 3) violated("R3.4 floor", leader.name() + " would go below three voters");
  ++world_.stats.healed;
  world_.note("heal", {dead}, [&] { return world_.name_of(dead); });
  healed_.insert(world_.number_of(dead));
  leader.input(core::ChangeMembership{next_id_++, core::MembershipOp::kRemoveDead, dead, ""});
}

// It is up again, and asks to be let in.
void Membership::take_back(SimNode& leader) {
  for (const int number : healed_) {
    SimNode& node = world_.node(number);
    if (!node.up() || node.retired() || !tasks_.empty()) continue;
    if (leader.core().configuration().find(node.id()) != nullptr) continue;
    ++world_.stats.returned;
    healed_.erase(number);
    join(number);
    return;
  }
}

std::string Membership::describe() const {
  std::string text;
  for (const Task& task : tasks_) {
    text += (task.joining ? " join n" : " leave n") + std::to_string(task.number);
  }
  return text;
}

void Membership::poll() {
  if (polling_ || tasks_.empty()) return;
  polling_ = true;
  world_.scheduler.after(world_.random.range(20'000, 120'000), [this] {
    polling_ = false;
    // Anyone who believes to lead may be asked: a deposed one must not be able to do harm.
    std::vector<int> leaders;
    for (int i = 1; i <= world_.node_count(); ++i) {
      SimNode& node = world_.node(i);
      if (node.up() && node.state().role == core::Role::kLeader) leaders.push_back(i);
    }
    if (!leaders.empty()) {
      const Task task = tasks_.front();
      if (advance(task, world_.node(world_.random.one_of(leaders)))) {
        tasks_.erase(tasks_.begin());
      }
    }
    poll();
  });
}

bool Membership::advance(const Task& task, SimNode& leader) {
  SimNode& subject = world_.node(task.number);
  return task.joining ? advance_join(subject, leader) : advance_leave(subject, leader);
}

bool Membership::advance_join(SimNode& joiner, SimNode& leader) {
  const core::State state = leader.state();
  const core::Member* member = leader.core().configuration().find(joiner.id());
  const bool settled = leader.core().configuration_index() <= state.commit_index;
  if (member == nullptr) {
    leader.input(core::ChangeMembership{next_id_++, core::MembershipOp::kAddLearner, joiner.id(),
                                        joiner.address()});
    return false;
  }
  if (!settled) return false;
  if (!joiner.installed()) {
    // JoinNetwork streams the committed log, behind a snapshot when it no longer begins at the
    // beginning; the joiner has it all fsynced before it says a word.
    install(joiner, leader);
    joiner.start();
    return false;
  }
  if (member->voter) {
    world_.count(Fault::kJoin);
    world_.note("joined", {joiner.id()}, [&] { return joiner.name(); });
    return true;
  }
  for (const auto& peer : leader.core().peers()) {
    if (peer.id == joiner.id() && peer.match > 0 && peer.match + 5 >= state.commit_index) {
      leader.input(
          core::ChangeMembership{next_id_++, core::MembershipOp::kPromote, joiner.id(), ""});
    }
  }
  return false;
}

void Membership::install(SimNode& joiner, SimNode& leader) {
  const SimLog& log = leader.log();
  DiskImage image;
  const bool whole = log.base_index == 0 && world_.random.per_mille(700);
  const auto snapshot = whole ? nullptr : leader.offer_snapshot(log.base_index);
  if (snapshot) image.log = snapshot->base;
  for (core::Index i = image.log.base_index + 1; i <= leader.state().commit_index; ++i) {
    image.log.append(log.at(i));
  }
  image.hard_state.term = image.log.term_at(image.log.last_index());
  if (snapshot) {
    joiner.install(std::move(image), *snapshot);
  } else {
    joiner.install(std::move(image));
  }
}

bool Membership::advance_leave(SimNode& leaver, SimNode& leader) {
  const core::State state = leader.state();
  if (leader.core().configuration().find(leaver.id()) != nullptr) {
    leader.input(core::ChangeMembership{next_id_++, core::MembershipOp::kRemove, leaver.id(), ""});
    return false;
  }
  // Only a leader that knows all that has committed can say so: another may not know the member
  // yet.
  if (leader.core().configuration_index() > state.commit_index ||
      state.commit_index < world_.invariants.committed_index()) {
    return false;
  }
  world_.count(Fault::kLeave);
  world_.note("left", {leaver.id()}, [&] { return leaver.name(); });
  // The process may live on for a while; it must not disturb the others.
  leaver.retire();
  world_.scheduler.after(world_.random.range(0, 2'000'000),
                         [this, number = leaver.number()] { world_.node(number).crash(false); });
  return true;
}

}  // namespace starling::sim
