// What a simulated server does for clients and with what has committed: proposals, reads, applying
// in batches, checkpoints.
#include <algorithm>
#include <tuple>
#include <utility>

#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
constexpr core::TimeUs kSessionWaitUs = 500'000;
constexpr core::TimeUs kSnapshotPinUs = 1'000'000;
}  // namespace

void SimNode::write(const std::string& command, WriteDone done, bool forwarded) {
  when_up([this, command, done = std::move(done), forwarded] {
    if (core_->state().role != core::Role::kLeader) {
      if (!forwarded) return forward(command, done);
      WriteReply reply;
      reply.leader = core_->state().leader;
      done(reply);
      return;
    }
    const std::uint64_t id = next_id_++;
    proposals_.push_back({id, command});
    proposed_[id] = done;
    if (proposals_.size() > 1) return;
    world_.scheduler.after(world_.random.range(0, world_.settings.gather_us), [this, life = life_] {
      if (life == life_) when_up([this] { flush_proposals(); });
    });
  });
}

// What is lost on the way is not heard of again; the client's patience ends by itself.
void SimNode::forward(const std::string& command, WriteDone done) {
  const int leader = world_.number_of(core_->state().leader);
  const bool knows = leader != 0 && leader != number_ && world_.settings.forwarding;
  // Some ask for the primary's address instead.
  if (!knows || (!world_.settings.plain_ids && world_.random.per_mille(300))) {
    WriteReply reply;
    reply.leader = core_->state().leader;
    done(reply);
    return;
  }
  const Weather& weather = world_.network.weather();
  const auto way = [this, weather] { return world_.random.range(weather.low_us, weather.high_us); };
  world_.scheduler.after(way(), [this, command, done, leader, way, life = life_] {
    if (world_.network.is_cut(number_, leader) || !world_.node(leader).running()) return;
    ++world_.stats.forwarded;
    const WriteDone back = [this, done, leader, way, life](const WriteReply& reply) {
      world_.scheduler.after(way(), [this, done, leader, reply, life] {
        if (life != life_ || world_.network.is_cut(leader, number_)) return;
        when_up([done, reply] { done(reply); });
      });
    };
    world_.node(leader).write(command, back, true);
  });
}

void SimNode::flush_proposals() {
  if (proposals_.empty()) return;
  core::Propose propose;
  propose.proposals.swap(proposals_);
  step(std::move(propose));
}

void SimNode::proposal_placed(const core::ProposalOutcome& outcome) {
  const auto found = proposed_.find(outcome.id);
  if (found == proposed_.end()) {
    if (outcome.refusal == core::Refusal::kBusy) ++world_.stats.changes_refused;
    if (on_change_outcome) on_change_outcome(outcome);
    return;
  }
  WriteDone done = std::move(found->second);
  proposed_.erase(found);
  if (outcome.refusal != core::Refusal::kNone) {
    WriteReply reply;
    reply.leader = core_->state().leader;
    done(reply);
    return;
  }
  placed_[outcome.index].push_back({outcome.term, std::move(done)});
}

void SimNode::read_bounded(core::TimeUs max_age_us, ReadDone done) {
  when_up([this, max_age_us, done = std::move(done)] {
    const std::uint64_t id = next_id_++;
    PendingRead read;
    read.max_age_us = max_age_us;
    read.floor = world_.invariants.acknowledged_index(world_.now_us() - max_age_us);
    read.done = done;
    reads_.emplace(id, std::move(read));
    step(core::Read{id, max_age_us});
  });
}

void SimNode::read_in_session(core::Index token, ReadDone done) {
  when_up([this, token, done = std::move(done)] {
    const std::uint64_t id = next_id_++;
    PendingRead read;
    read.index = token;
    read.confirmed = true;
    read.in_session = true;
    read.done = done;
    reads_.emplace(id, std::move(read));
    answer_reads();
    if (!reads_.contains(id)) return;
    world_.scheduler.after(kSessionWaitUs, [this, id, life = life_] {
      if (life != life_) return;
      const auto found = reads_.find(id);
      if (found == reads_.end()) return;
      const ReadDone done = std::move(found->second.done);
      reads_.erase(found);
      done(false, 0);
    });
  });
}

