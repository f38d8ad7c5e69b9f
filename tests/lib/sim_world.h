// A whole simulated cluster with its clients, faults and checks: one seed, one history.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/core/core.h"
#include "tests/lib/invariants.h"
#include "tests/lib/random.h"
#include "tests/lib/scheduler.h"
#include "tests/lib/sim_network.h"
#include "tests/lib/sim_node.h"
#include "tests/lib/trace.h"

namespace starling::sim {

class SimClient;
class Faults;
class Membership;
class Snapshots;

inline constexpr core::WallMs kWallStartMs = 1'800'000'000'000;
inline constexpr std::uint64_t kMaxSteps = 3'000'000;

enum class Fault : std::uint8_t {
  kCrash,
  kPowerLoss,
  kRestart,
  kPause,
  kPartition,
  kOneWay,
  kLoss,
  kDuplication,
  kReordering,
  kDelay,
  kSlowDisk,
  kClockJump,
  kLinkBreak,
  kJoin,
  kLeave,
  kTransfer,
  kDiskError,
  kFlap,               // One link, or all of one server, many times a second.
  kFlappingPartition,  // The same cut comes and goes.
  kAsymmetric,         // A ring, groups that hear in one direction, no full mesh.
  kLateCopy,           // A message arrives again much later, across restarts and cuts.
  kStuffed,            // Paused for long while much is sent to it.
  kAllClocks,          // All jump together, forwards or back.
  kRejoin,             // The same server leaves and joins, again and again.
  kWipe,               // An empty directory at the old address, so a new identity.
  kRemoveLive,         // A second operator's removal, whatever else is under way.
  kCutTransfer,        // A handover while a partition begins.
  kClientCrash,        // Its outbox and its cursor survive.
};
inline constexpr std::size_t kFaults = 28;
using FaultMask = std::uint64_t;  // A bit for each Fault.
inline constexpr FaultMask kAllFaults = (FaultMask{1} << kFaults) - 1;
std::string_view fault_name(Fault fault);

// Liveness: faults for a while, then all is healed and everything has to come to rest in time.
// Safety: the faults never end and nothing has to get done; at the end every election that could
// still take place has to find all that was acknowledged.
enum class Mode : std::uint8_t { kLiveness, kSafety };
inline constexpr std::size_t kModes = 2;
std::string_view mode_name(Mode mode);

// The bounds of liveness, from the healing on: the open membership changes, then every client's
// answer to all it asked and to one write more, then agreement of all members.
inline constexpr core::TimeUs kMembersSettleUs = 60'000'000;
inline constexpr core::TimeUs kClientsSettleUs = 20'000'000;
inline constexpr core::TimeUs kAgreementUs = 10'000'000;

struct Settings {
  std::uint64_t seed = 1;
  Mode mode = Mode::kLiveness;
  FaultMask faults = kAllFaults;
  core::ClusterId cluster = 1;
  core::Options core;
  int voters = 3;  // At first.
  int spares = 0;  // Servers that may join.
  std::size_t least_voters = 3;
  core::TimeUs net_low_us = 100;
  core::TimeUs net_high_us = 1'000;
  core::TimeUs disk_low_us = 50;
  core::TimeUs disk_high_us = 500;
  core::TimeUs timer_late_us = 500;
  core::TimeUs gather_us = 500;
  core::TimeUs apply_delay_us = 1'000;
  std::size_t apply_batch = 64;
  core::Index checkpoint_every = 50;
  bool compact = false;  // The log, after checkpoints; at most log_keep entries stay.
  core::Index log_keep = 0;
  std::size_t snapshot_chunks = 1;
  core::TimeUs dead_after_us = 0;  // Healing (R3.4); 0: none.
  bool plain_ids = false;          // Node ids are the numbers: scenarios.
  bool forwarding = true;          // Backups take writes to the primary.
  bool shipping_storage = false;   // The LogStore and VoteFile that ship run under the model.
  bool searching = false;          // Clients search, in the index that ships.
  int clients = 3;
  std::size_t pipeline = 8;
  core::TimeUs think_us = 60'000;
  core::TimeUs chaos_us = 8'000'000;
  core::TimeUs fault_gap_us = 500'000;
};
// What a seed draws, of these faults and in this mode; without one it draws the mode as well.
Settings draw_settings(std::uint64_t seed, FaultMask faults, std::optional<Mode> mode);

struct Stats {
  std::uint64_t steps = 0;
  std::uint64_t elections = 0;
  std::uint64_t commits = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t dedupe_hits = 0;
  std::uint64_t reads = 0;  // Linearizable.
  std::uint64_t stale_reads = 0;
  std::uint64_t session_reads = 0;
  std::uint64_t log_reads = 0;
  std::uint64_t transfers_done = 0;
  std::uint64_t events = 0;  // Seen by subscribers.
  std::uint64_t compactions = 0;
  std::uint64_t snapshots_made = 0;
  std::uint64_t snapshots_installed = 0;
  std::uint64_t snapshots_resumed = 0;  // Continued behind a broken link.
  std::uint64_t healed = 0;             // Dead servers removed,
  std::uint64_t returned = 0;           // and taken in again.
  std::uint64_t pre_votes_refused = 0;
  std::uint64_t configurations_rolled_back = 0;
  std::uint64_t leaders_lost_to_disk_errors = 0;
  std::uint64_t dedupe_hits_after_failover = 0;
  std::uint64_t reigns_given_up = 0;     // Stepped down without having heard of a higher term.
  std::uint64_t overwrites = 0;          // Entries that gave way to another leader's.
  std::uint64_t replacements = 0;        // Wiped servers that vote again under a new id.
  std::uint64_t misaddressed = 0;        // Messages to the id that a wiped server had.
  std::uint64_t late_copies = 0;         // Messages that came again in another life or reign.
  std::uint64_t transfers_failed = 0;    // Given up.
  std::uint64_t changes_refused = 0;     // Membership: R3.1 made somebody wait.
  std::uint64_t outbox_resends = 0;      // Sends of an earlier life of their client, offered again,
  std::uint64_t outbox_dedupe_hits = 0;  // and found to have happened.
  std::uint64_t forwarded = 0;           // Writes that a backup took to the primary.
  std::uint64_t voided = 0;              // Sends that were cancelled in time.
  std::uint64_t expired_copies = 0;      // Late copies refused for their age.
  std::uint64_t stale_log_ins_refused = 0;
  std::uint64_t sessions_evicted = 0;  // Of clients whose retried log-ins made too many.
  std::uint64_t owners_succeeded = 0;  // Heirs of owners that left,
  std::uint64_t members_returned = 0;  // and members of a group that came again.
  std::uint64_t searches = 0;          // Whose answer was compared with the chat model's.
  std::uint64_t autopsies = 0;         // Safety runs whose disks were looked at.
  std::uint64_t seeds_on_shipping_storage = 0;
  std::uint64_t power_losses_on_shipping_storage = 0;
  std::uint64_t ended_in_the_middle_of_a_write = 0;  // Of the shipping storage.
  std::array<std::uint64_t, kFaults> faults{};
};

// Every number of Stats by name. The rare ones are paths that a long sweep has to have taken.
struct StatName {
  const char* name;
  std::uint64_t Stats::*value;
  bool rare = false;
};
inline constexpr StatName kStatNames[] = {
    {"steps", &Stats::steps},
    {"elections", &Stats::elections},
    {"commits", &Stats::commits},
    {"acknowledged", &Stats::acknowledged},
    {"dedupe_hits", &Stats::dedupe_hits, true},
    {"reads", &Stats::reads},
    {"stale_reads", &Stats::stale_reads},
    {"session_reads", &Stats::session_reads},
    {"log_reads", &Stats::log_reads, true},
    {"transfers_done", &Stats::transfers_done, true},
    {"transfers_failed", &Stats::transfers_failed, true},
    {"events", &Stats::events},
    {"compactions", &Stats::compactions, true},
    {"snapshots_made", &Stats::snapshots_made, true},
    {"snapshots_installed", &Stats::snapshots_installed, true},
    {"snapshots_resumed", &Stats::snapshots_resumed, true},
    {"healed", &Stats::healed, true},
    {"returned", &Stats::returned, true},
    {"pre_votes_refused", &Stats::pre_votes_refused, true},
    {"configurations_rolled_back", &Stats::configurations_rolled_back, true},
    {"leaders_lost_to_disk_errors", &Stats::leaders_lost_to_disk_errors, true},
    {"dedupe_hits_after_failover", &Stats::dedupe_hits_after_failover, true},
    {"reigns_given_up", &Stats::reigns_given_up, true},
    {"overwrites", &Stats::overwrites, true},
    {"replacements", &Stats::replacements, true},
    {"misaddressed", &Stats::misaddressed, true},
    {"late_copies", &Stats::late_copies, true},
    {"changes_refused", &Stats::changes_refused, true},
    {"outbox_resends", &Stats::outbox_resends, true},
    {"outbox_dedupe_hits", &Stats::outbox_dedupe_hits, true},
    {"forwarded", &Stats::forwarded, true},
    {"voided", &Stats::voided, true},
    {"expired_copies", &Stats::expired_copies, true},
    {"stale_log_ins_refused", &Stats::stale_log_ins_refused, true},
    {"sessions_evicted", &Stats::sessions_evicted},
    {"owners_succeeded", &Stats::owners_succeeded, true},
    {"members_returned", &Stats::members_returned, true},
    {"searches", &Stats::searches, true},
    {"autopsies", &Stats::autopsies, true},
    {"seeds_on_shipping_storage", &Stats::seeds_on_shipping_storage, true},
    {"power_losses_on_shipping_storage", &Stats::power_losses_on_shipping_storage, true},
    {"ended_in_the_middle_of_a_write", &Stats::ended_in_the_middle_of_a_write, true},
};

class World {
 public:
  World(const Settings& settings, bool printing);
  ~World();

