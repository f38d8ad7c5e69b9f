// The inside of the core. One class, its members spread over files by concern:
//   core.cpp         construction, inputs, time, effects that end a step
//   messages.cpp     the envelope, terms of incoming messages, messages held until R2.1 allows them
//   election.cpp     evidence, pre-vote, vote, ranks (R1)
//   leadership.cpp   becoming and ceasing to be leader, heartbeat rounds, check-quorum, commit
//   replication.cpp  the leader's side of AppendEntries
//   follower.cpp     the follower's side, persistence, apply
//   membership.cpp   configurations and their changes (R3), leadership transfer (R3.7)
//   reads.cpp        ReadIndex (R5.1)
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/core/core.h"
#include "server/core/log.h"
#include "server/core/progress.h"
#include "server/core/random.h"

namespace starling::core {

inline constexpr std::size_t kMaxReads = 65'536;         // Pending at a leader; forwarded likewise.
inline constexpr std::size_t kMaxHeldMessages = 16'384;  // Waiting for term and vote.
inline constexpr std::size_t kMaxRounds = 1'024;         // Heartbeat rounds not confirmed yet.
inline constexpr std::size_t kMaxAnsweredRounds = 64;    // Whose times a follower remembers.
inline constexpr TimeUs kMaxResendDelayUs = 2'000'000;
inline constexpr int kQuickRetries = 5;

class Core::Impl {
 public:
  Impl(const Options& options, const Restored& restored, TimeUs now_us);

  void step(const Input& input, Effects& effects);
  TimeUs next_deadline_us() const;
  State state() const;
  const Configuration& configuration() const;
  Index configuration_index() const;
  std::vector<PeerView> peers() const;
  NodeId removable(TimeUs dead_after_us) const;

 private:
  struct PendingRead {
    NodeId from = kNoNode;  // Own id: asked for here.
    std::uint64_t id = 0;
    Index index = 0;
    std::uint64_t round = 0;  // The first round that may confirm it.
  };
  struct Round {
    std::uint64_t number = 0;
    TimeUs started_us = 0;
    Index commit = 0;  // When it was started; 0: the no-op had not committed.
  };

  // core.cpp
  void on_time();
  void on_leader_time();
  void handle(const Event& event);
  void on_propose(const Propose& propose);
  void on_applied(Index index);
  std::size_t uncommitted_bytes() const { return log_.unapplied_bytes() - apply_backlog_bytes_; }
  void fail(Fault fault);
  void on_peer_unreachable(NodeId peer);
  void on_peer_connected(NodeId peer);
  void finish_step();
  bool disk_hangs() const;

  // messages.cpp
  void receive(const Message& message);
  void receive_current(const Message& message);
  void send(NodeId to, MessageBody body) { send_in_term(to, term_, std::move(body)); }
  void send_in_term(NodeId to, Term term, MessageBody body);
  void refuse_stale(const Message& message);
  bool may_speak() const { return !hard_state_changed_ && hard_states_writing_.empty(); }
  void on_hard_state_persisted(const HardState& hard_state);
  void flush_hard_state();

  // election.cpp
  void set_term(Term term);
  void set_leader(NodeId leader);
  void become_follower(Term term);
  void hear_leader(NodeId leader);
  bool has_no_leader_by_own_evidence() const;
  bool votes_or_may_still() const;
  bool may_campaign() const;
  bool alone() const;  // The only voter.
  std::size_t rank() const;
  TimeUs first_attempt_delay_us();
  TimeUs random_timeout_us();
  void on_election_timeout();
  void start_pre_vote();
  void start_election(bool transfer);
  void request_votes(bool pre_vote, bool transfer);
  void on_vote_request(const Message& message, const VoteRequest& request);
  void on_vote_response(const Message& message, const VoteResponse& response);
  void tally();
  void retry_soon();

  // leadership.cpp
  void become_leader();
  void leave_leadership();
  void append_own(EntryKind kind, std::string data, WallMs stamp_ms);
  void persist_from(Index first);
  WallMs stamp_ms() const;
  void keep_time();
  void start_round();
  void confirm_rounds();
  void offer_freshness(Index commit);
  static void note_answer(Progress& progress, std::uint64_t next_round);
  void on_heartbeat_response(NodeId from, const HeartbeatResponse& response);
  TimeUs quorum_lapses_us() const;
  bool has_live_quorum() const;
  void maybe_commit();
  void tell_commit();

