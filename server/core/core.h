// The consensus core: Raft as in Ongaro's dissertation (ch. 3, 4, 6.4, 9.6, 10.2.1), with the rules
// R1-R3 and R5.1 of this system. A pure state machine: inputs and the time go in, effects come out.
// It owns no clock, thread, socket, disk or source of chance; the same inputs give the same
// effects, always.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "server/core/messages.h"
#include "server/core/types.h"

namespace starling::core {

struct Options {
  NodeId id = kNoNode;
  ClusterId cluster = 0;
  Epoch epoch = 1;
  TimeUs heartbeat_us = 50'000;
  TimeUs election_us = 250'000;  // The election minimum.
  TimeUs rank_step_us = 10'000;  // R1.4
  // Stands so many ranks later than its address has it: a hint that others should lead. Like the
  // rank it delays the first attempt only, and nobody waits for a better candidate (R1.4).
  std::size_t reluctance = 0;
  TimeUs jitter_us = 5'000;              // Added to a first attempt, uniformly from 0.
  std::size_t max_batch_entries = 1024;  // Of one AppendRequest; at least 1.
  std::size_t max_batch_bytes = 1 << 20;
  std::size_t max_in_flight = 64;  // AppendRequests unanswered, for each follower; at least 1.
  std::size_t max_uncommitted_bytes = 64 << 20;  // Proposals beyond it are refused as overloaded.
  std::size_t cache_bytes = 64 << 20;            // Entries kept in memory behind what is applied.
  // How far replicated time may fall behind the voters' clocks while nobody writes; above 0. A
  // leader that sees it so far behind appends a no-op (R4.4).
  WallMs max_time_lag_ms = 60'000;
  std::uint64_t seed = 1;  // Of the jitter.
  std::uint64_t boot = 0;  // Random, another one at each start (R5.3).
};

// What a node finds on its own disk when it starts.
struct Restored {
  HardState hard_state;
  // The log holds the entries behind this one. What came up to it is in the state machine only
  // (dissertation section 5.1). 0: the log is whole.
  Index base_index = 0;
  Term base_term = 0;
  // The terms of the log, run by run: {first index, term}, ascending, from base_index + 1 on.
  std::vector<std::pair<Index, Term>> term_runs;
  Index last_index = 0;
  // The newest configurations, ascending by index: the one in force at base_index, and all entries
  // of that kind in the log.
  std::vector<std::pair<Index, Configuration>> configurations;
  // The entries from `applied_index + 1` to `last_index`, at least.
  std::vector<EntryPtr> tail;
  Index applied_index =
      0;  // What the state machine holds. Nothing at or below is emitted in `apply` again.
  WallMs last_stamp_ms = 0;
};

// ---- Inputs
// ------------------------------------------------------------------------------------------

struct Tick {};  // Only time has passed.
struct Receive {
  Message message;
};
// Completions, in the order of the Persist effects.
struct HardStatePersisted {
  HardState hard_state;
};
struct EntriesPersisted {
  Term accepting_term = 0;  // As in the PersistEntries effect.
  Index index = 0;          // Its last index.
};
struct PersistFailed {};  // The disk refused: this node has no say any more.
// The answer to a ReadLog effect; `entries` starts at its `from`, is not empty.
struct LogRead {
  NodeId peer = kNoNode;
  Index from = 0;
  std::vector<EntryPtr> entries;
};
// The link to a peer ended and one immediate reconnect was refused (R1.2).
struct PeerUnreachable {
  NodeId peer = kNoNode;
};
// The link to a peer was (re)established: what was under way on the old one may be lost.
struct PeerConnected {
  NodeId peer = kNoNode;
};
struct Proposal {
  std::uint64_t id = 0;  // The caller's own, for ProposalOutcome.
  std::string data;
};
// The members to which this node has no link now: told to the leader (R3.4). Said when it changes.
struct Unreached {
  std::vector<NodeId> peers;
};
struct Propose {
  std::vector<Proposal> proposals;
};
enum class MembershipOp : std::uint8_t {
  kAddLearner,
  kAddReturning,  // A learner that had been removed as dead (Member::returning).
  kPromote,
  kRemove,      // The node is told, and stays away.
  kRemoveDead,  // It cannot be told (R3.4): it may come back, and will ask to be let in.
};
struct ChangeMembership {
  std::uint64_t id = 0;  // As Proposal::id.
  MembershipOp op = MembershipOp::kAddLearner;
  NodeId node = kNoNode;
  std::string address;  // On adding: also updates the address of a known member.
};
// A linearizable read. On a follower it is forwarded to the leader once.
struct Read {
  std::uint64_t id = 0;
  // Above 0: what was acknowledged longer ago than this has to be seen, younger writes need not
  // (R5.3). Answered at once while this node can vouch for that by itself.
  TimeUs max_age_us = 0;
};
// Hand over to `target`; kNoNode: the most advanced other voter.
struct Transfer {
  NodeId target = kNoNode;
};
// The state machine has applied up to here: the cache may let go.
struct Applied {
  Index index = 0;
};
// Entries up to here are about to leave the log store; at most what was Applied. What the node
// still holds of them is not asked for again: who lacks them needs a snapshot.
struct Compacted {
  Index index = 0;
};

using Event = std::variant<Tick, Receive, HardStatePersisted, EntriesPersisted, PersistFailed,
                           LogRead, PeerUnreachable, PeerConnected, Unreached, Propose,
                           ChangeMembership, Read, Transfer, Applied, Compacted>;

struct Input {
  TimeUs now_us = 0;   // Never goes back.
  WallMs wall_ms = 0;  // The node's wall clock; may jump; used for replicated time only (R4.4).
  Event event;
};

// ---- Effects
// -----------------------------------------------------------------------------------------

// Writes and fsyncs term and vote.
struct PersistHardState {
  HardState hard_state;
};
// Removes every entry from entries.front()->index on, appends these, fsyncs. Never empty.
struct PersistEntries {
  Term accepting_term = 0;
  std::vector<EntryPtr> entries;
};
using Persist = std::variant<PersistHardState, PersistEntries>;

// Entries older than the cache are wanted for a follower: answer with LogRead.
struct ReadLog {
  NodeId peer = kNoNode;
  Index from = 0;
  Index to = 0;               // Inclusive; never beyond what is durable here.
  std::size_t max_bytes = 0;  // At least one entry is given whatever its size.
};

// The leader `from` no longer has the entries that this node lacks: fetch a snapshot that holds
// everything up to `index` at least, put it in the place of state machine and log, and start the
// node again from there. Said again until it has come; meanwhile the node goes on as it is.
struct FetchSnapshot {
  NodeId from = kNoNode;
  Index index = 0;
};

enum class Refusal : std::uint8_t {
  kNone,
  kNotLeader,     // Nothing was appended.
  kTransferring,  // A handover is under way. Nothing was appended.
  kOverloaded,    // Too much is uncommitted. Nothing was appended.
  kBusy,          // Membership: R3.1 does not allow it yet.
  kInvalid,       // Membership: unknown node, or not possible.
};
// Says where a proposal stands in the log. It is *done* only when `apply` gives an entry of this
// very index and term.
struct ProposalOutcome {
  std::uint64_t id = 0;
  Refusal refusal = Refusal::kNone;
  Term term = 0;
  Index index =
      0;  // For a membership change that is already so: the index of the present configuration.
};
struct ReadOutcome {
  std::uint64_t id = 0;
  bool ok = false;  // False: no leader, or its quorum could not be confirmed. Try again.
  Index index = 0;  // Answer once the state machine has applied up to here.
};
enum class TransferResult : std::uint8_t { kDone, kRefused, kTimedOut };
struct TransferOutcome {
  TransferResult result = TransferResult::kRefused;
};

// In what order to carry them out: `persist` in order among themselves; the rest as you like. The
// core itself holds back every message that must not leave before something is durable.
struct Effects {
  std::vector<Persist> persist;
  std::vector<Message> messages;
  std::vector<EntryPtr>
      apply;  // Committed, durable in this node's own log (R2.3), ascending, each once.
  std::vector<ReadLog> read_log;
  std::vector<FetchSnapshot> fetch_snapshot;
  std::vector<ProposalOutcome> proposals;
  std::vector<ReadOutcome> reads;
  std::vector<TransferOutcome> transfers;
  bool state_changed = false;  // Role, term, leader or configuration: look at state().