  // As the mode says. Throws Violation.
  void run();

  // ---- For scenarios
  void advance(core::TimeUs by_us);
  bool run_until(core::TimeUs limit_us, const std::function<bool()>& done);
  void start_all();
  void start_clients();
  void keep_connected();  // Reconnects what can be, again and again.
  void heal();
  // Every client answered, every member at the same index with the same hash (P1-P5, liveness).
  void come_to_rest();
  // The end of a safety run: what the disks still hold (P1).
  void examine_disks();

  core::TimeUs now_us() const { return scheduler.now_us(); }
  SimNode& node(int number) { return *nodes_[static_cast<std::size_t>(number - 1)]; }
  int node_count() const { return static_cast<int>(nodes_.size()); }
  int number_of(core::NodeId id) const;  // Of its address, also for an id of the past; 0: unknown.
  bool is_present(core::NodeId id) const;  // False for the id of a disk that was wiped.
  // What that identity holds durably, or held when it was wiped.
  const DiskImage& disk_of(core::NodeId id) const;
  core::NodeId former_id(int number) const;  // What was wiped there; kNoNode: nothing.
  void wipe(int number);                     // The same address with an empty disk and a new id.
  std::string name_of(core::NodeId id) const;
  // The up node that leads the highest term, or 0.
  int leader();
  int some_up_node();  // By chance; 0: none.
  std::vector<std::unique_ptr<SimClient>>& clients() { return clients_; }
  Membership& membership() { return *membership_; }
  Snapshots& snapshots() { return *snapshots_; }
  core::WallMs latest_good_wall_ms() const;
  void note_good_clock(core::WallMs skew_ms);
  void count(Fault fault) { ++stats.faults[static_cast<std::size_t>(fault)]; }
  Stats final_stats() const;