  // The value that a quorum of the voters has reached: the quorum-th largest. `of(id, progress)`
  // gives a voter's; progress is null for this node itself.
  template <typename Of>
  auto reached_by_quorum(Of of) const {
    std::vector<decltype(of(NodeId{}, static_cast<const Progress*>(nullptr)))> values;
    for (const Member& member : configuration().members) {
      if (!member.voter) continue;
      const auto found = progress_.find(member.id);
      values.push_back(of(member.id, found == progress_.end() ? nullptr : &found->second));
    }
    if (values.empty()) return typename decltype(values)::value_type{};
    const std::size_t place = configuration().quorum() - 1;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place),
                     values.end(), std::greater<>());
    return values[place];
  }

  // replication.cpp
  void replicate_to_all();
  void replicate(NodeId peer, Progress& progress, bool even_empty = false);
  void send_entries(NodeId peer, Progress& progress, std::vector<EntryPtr> entries);
  void ask_log(NodeId peer, Progress& progress);
  void send_to_snapshot(NodeId peer, Progress& progress);
  void on_log_read(const LogRead& read);
  void on_append_response(NodeId from, const AppendResponse& response);
  void on_append_rejected(NodeId from, Progress& progress, const AppendResponse& response);
  void on_resend_timeout(NodeId peer, Progress& progress);
  void arm_resend(Progress& progress);
  void moved(Progress& progress);

  // follower.cpp
  void on_append_request(NodeId from, const AppendRequest& request);
  bool backlogged() const;
  void on_install_snapshot(NodeId from, const InstallSnapshot& request);
  void accept_entries(const AppendRequest& request);
  void accept_behind_base(const AppendRequest& request);
  void acknowledge();
  void on_heartbeat_request(NodeId from, const HeartbeatRequest& request);
  void note_fresh(const HeartbeatRequest& request);
  void on_entries_persisted(const EntriesPersisted& persisted);
  void commit_to(Index index);
  void emit_apply();

  // membership.cpp
  void note_reached(NodeId by, const std::vector<NodeId>& unreached);
  std::size_t voters_heard(const Configuration& among) const;
  void note_configuration(const Entry& entry);
  void roll_back_configurations(Index first_removed);
  void follow_configuration(Index next);
  void on_change_membership(const ChangeMembership& change);
  std::pair<Refusal, std::optional<Configuration>> changed(const ChangeMembership& change) const;
  void part_with_departed();
  void on_transfer(const Transfer& transfer);
  NodeId most_advanced_voter() const;
  void hand_over_when_ready();
  void end_transfer(TransferResult result);
  void on_timeout_now(NodeId from);

  // reads.cpp
  void on_read(const Read& read);
  void lead_read(NodeId from, std::uint64_t id);
  void queue_confirmation(PendingRead read);
  void release_waiting_reads();
  void answer_confirmed_reads();
  void answer_read(const PendingRead& read, bool ok);
  void on_read_index_request(NodeId from, const ReadIndexRequest& request);
  void on_read_index_response(const ReadIndexResponse& response);
  void fail_own_leader_reads();
  void fail_forwarded_reads();
  void expire_forwarded_reads();

  const Options options_;
  Random random_;
  TimeUs now_us_ = 0;
  WallMs wall_ms_ = 0;
  Effects* out_ = nullptr;  // During a step.

  // Persistent state, and how far it has got to the disk.
  Term term_ = 0;
  NodeId vote_ = kNoNode;
  bool hard_state_changed_ = false;  // Not ordered yet.
  std::deque<std::pair<HardState, TimeUs>> hard_states_writing_;
  std::deque<Message> held_;
  bool failed_ = false;  // fault_ is not kNone.
  Fault fault_ = Fault::kNone;

  Log log_;
  Index commit_index_ = 0;
  Index emitted_index_ = 0;                                      // Given out in `apply`.
  std::size_t apply_backlog_bytes_ = 0;                          // Committed, not applied.
  std::vector<std::pair<Index, Configuration>> configurations_;  // The last one is in force.
  std::uint64_t configuration_version_ = 1;                      // Counts their changes.

  Role role_ = Role::kFollower;
  NodeId leader_ = kNoNode;
  NodeId last_leader_ = kNoNode;  // Of any term.

  // Followers and candidates.
  TimeUs leader_heard_us_ = 0;          // Any leader, any term; the start counts as one.
  TimeUs leader_heard_in_term_us_ = 0;  // 0: not in this term.
  bool link_broken_ = false;            // Evidence of R1.2: cleared by hearing a leader.
  // rank() by the configuration and the lost leader that it was counted for.
  mutable std::size_t rank_ = 0;
  mutable std::pair<std::uint64_t, NodeId> rank_of_{0, kNoNode};
  bool awaiting_disk_ = false;  // The attempt waits for entries to become durable.
  TimeUs election_at_us_ = 0;
  int quick_retries_ = 0;
  std::set<NodeId> granted_;
  std::set<NodeId> refused_;
  Index verified_index_ = 0;                   // Equal to the log of this term's leader.
  bool ack_due_ = false;                       // Verified, not durable yet.
  std::map<std::uint64_t, TimeUs> forwarded_;  // Reads: id, deadline.
  std::deque<std::pair<TimeUs, std::uint64_t>> forwarded_by_time_;
  std::deque<std::pair<std::uint64_t, TimeUs>> answered_rounds_;  // Of this term; when.
  std::uint64_t last_answered_round_ = 0;
  // Of any term: what State says. Never goes back.
  TimeUs fresh_us_ = 0;
  Index fresh_index_ = 0;

  // Leader.
  std::vector<NodeId> unreached_;  // What this node says in its heartbeat responses.
  std::map<NodeId, Progress> progress_;
  TimeUs removed_us_ = 0;  // When a voter was last taken out in this reign, or it began.
  TimeUs leader_since_us_ = 0;
  Index noop_index_ = 0;
  TimeUs heartbeat_at_us_ = kNever;
  std::uint64_t round_ = 0;  // Never reused while the node runs.
  std::uint64_t confirmed_round_ = 0;
  TimeUs quorum_contact_us_ = 0;
  std::deque<Round> rounds_;            // Not confirmed.
  std::deque<PendingRead> waiting_;     // For the no-op.
  std::deque<PendingRead> confirming_;  // For a round.
  bool transferring_ = false;
  NodeId transfer_target_ = kNoNode;
  bool timeout_now_sent_ = false;
  TimeUs transfer_until_us_ = kNever;
};

}  // namespace starling::core
