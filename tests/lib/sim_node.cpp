// Life, clocks and the core of a simulated server. What it does with committed entries is in
// sim_node_chat.cpp.
#include "tests/lib/sim_node.h"

#include <algorithm>
#include <utility>

#include "tests/lib/invariants.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

SimNode::SimNode(World& world, int number, core::NodeId id, std::string address)
    : world_(world),
      number_(number),
      id_(id),
      address_(std::move(address)),
      disk_(world.scheduler, world.random),
      mono_offset_us_(world.random.range(1, 1'000'000'000)) {
  disk_.on_completed([this](core::Event event) { input(std::move(event)); });
  disk_.set_latency(world.settings.disk_low_us, world.settings.disk_high_us);
  if (world.settings.shipping_storage) begin_shipping_storage(world.settings.seed);
}

void SimNode::begin_shipping_storage(std::uint64_t seed) {
  disk_.use_shipping_storage(number_, seed);
  disk_.shipping()->on_death([this] {
    reader_.reset();
    store_.reset();
  });
}

core::TimeUs SimNode::mono_us() const { return world_.now_us() + mono_offset_us_; }

core::WallMs SimNode::wall_ms() const {
  return kWallStartMs + world_.now_us() / 1000 + world_.leap_ms() + wall_skew_ms_;
}

void SimNode::install(DiskImage image) {
  disk_.install(std::move(image));
  installed_ = true;
}

void SimNode::install(DiskImage image, const SimSnapshot& snapshot) {
  if (disk_.shipping() != nullptr) {
    disk_.shipping()->put_chat(snapshot.base.base_index, snapshot.image);
  }
  install(std::move(image));
  image_ = snapshot.image;
  image_index_ = snapshot.base.base_index;
}

core::Restored SimNode::restored() const {
  const DiskImage& disk = disk_.cached();
  core::Restored result;
  result.hard_state = disk.hard_state;
  result.last_index = disk.last_index();
  result.applied_index = store_->applied_index();
  const SimLog& log = disk.log;
  result.base_index = log.base_index;
  result.base_term = log.base_term;
  if (log.base_index > 0) {
    result.configurations.emplace_back(log.configuration_index, log.configuration);
  }
  result.last_stamp_ms = log.stamp_at(log.last_index());
  core::Term term = 0;
  for (const auto& entry : log.entries) {
    if (entry->term != term) result.term_runs.emplace_back(entry->index, entry->term);
    term = entry->term;
    if (entry->kind == core::EntryKind::kConfiguration) {
      result.configurations.emplace_back(entry->index, *core::decode_configuration(entry->data));
    }
    if (entry->index > result.applied_index) result.tail.push_back(entry);
  }
  return result;
}

void SimNode::start() {
  if (running() || booting_ || retired_ || !installed_) return;
  booting_ = true;
  disk_.boot([this, life = life_] {
    if (life == life_) boot();
  });
}

void SimNode::boot() {
  booting_ = false;
  if (arrived_) {
    // The log names the snapshot in the transaction that lets go of what it replaces (R2.5).
    if (disk_.shipping() != nullptr) {
      disk_.shipping()->put_chat(arrived_->base.base_index, arrived_->image);
    }
    disk_.install_snapshot(arrived_->base);
    image_ = std::move(arrived_->image);
    image_index_ = arrived_->base.base_index;
    arrived_.reset();
    reader_.reset();
    store_.reset();
  }
  if (!store_) open_store();
  world_.invariants.restarted(*this);
  core::Options options = world_.settings.core;
  options.id = id_;
  options.cluster = world_.settings.cluster;
  options.seed = world_.random.next();
  options.boot = options.seed;  // Drawn anew at each start.
  const core::Restored state = restored();
  log_ = disk_.cached().log;
  next_apply_ = state.applied_index + 1;
  core_ = std::make_unique<core::Core>(options, state, mono_us());
  world_.note("start", {id_, life_, state.last_index, state.applied_index}, [&] {
    return name() + " term " + std::to_string(state.hard_state.term) + " last " +
           std::to_string(state.last_index) + " applied " + std::to_string(state.applied_index);
  });
  armed_us_ = -1;
  arm_timer();
}

std::unique_ptr<chat::Store> SimNode::store_of_image() const {
  std::unique_ptr<chat::Store> store;
  const auto status = image_.empty() ? chat::Store::open(":memory:", 256, store)
                                     : chat::Store::open_image(image_, store);
  if (!status.ok()) violated("store", name() + " does not open: " + status.message());
  if (store->applied_index() != image_index_) violated("store", name() + " is another snapshot");
  return store;
}

void SimNode::open_store() {
  if (disk_.shipping() == nullptr) {
    store_ = store_of_image();
  } else {
    const auto status = chat::Store::open(disk_.shipping()->chat_path(), 256, store_);
    if (!status.ok()) violated("store", name() + " does not open: " + status.message());
  }
  const core::Index applied = store_->applied_index();
  // A file may hold more than was called durable, never less (R2.4).
  if (applied < image_index_) {
    violated("store", name() + " holds index " + std::to_string(applied) + ", durable was " +
                          std::to_string(image_index_));
  }
  if (applied > 0) world_.invariants.state_reached(*this, applied, store_->state_hash());
}

// The process dies while it applies, maybe.
void SimNode::die_applying() {
  if (!store_ || apply_queue_.empty() || !disk_.shipping()->dies_now()) return;
  const core::Entry& entry = *apply_queue_.front();
  const chat::Committed next{entry.index, entry.stamp_ms, entry.kind == core::EntryKind::kCommand,
                             entry.data};
  chat::ApplyResult result;
  if (!store_->apply({&next, 1}, result).ok()) return;
  // It may be the first to have done so, and find it done at its next start.
  if (next.has_command) world_.invariants.applied(*this, entry, result.outcomes.front().outcome);
  std::uint64_t durable = 0;
  if (!store_->checkpoint(durable).ok()) return;
  image_index_ = std::max<core::Index>(image_index_, durable);
}

void SimNode::crash(bool power_loss) {
  if (!installed_) return;
  world_.note(power_loss ? "power loss" : "crash", {id_}, [&] { return name(); });
  ++life_;
  const bool was_running = running();
  booting_ = false;
  paused_ = false;
  core_.reset();
  if (disk_.shipping() != nullptr) die_applying();
  inbox_.clear();
  proposals_.clear();
  proposed_.clear();
  placed_.clear();
  reads_.clear();
  apply_queue_.clear();
  apply_scheduled_ = false;
  offered_.reset();
  if (power_loss) {
    if (disk_.shipping() != nullptr) ++world_.stats.power_losses_on_shipping_storage;
    arrived_.reset();
    reader_.reset();
    store_.reset();
    disk_.power_loss();
    // Less of it may be left than of the chat store, or more.
    if (search_) search_->power_loss([this](std::uint64_t n) { return world_.random.below(n); });
  } else {
    disk_.crash();
    if (search_) search_->crash();
  }
  log_ = disk_.cached().log;
  if (was_running) world_.network.died(number_, !power_loss);
}

void SimNode::wipe(core::NodeId new_id) {
  crash(true);
  world_.note("wipe", {id_, new_id}, [&] { return name() + " comes back as another server"; });
  id_ = new_id;
  installed_ = false;
  image_.clear();
  image_index_ = 0;
  search_.reset();
  if (world_.settings.shipping_storage) begin_shipping_storage(new_id);
  disk_.install({});
  log_ = {};
}

void SimNode::resume() {
  if (!paused_) return;
  paused_ = false;
  std::deque<std::function<void()>> inbox;
  inbox.swap(inbox_);
  // What lay in the sockets and the timer: either may come first.
  const std::uint64_t life = life_;
  if (running() && !world_.settings.plain_ids && world_.random.per_mille(500)) step(core::Tick{});
  for (auto& action : inbox) {
    if (life == life_) action();
  }
  if (life == life_ && running()) step(core::Tick{});
}

void SimNode::when_up(std::function<void()> action) {
  if (!running()) return;
  if (!paused_) {
    action();
    return;
  }
  // A real process has bounded socket buffers; what does not fit is lost.
  if (inbox_.size() < 4'000) inbox_.push_back(std::move(action));
}

void SimNode::input(core::Event event) {
  when_up([this, event = std::move(event)] { step(event); });
}

void SimNode::deliver(const core::Message& message) {
  if (!running()) return;
  if (message.to != id_) ++world_.stats.misaddressed;
  if (world_.trace.printing()) {
    world_.note("receive", {}, [&] {
      return name() + " from " + world_.name_of(message.from) + " term " +
             std::to_string(message.term) + " " + describe(message.body);
    });
  }
  input(core::Receive{message});
}

void SimNode::set_timers(bool on) {
  timers_on_ = on;
  armed_us_ = -1;
  ++timer_;
  if (running()) arm_timer();
}

void SimNode::arm_timer() {
  if (!timers_on_) return;
  const core::TimeUs deadline = core_->next_deadline_us();
  if (deadline == armed_us_) return;
  armed_us_ = deadline;
  const core::TimeUs due = std::max(deadline - mono_offset_us_, world_.now_us() + 1);
  const core::TimeUs late = world_.random.range(0, world_.settings.timer_late_us);
  world_.scheduler.at(due + late, [this, life = life_, timer = ++timer_] {
    if (life != life_ || timer != timer_ || !running()) return;
    armed_us_ = -1;
    input(core::Tick{});
  });
}

void SimNode::step(core::Event event) {
  const core::State before = core_->state();
  const core::Index members_before = core_->configuration_index();
  core::Effects effects;
  const std::size_t kind = event.index();
  core_->step({mono_us(), wall_ms(), std::move(event)}, effects);
  ++world_.stats.steps;
  if (world_.stats.steps > kMaxSteps) violated("runaway", "too many steps");
  world_.note("step",
              {id_, kind, effects.persist.size(), effects.messages.size(), effects.apply.size()});
  if (core_->configuration_index() < members_before) ++world_.stats.configurations_rolled_back;
  carry_out(before, effects);
  arm_timer();
}

void SimNode::carry_out(const core::State& before, const core::Effects& effects) {
  Invariants& invariants = world_.invariants;
  for (const auto& operation : effects.persist) {
    if (const auto* entries = std::get_if<core::PersistEntries>(&operation)) {
      const core::Index first = entries->entries.front()->index;
      if (first <= log_.base_index || first > log_.last_index() + 1) {
        violated("log", name() + " persists a gap at " + std::to_string(first));
      }
      if (first <= log_.last_index()) ++world_.stats.overwrites;
      log_.cut_from(first);
      for (const auto& entry : entries->entries) {
        invariants.appended(*this, *entry);
        log_.append(entry);
      }
    }
    disk_.submit(operation);
  }
  invariants.stepped(*this, before, effects);
  const core::State after = core_->state();
  if (before.role == core::Role::kLeader && after.role != before.role &&
      after.term == before.term) {
    ++world_.stats.reigns_given_up;
  }
  if (before.role != after.role || before.term != after.term) {
    world_.note("state", {id_, after.term, static_cast<std::uint64_t>(after.role)}, [&] {
      static constexpr const char* kRoles[] = {"follower", "pre-candidate", "candidate", "LEADER"};
      return name() + " term " + std::to_string(after.term) + " " +
             kRoles[static_cast<int>(after.role)];
    });
  }
  for (const auto& message : effects.messages) {
    invariants.sent(*this, message);
    const auto* vote = std::get_if<core::VoteResponse>(&message.body);
    if (vote != nullptr && vote->pre_vote && !vote->granted) ++world_.stats.pre_votes_refused;
    const int to = world_.number_of(message.to);
    if (to == 0) violated("messages", name() + " writes to an unknown node");
    world_.note("send", {digest(message)}, [&] {
      return name() + " to n" + std::to_string(to) + " term " + std::to_string(message.term) + " " +
             describe(message.body);
    });
    world_.network.send(number_, to, message);
  }
  for (const auto& wanted : effects.read_log) read_log(wanted);
  for (const auto& wanted : effects.fetch_snapshot) {
    world_.snapshots().fetch(*this, wanted.from, wanted.index);
  }
  for (const auto& outcome : effects.proposals) proposal_placed(outcome);
  for (const auto& entry : effects.apply) {
    if (entry->index != next_apply_) {
      violated("apply order", name() + " expected " + std::to_string(next_apply_) + ", got " +
                                  std::to_string(entry->index));
    }
    ++next_apply_;
    apply_queue_.push_back(entry);
  }
  for (const auto& outcome : effects.reads) {
    const auto found = reads_.find(outcome.id);
    if (found == reads_.end()) continue;
    if (!outcome.ok) {
      found->second.done(false, 0);
      reads_.erase(found);
      continue;
    }
    if (outcome.index < found->second.floor) {
      violated(found->second.max_age_us == 0 ? "P2 linearizable read" : "R5.3 stale read",
               name() + " confirms " + std::to_string(outcome.index) + " though " +
                   std::to_string(found->second.floor) + " was acknowledged " +
                   std::to_string(found->second.max_age_us) + " us before the read began");
    }
    found->second.confirmed = true;
    found->second.index = outcome.index;
  }
  for (const auto& outcome : effects.transfers) {
    if (outcome.result == core::TransferResult::kDone) ++world_.stats.transfers_done;
    if (outcome.result == core::TransferResult::kTimedOut) ++world_.stats.transfers_failed;
  }
  answer_reads();
  schedule_apply();
}

void SimNode::read_log(const core::ReadLog& wanted) {
  if (wanted.from == 0 || wanted.from > wanted.to || wanted.to > disk_.durable().last_index()) {
    violated("read log", name() + " wants " + std::to_string(wanted.from) + ".." +
                             std::to_string(wanted.to) + ", durable is " +
                             std::to_string(disk_.durable().last_index()));
  }
  world_.scheduler.after(world_.random.range(50, 2'000), [this, wanted, life = life_] {
    if (life != life_) return;
    when_up([this, wanted] {
      // Read when the disk gets to it: it may have been overwritten since, even shortened.
      core::LogRead answer{wanted.peer, wanted.from, {}};
      std::size_t bytes = 0;
      const SimLog& log = disk_.cached().log;
      for (core::Index i = wanted.from; i <= wanted.to && log.has(i); ++i) {
        bytes += log.at(i)->data.size();
        if (!answer.entries.empty() && bytes > wanted.max_bytes) break;
        answer.entries.push_back(log.at(i));
      }
      ++world_.stats.log_reads;
      if (!answer.entries.empty()) step(answer);
    });
  });
}

}  // namespace starling::sim
