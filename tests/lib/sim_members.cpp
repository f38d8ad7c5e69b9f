// The operator's side of membership changes.
#include "tests/lib/sim_members.h"

#include <algorithm>

#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

void Membership::join(int number) { add(operators_[0], {number, Op::kJoin}); }

void Membership::leave(int number) { add(operators_[0], {number, Op::kLeave}); }

void Membership::cycle(int number, int times) {
  for (int i = 0; i < times; ++i) {
    leave(number);
    join(number);
  }
}

void Membership::replace(int number, core::NodeId former) {
  join(number);
  add(operators_[0], {number, Op::kLeaveFormer, former});
}

void Membership::remove(int number) { add(operators_[1], {number, Op::kLeave}); }

void Membership::add(Operator& who, const Task& task) {
  who.tasks.push_back(task);
  poll(who);
}

bool Membership::concerns(int number) const {
  const auto same = [number](const Task& task) { return task.number == number; };
  return std::any_of(operators_.begin(), operators_.end(), [&](const Operator& who) {
    return std::any_of(who.tasks.begin(), who.tasks.end(), same);
  });
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
  for (const auto& member : node.core().configuration().members) {
    if (!world_.is_present(member.id)) report.peers.push_back(member.id);
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
  if (world_.is_present(dead)) healed_.insert(world_.number_of(dead));
  change(leader, core::MembershipOp::kRemoveDead, dead, "");
}

// It is up again, and asks to be let in.
void Membership::take_back(SimNode& leader) {
  for (const int number : healed_) {
    SimNode& node = world_.node(number);
    if (!node.up() || node.retired() || !idle()) continue;
    if (leader.core().configuration().find(node.id()) != nullptr) continue;
    ++world_.stats.returned;
    healed_.erase(number);
    Task task{number, Op::kJoin};
    task.returning = true;
    add(operators_[0], task);
    return;
  }
}

std::string Membership::describe() const {
  std::string text;
  for (const Operator& who : operators_) {
    for (const Task& task : who.tasks) {
      const bool joins = task.op == Op::kJoin;
      text += (joins                   ? " join n"
               : task.op == Op::kLeave ? " leave n"
                                       : " leave the former n") +
              std::to_string(task.number);
    }
  }
  return text;
}

void Membership::poll(Operator& who) {
  if (who.polling || who.tasks.empty()) return;
  who.polling = true;
  world_.scheduler.after(world_.random.range(20'000, 120'000), [this, &who] {
    who.polling = false;
    // Anyone who believes to lead may be asked: a deposed one must not be able to do harm.
    std::vector<int> leaders;
    for (int i = 1; i <= world_.node_count(); ++i) {
      SimNode& node = world_.node(i);
      if (node.up() && node.state().role == core::Role::kLeader) leaders.push_back(i);
    }
    if (!leaders.empty() &&
        advance(who.tasks.front(), world_.node(world_.random.one_of(leaders)))) {
      who.tasks.pop_front();
    }
    poll(who);
  });
}

bool Membership::advance(Task& task, SimNode& leader) {
  SimNode& subject = world_.node(task.number);
  switch (task.op) {
    case Op::kJoin:
      return advance_join(task, subject, leader);
    case Op::kLeave:
      return advance_leave(subject, leader);
    case Op::kLeaveFormer:
      return advance_former(task.former, leader);
  }
  return true;
}

void Membership::change(SimNode& leader, core::MembershipOp op, core::NodeId id,
                        const std::string& address) {
  leader.input(core::ChangeMembership{next_id_++, op, id, address});
}

bool Membership::advance_join(Task& task, SimNode& joiner, SimNode& leader) {
  // One that has left and does not know yet that it leads nobody takes nobody in, least of all
  // itself.
  if (&joiner == &leader && joiner.retired()) return false;
  if (joiner.retired()) {
    // It left once. Some come back as they were, some with an empty directory.
    joiner.unretire();
    if (world_.random.per_mille(500)) {
      world_.wipe(joiner.number());
    } else {
      joiner.start();
    }
  }
  const core::State state = leader.state();
  const core::Member* member = leader.core().configuration().find(joiner.id());
  const bool settled = leader.core().configuration_index() <= state.commit_index;
  if (member == nullptr) {
    change(leader,
           task.returning ? core::MembershipOp::kAddReturning : core::MembershipOp::kAddLearner,
           joiner.id(), joiner.address());
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
    if (task.promoting) world_.count(Fault::kJoin);
    world_.note("joined", {joiner.id()}, [&] { return joiner.name(); });
    return true;
  }
  for (const auto& peer : leader.core().peers()) {
    if (peer.id == joiner.id() && peer.match > 0 && peer.match + 5 >= state.commit_index) {
      task.promoting = true;
      change(leader, core::MembershipOp::kPromote, joiner.id(), "");
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

// An operator who knows what he does lets nobody go while a lost disk is still counted on: with one
// more gone the rest might be no majority any more, for ever.
bool Membership::may_shrink(SimNode& leader) const {
  const auto& members = leader.core().configuration().members;
  return std::all_of(members.begin(), members.end(), [this](const core::Member& member) {
    return !member.voter || world_.is_present(member.id);
  });
}

// Only a leader that knows all that has committed can say so: another may not know the member yet.
bool Membership::is_removed(core::NodeId id, SimNode& leader) const {
  const core::State state = leader.state();
  return leader.core().configuration().find(id) == nullptr &&
         leader.core().configuration_index() <= state.commit_index &&
         state.commit_index >= world_.invariants.committed_index();
}

bool Membership::advance_leave(SimNode& leaver, SimNode& leader) {
  const core::Configuration& members = leader.core().configuration();
  const core::Member* member = members.find(leaver.id());
  if (member != nullptr) {
    const bool too_few = member->voter && members.voter_count() <= world_.settings.least_voters;
    if (!world_.settings.plain_ids && (too_few || !may_shrink(leader))) return true;  // Given up.
    change(leader, core::MembershipOp::kRemove, leaver.id(), "");
    return false;
  }
  if (!is_removed(leaver.id(), leader)) return false;
  world_.count(Fault::kLeave);
  world_.note("left", {leaver.id()}, [&] { return leaver.name(); });
  // The process may live on for a while; it must not disturb the others.
  leaver.retire();
  world_.scheduler.after(world_.random.range(0, 2'000'000), [this, number = leaver.number()] {
    if (world_.node(number).retired()) world_.node(number).crash(false);
  });
  return true;
}

bool Membership::advance_former(core::NodeId former, SimNode& leader) {
  if (leader.core().configuration().find(former) != nullptr) {
    change(leader, core::MembershipOp::kRemove, former, "");
    return false;
  }
  if (!is_removed(former, leader)) return false;
  ++world_.stats.replacements;
  world_.note("replaced", {former}, [&] { return world_.name_of(former); });
  return true;
}

}  // namespace starling::sim
