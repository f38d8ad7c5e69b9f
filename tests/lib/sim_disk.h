// A simulated log store: what was written sits in the page cache until an fsync makes it durable. A
// process crash keeps the page cache; a power loss keeps what was fsynced and, by chance, some of
// the rest, never the other way round.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "server/core/core.h"
#include "tests/lib/random.h"
#include "tests/lib/scheduler.h"
#include "tests/lib/sim_log.h"
#include "tests/lib/sim_storage.h"

namespace starling::sim {

class SimDisk {
 public:
  SimDisk(Scheduler& scheduler, Random& random) : scheduler_(scheduler), random_(random) {}

  // From the first install() on: what the model does is done by the shipping storage too, and each
  // start goes on from what that has.
  void use_shipping_storage(int number, std::uint64_t seed);
  SimStorage* shipping() const { return shipping_.get(); }  // Null: the model alone.

  // Where completions go: they come in the order of submit().
  void on_completed(std::function<void(core::Event)> completed) {
    completed_ = std::move(completed);
  }
  void submit(const core::Persist& operation);
  void crash();
  void power_loss();
  // Writes and fsyncs give errors until the next boot: nothing is completed any more. What lies in
  // the page cache may or may not get to the disk.
  void fail();
  bool failed() const { return failed_; }
  // Restart (R2.6): what is read from the page cache is made durable before anything is said.
  void boot(std::function<void()> ready);

  const DiskImage& cached() const { return cached_; }
  const DiskImage& durable() const { return durable_; }
  // A first disk: everything on it is durable.
  void install(DiskImage image);
  // One transaction each, so there is no state between.
  void compact_to(core::Index index);
  // Before the first step of a life: `base` is where the log begins now. What the log holds behind
  // it stays when it is of the same history (dissertation section 5.3).
  void install_snapshot(const SimLog& base);

  void set_latency(core::TimeUs low_us, core::TimeUs high_us);
  void set_hanging(bool hanging);
  // Writes go on into the page cache, fsyncs hang.
  void set_syncs_hanging();
  // Completes the oldest operation at once, hanging or not.
  void complete_one();
  // Scenario switch that breaks R2.6 on purpose: the boot record is left out.
  void set_boot_record(bool on) { boot_record_ = on; }

 private:
  void end_life();
  SimStorage::Operations take_pending();
  void boot_shipping();
  void start();
  void written();
  void synced();
  void cache(const core::Persist& operation);
  void make_durable(std::size_t operations);

  Scheduler& scheduler_;
  Random& random_;
  std::function<void(core::Event)> completed_;
  DiskImage cached_;
  DiskImage durable_;
  std::deque<core::Persist> waiting_;   // Not yet written.
  std::deque<core::Persist> unsynced_;  // In the page cache only.
  std::size_t batch_ = 0;               // How many of waiting_ are being written.
  bool busy_ = false;
  bool hanging_ = false;
  bool writes_go_on_ = false;  // While hanging.
  bool stalled_ = false;       // An fsync is done but for the hanging.
  bool boot_record_ = true;
  bool failed_ = false;
  std::unique_ptr<SimStorage> shipping_;
  SimStorage::Operations interrupted_;  // May or may not be on the disk.
  std::uint64_t life_ = 0;              // Callbacks of an earlier life are void.
  core::TimeUs low_us_ = 100;
  core::TimeUs high_us_ = 500;
};

}  // namespace starling::sim
