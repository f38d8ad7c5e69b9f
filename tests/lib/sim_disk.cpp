// The simulated log store: group commit, page cache, crash and power loss.
#include "tests/lib/sim_disk.h"

#include <utility>

#include "tests/lib/invariants.h"

namespace starling::sim {

void SimDisk::use_shipping_storage(int number, std::uint64_t seed) {
  shipping_.reset();  // Its place is given away once only.
  shipping_ = std::make_unique<SimStorage>(number, seed);
}

void SimDisk::install(DiskImage image) {
  if (shipping_) shipping_->install(image);
  interrupted_.clear();
  cached_ = image;
  durable_ = std::move(image);
}

void SimDisk::compact_to(core::Index index) {
  if (shipping_) shipping_->compact_to(index);
  cached_.log.compact_to(index);
  durable_.log.compact_to(index);
}

void SimDisk::install_snapshot(const SimLog& base) {
  // A transaction with FULL makes everything before it durable as well.
  make_durable(unsynced_.size());
  if (shipping_) shipping_->install_snapshot(base, durable_.hard_state.term);
  // The term that the snapshot shows counts as seen, and is written first.
  if (durable_.hard_state.term < base.base_term) {
    durable_.hard_state = {base.base_term, core::kNoNode};
  }
  if (durable_.term_at(base.base_index) == base.base_term) {
    durable_.log.compact_to(base.base_index);
  } else {
    durable_.log = base;
  }
  cached_ = durable_;
}

void SimDisk::set_latency(core::TimeUs low_us, core::TimeUs high_us) {
  low_us_ = low_us;
  high_us_ = high_us;
}

void SimDisk::submit(const core::Persist& operation) {
  waiting_.push_back(operation);
  start();
}

void SimDisk::start() {
  if (failed_ || busy_ || (hanging_ && !writes_go_on_) || waiting_.empty()) return;
  busy_ = true;
  batch_ = random_.per_mille(700) ? waiting_.size() : 1 + random_.below(waiting_.size());
  scheduler_.after(random_.range(low_us_, high_us_) / 3, [this, life = life_] {
    if (life == life_) written();
  });
}

void SimDisk::cache(const core::Persist& operation) {
  cached_.apply(operation);
  unsynced_.push_back(operation);
}

void SimDisk::written() {
  for (; batch_ > 0; --batch_) {
    cache(waiting_.front());
    waiting_.pop_front();
  }
  scheduler_.after(random_.range(low_us_, high_us_), [this, life = life_] {
    if (life != life_) return;
    if (hanging_) {
      stalled_ = true;
    } else {
      synced();
    }
  });
}

void SimDisk::make_durable(std::size_t operations) {
  for (; operations > 0; --operations) {
    durable_.apply(unsynced_.front());
    unsynced_.pop_front();
  }
}

void SimDisk::synced() {
  const std::deque<core::Persist> done = unsynced_;
  if (shipping_) shipping_->persist(done);
  make_durable(unsynced_.size());
  busy_ = false;
  stalled_ = false;
  for (const auto& operation : done) {
    if (const auto* state = std::get_if<core::PersistHardState>(&operation)) {
      completed_(core::HardStatePersisted{state->hard_state});
    } else {
      const auto& entries = std::get<core::PersistEntries>(operation);
      completed_(core::EntriesPersisted{entries.accepting_term, entries.entries.back()->index});
    }
  }
  start();
}

void SimDisk::set_syncs_hanging() {
  hanging_ = true;
  writes_go_on_ = true;
}

void SimDisk::set_hanging(bool hanging) {
  hanging_ = hanging;
  writes_go_on_ = false;
  if (hanging_) return;
  if (stalled_) {
    synced();
  } else {
    start();
  }
}

void SimDisk::complete_one() {
  // Only while hanging with nothing under way, so that the order is kept.
  if (busy_ && !stalled_) return;
  if (!stalled_) {
    if (waiting_.empty()) return;
    cache(waiting_.front());
    waiting_.pop_front();
    busy_ = true;
  }
  synced();
}

void SimDisk::end_life() {
  ++life_;
  // A crash in the middle of writing leaves a prefix of the batch in the page cache.
  for (std::size_t left = random_.below(batch_ + 1); left > 0; --left) {
    cache(waiting_.front());
    waiting_.pop_front();
  }
  waiting_.clear();
  batch_ = 0;
  busy_ = false;
  stalled_ = false;
}

// What the shipping storage is in the middle of.
SimStorage::Operations SimDisk::take_pending() {
  interrupted_.insert(interrupted_.end(), unsynced_.begin(), unsynced_.end());
  return std::exchange(unsynced_, {});
}

void SimDisk::crash() {
  end_life();
  if (shipping_) shipping_->crash(take_pending());
}

void SimDisk::fail() {
  end_life();
  if (shipping_) shipping_->fail(take_pending());
  failed_ = true;
}

void SimDisk::power_loss() {
  end_life();
  if (shipping_) shipping_->power_loss(take_pending());
  // The kernel may have written some of it back by itself, in order.
  if (random_.per_mille(300)) make_durable(random_.below(unsynced_.size() + 1));
  unsynced_.clear();
  cached_ = durable_;
}

void SimDisk::boot_shipping() {
  DiskImage found = shipping_->boot();
  if (!SimStorage::fits(found, durable_, interrupted_)) {
    violated("shipping storage",
             "a start finds neither what was acknowledged nor what was being written: the log ends "
             "at " +
                 std::to_string(found.last_index()) + ", acknowledged was " +
                 std::to_string(durable_.last_index()) + "; the vote is of term " +
                 std::to_string(found.hard_state.term) + ", acknowledged was " +
                 std::to_string(durable_.hard_state.term));
  }
  interrupted_.clear();
  durable_ = std::move(found);
  cached_ = durable_;
}

void SimDisk::boot(std::function<void()> ready) {
  ++life_;
  failed_ = false;  // The log is rewritten to a fresh file first (R2.6).
  waiting_.clear();
  scheduler_.after(random_.range(low_us_, high_us_),
                   [this, life = life_, ready = std::move(ready)] {
                     if (life != life_) return;
                     if (shipping_) boot_shipping();
                     if (boot_record_) make_durable(unsynced_.size());
                     ready();
                   });
}

}  // namespace starling::sim