  void clear();
};

// ---- The node as seen from outside
// --------------------------------------------------------------------

enum class Role : std::uint8_t { kFollower, kPreCandidate, kCandidate, kLeader };

struct PeerView {
  NodeId id = kNoNode;
  Index match = 0;
  TimeUs heard_us = 0;  // When this leader last heard from it; 0: not in this term.
  // When this leader, or a voter that reports to it, last reached it; at the earliest the beginning
  // of the reign.
  TimeUs reached_us = 0;
};

// Why a node has no say any more: it neither votes nor campaigns nor acknowledges until it ends.
enum class Fault : std::uint8_t {
  kNone,
  kDisk,     // PersistFailed.
  kLogLost,  // Its log ends below what it had vouched for as durable: it must not come back (R2.7).
  kDiverged,  // A leader's log differs from what is committed here: some server broke a promise.
};

struct State {
  Role role = Role::kFollower;
  Term term = 0;
  NodeId vote = kNoNode;
  NodeId leader = kNoNode;  // As known by this node, in this term.
  Index base_index = 0;     // The log begins behind it.
  Index last_index = 0;
  Term last_term = 0;  // Of the last entry.
  Index durable_index = 0;
  Index commit_index = 0;
  bool transferring = false;
  Fault fault = Fault::kNone;
  // Leader: when the last round that a quorum has answered was started; follower: when the leader
  // was last heard. 0: never in this term.
  TimeUs quorum_contact_us = 0;
  bool noop_committed = false;  // Leader: the first entry of its term has committed.
  // Whatever was acknowledged anywhere before `fresh_us` is at or below `fresh_index` (R5.3). 0:
  // nothing is known.
  TimeUs fresh_us = 0;
  Index fresh_index = 0;
};

// Thread contract: none; one caller at a time.
class Core {
 public:
  Core(const Options& options, const Restored& restored, TimeUs now_us);
  ~Core();
  Core(Core&&) noexcept;
  Core& operator=(Core&&) noexcept;

  // Feeds one input and appends what has to be done to `effects`.
  void step(const Input& input, Effects& effects);

  // When a Tick is due at the latest; later inputs may move it.
  TimeUs next_deadline_us() const;

  State state() const;
  // In force: the newest in the log, committed or not (dissertation section 4.1).
  const Configuration& configuration() const;
  Index configuration_index() const;
  // Leader only: one for every other member. Empty on others.
  std::vector<PeerView> peers() const;
  // R3.4, leader only: the voter that may be removed now because nobody has reached it for
  // `dead_after_us`; kNoNode: none. The voters heard within an election minimum are a majority
  // before and after, three voters stay, and the last removal was as long ago.
  NodeId removable(TimeUs dead_after_us) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::core