bool SimNode::search(const search::Request& request, search::Answer& answer,
                     std::set<chat::MessageId>& out) {
  if (!search_) {
    search_ = std::make_unique<SimSearch>(number_, std::to_string(world_.settings.cluster));
  }
  search_->follow(reader());
  return search_->find(reader(), request, answer, out);
}

void SimNode::answer_reads() {
  for (auto i = reads_.begin(); i != reads_.end();) {
    if (!i->second.confirmed || i->second.index > store_->applied_index()) {
      ++i;
      continue;
    }
    const PendingRead read = std::move(i->second);
    i = reads_.erase(i);
    ++(read.in_session        ? world_.stats.session_reads
       : read.max_age_us != 0 ? world_.stats.stale_reads
                              : world_.stats.reads);
    read.done(true, store_->applied_index());
  }
}

void SimNode::schedule_apply() {
  if (apply_scheduled_ || apply_queue_.empty()) return;
  apply_scheduled_ = true;
  world_.scheduler.after(world_.random.range(50, world_.settings.apply_delay_us),
                         [this, life = life_] {
                           if (life == life_) when_up([this] { apply_some(); });
                         });
}

void SimNode::apply_some() {
  apply_scheduled_ = false;
  const std::size_t most = std::min(apply_queue_.size(), world_.settings.apply_batch);
  const std::size_t count = 1 + world_.random.below(most);
  std::vector<core::EntryPtr> entries(apply_queue_.begin(),
                                      apply_queue_.begin() + static_cast<std::ptrdiff_t>(count));
  apply_queue_.erase(apply_queue_.begin(),
                     apply_queue_.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<chat::Committed> committed;
  for (const auto& entry : entries) {
    committed.push_back(
        {entry->index, entry->stamp_ms, entry->kind == core::EntryKind::kCommand, entry->data});
  }
  chat::ApplyResult result;
  const auto status = store_->apply(committed, result);
  if (!status.ok() && disk_.failed()) {
    apply_scheduled_ = true;  // Nothing more is applied: its process is about to end.
    return;
  }
  if (!status.ok()) violated("apply", name() + ": " + status.message());
  const core::Index reached = entries.back()->index;
  if (store_->applied_index() != reached) violated("apply", name() + " reached another index");
  std::size_t next = 0;
  for (const auto& entry : entries) {
    const chat::Outcome* outcome = nullptr;
    if (entry->kind == core::EntryKind::kCommand) {
      if (next >= result.outcomes.size() || result.outcomes[next].index != entry->index) {
        violated("apply", name() + " gives no outcome for " + std::to_string(entry->index));
      }
      outcome = &result.outcomes[next++].outcome;
      world_.invariants.applied(*this, *entry, *outcome);
    }
    answer(*entry, outcome);
  }
  world_.invariants.state_reached(*this, reached, store_->state_hash());
  world_.note("apply", {id_, reached, store_->state_hash()}, [&] {
    return name() + " to " + std::to_string(reached) + " hash " + hex(store_->state_hash());
  });
  check_point();
  step(core::Applied{reached});
  if (world_.settings.compact && image_index_ > log_.base_index) {
    compact(world_.random.below(world_.settings.log_keep + 1));
  }
}

void SimNode::answer(const core::Entry& entry, const chat::Outcome* outcome) {
  const auto found = placed_.find(entry.index);
  if (found == placed_.end()) return;
  const std::vector<PendingWrite> waiting = std::move(found->second);
  placed_.erase(found);
  for (const auto& write : waiting) {
    WriteReply reply;
    reply.leader = core_->state().leader;
    if (write.term == entry.term && outcome != nullptr) {
      reply.answered = true;
      reply.index = entry.index;
      reply.outcome = *outcome;
      reply.time_ms = store_->time_ms();
      world_.invariants.acknowledging(*this, entry);
    }
    write.done(reply);
  }
}

// A checkpoint makes the chat store durable; until the next one a power loss falls back to it.
void SimNode::check_point() {
  if (store_->applied_index() >= image_index_ + world_.settings.checkpoint_every) save_image();
}

void SimNode::save_image() {
  if (disk_.shipping() != nullptr) {
    std::uint64_t durable = 0;
    const auto status = store_->checkpoint(durable);
    if (!status.ok() && disk_.failed()) return;
    if (!status.ok()) violated("checkpoint", name() + ": " + status.message());
    image_index_ = std::max<core::Index>(image_index_, durable);
    return;
  }
  std::string image;
  const auto status = store_->serialize(image);
  if (!status.ok()) violated("checkpoint", name() + ": " + status.message());
  image_ = std::move(image);
  image_index_ = store_->applied_index();
}

// R2.4: never beyond what the chat store holds durably. The core is told first, so that it asks for
// nothing that is about to go.
void SimNode::compact(core::Index keep) {
  core::Index target = image_index_ > keep ? image_index_ - keep : 0;
  if (offered_ && world_.now_us() < pinned_until_us_) {
    target = std::min(target, offered_->base.base_index);
  }
  if (target <= log_.base_index) return;
  ++world_.stats.compactions;
  step(core::Compacted{target});
  log_.compact_to(target);
  disk_.compact_to(target);
}

void SimNode::compact_now(core::Index keep) {
  save_image();
  compact(keep);
}

std::shared_ptr<const SimSnapshot> SimNode::offer_snapshot(core::Index index) {
  if (store_->applied_index() < index) return nullptr;
  pinned_until_us_ = world_.now_us() + kSnapshotPinUs;
  const bool useful = offered_ && offered_->base.base_index >= index &&
                      offered_->base.base_index >= log_.base_index;
  if (useful) return offered_;
  auto made = std::make_shared<SimSnapshot>();
  const auto status = store_->serialize(made->image);
  if (!status.ok()) violated("snapshot", name() + ": " + status.message());
  const core::Index applied = store_->applied_index();
  SimLog& base = made->base;
  base.base_index = applied;
  base.base_term = log_.term_at(applied);
  base.base_stamp_ms = log_.stamp_at(applied);
  std::tie(base.configuration_index, base.configuration) = log_.configuration_at(applied);
  ++world_.stats.snapshots_made;
  offered_ = std::move(made);
  return offered_;
}

void SimNode::take_snapshot(SimSnapshot snapshot) {
  if (snapshot.base.base_index <= store_->applied_index()) return;
  world_.invariants.snapshot_arrived(*this, snapshot.base);
  ++world_.stats.snapshots_installed;
  world_.note("snapshot", {id_, snapshot.base.base_index}, [&] {
    return name() + " starts again from " + std::to_string(snapshot.base.base_index);
  });
  crash(false);
  arrived_ = std::make_unique<SimSnapshot>(std::move(snapshot));
  start();
}

void SimNode::recompute() const {
  const SimLog& log = disk_.durable().log;
  const core::Index target = world_.invariants.told_state(*this, log.last_index());
  if (target <= image_index_) return;
  const std::unique_ptr<chat::Store> store = store_of_image();
  std::vector<chat::Committed> committed;
  for (core::Index i = image_index_ + 1; i <= target; ++i) {
    const core::Entry& entry = *log.at(i);
    committed.push_back({i, entry.stamp_ms, entry.kind == core::EntryKind::kCommand, entry.data});
  }
  chat::ApplyResult result;
  const auto status = store->apply(committed, result);
  if (!status.ok()) violated("apply", name() + ": " + status.message());
  world_.invariants.state_recomputed(*this, target, store->state_hash());
}

chat::Reader& SimNode::reader() {
  if (!reader_) {
    const auto status = chat::Reader::open_on(*store_, reader_);
    if (!status.ok()) violated("reader", name() + ": " + status.message());
  }
  return *reader_;
}

}  // namespace starling::sim