  template <typename Text>
  void note(std::string_view what, std::initializer_list<std::uint64_t> numbers, Text&& text) {
    if (trace.printing()) {
      trace.note(now_us(), what, numbers, text());
    } else {
      trace.note(now_us(), what, numbers);
    }
  }
  void note(std::string_view what, std::initializer_list<std::uint64_t> numbers) {
    trace.note(now_us(), what, numbers);
  }

  const Settings settings;
  Scheduler scheduler;
  Random random;
  Trace trace;
  Network network;
  Invariants invariants;
  Stats stats;
  void leap(core::WallMs by_ms);  // All wall clocks together.
  core::WallMs leap_ms() const { return leap_ms_; }

 private:
  void bootstrap();
  bool members_converged(std::string& why);
  bool clients_idle() const;
  void agree();
  void watch_time();
  void final_checks();

  std::vector<std::unique_ptr<SimNode>> nodes_;
  std::vector<std::unique_ptr<SimClient>> clients_;
  std::unique_ptr<Membership> membership_;
  std::unique_ptr<Snapshots> snapshots_;
  std::unique_ptr<Faults> faults_;
  std::map<core::NodeId, std::pair<int, DiskImage>> wiped_;  // Identities of the past.
  core::WallMs leap_ms_ = 0;
  core::WallMs good_skew_ms_ = 0;  // The largest of the sound clocks, ever.
  core::WallMs latest_good_ms_ = 0;
};

}  // namespace starling::sim
