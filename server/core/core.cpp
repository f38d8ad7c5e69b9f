// The core's outside and the frame of a step: time first, then the event, then what ends a step.
#include "server/core/core.h"

#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

void Effects::clear() {
  persist.clear();
  messages.clear();
  apply.clear();
  read_log.clear();
  fetch_snapshot.clear();
  proposals.clear();
  reads.clear();
  transfers.clear();
  state_changed = false;
}

Core::Core(const Options& options, const Restored& restored, TimeUs now_us)
    : impl_(std::make_unique<Impl>(options, restored, now_us)) {}
Core::~Core() = default;
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;

void Core::step(const Input& input, Effects& effects) { impl_->step(input, effects); }
TimeUs Core::next_deadline_us() const { return impl_->next_deadline_us(); }
State Core::state() const { return impl_->state(); }
const Configuration& Core::configuration() const { return impl_->configuration(); }
Index Core::configuration_index() const { return impl_->configuration_index(); }
std::vector<PeerView> Core::peers() const { return impl_->peers(); }
NodeId Core::removable(TimeUs dead_after_us) const { return impl_->removable(dead_after_us); }

Core::Impl::Impl(const Options& options, const Restored& restored, TimeUs now_us)
    : options_(options),
      random_(options.seed ^ (options.id * 0x9e3779b97f4a7c15ULL)),
      now_us_(now_us),
      term_(restored.hard_state.term),
      vote_(restored.hard_state.vote),
      log_(restored, options.cache_bytes),
      commit_index_(restored.applied_index),  // What was applied had committed.
      emitted_index_(restored.applied_index),
      configurations_(restored.configurations),
      leader_heard_us_(now_us) {
  STARLING_CORE_CHECK(options.id != kNoNode, "a node needs an id");
  STARLING_CORE_CHECK(options.max_batch_entries > 0 && options.max_in_flight > 0,
                      "batch and window are at least 1");
  STARLING_CORE_CHECK(options.max_time_lag_ms > 0, "time would need an entry at each heartbeat");
  if (term_ < log_.last_term()) {
    // A fresh bootstrap has its first entry before it ever wrote a term. Anything else lost a vote.
    STARLING_CORE_CHECK(term_ == 0 && vote_ == kNoNode && log_.last_term() == 1,
                        "term and vote are older than the log");
    term_ = log_.last_term();
    hard_state_changed_ = true;
  }
  if (configurations_.empty()) configurations_.emplace_back(0, Configuration{});
  // The start counts as having heard a leader (R1.2); one that is alone need not wait for anybody.
  election_at_us_ = alone() ? now_us_ : now_us_ + options_.election_us + first_attempt_delay_us();
}

void Core::Impl::step(const Input& input, Effects& effects) {
  out_ = &effects;
  now_us_ = std::max(now_us_, input.now_us);
  wall_ms_ = input.wall_ms;
  const State before = state();
  const std::uint64_t configuration_before = configuration_version_;
  on_time();
  handle(input.event);
  finish_step();
  const State after = state();
  if (before.role != after.role || before.term != after.term || before.leader != after.leader ||
      before.fault != after.fault || before.transferring != after.transferring ||
      before.noop_committed != after.noop_committed ||
      configuration_before != configuration_version_) {
    effects.state_changed = true;
  }
  out_ = nullptr;
}

void Core::Impl::on_time() {
  if (failed_) return;
  expire_forwarded_reads();
  if (role_ == Role::kLeader) {
    on_leader_time();
  } else if (now_us_ >= election_at_us_) {
    on_election_timeout();
  }
}

void Core::Impl::on_leader_time() {
  // R1.6, before anything that arrived late can count as a contact.
  if (now_us_ >= quorum_lapses_us() || disk_hangs()) {
    become_follower(term_);
    return;
  }
  if (transferring_ && now_us_ >= transfer_until_us_) end_transfer(TransferResult::kTimedOut);
  if (now_us_ >= heartbeat_at_us_) {
    start_round();
    if (transferring_ && timeout_now_sent_) send(transfer_target_, TimeoutNow{});
    keep_time();
  }
  for (auto& [peer, progress] : progress_) {
    if (now_us_ >= progress.resend_at_us) on_resend_timeout(peer, progress);
  }
}

// A write to the own disk has been under way for an election minimum (R1.6).
bool Core::Impl::disk_hangs() const {
  const auto entries = log_.oldest_write_us();
  if (entries && now_us_ - *entries >= options_.election_us) return true;
  return !hard_states_writing_.empty() &&
         now_us_ - hard_states_writing_.front().second >= options_.election_us;
}

void Core::Impl::handle(const Event& event) {
  struct Visitor {
    Impl& core;
    void operator()(const Tick&) {}
    void operator()(const Receive& e) { core.receive(e.message); }
    void operator()(const HardStatePersisted& e) { core.on_hard_state_persisted(e.hard_state); }
    void operator()(const EntriesPersisted& e) { core.on_entries_persisted(e); }
    void operator()(const PersistFailed&) { core.fail(Fault::kDisk); }
    void operator()(const LogRead& e) { core.on_log_read(e); }
    void operator()(const PeerUnreachable& e) { core.on_peer_unreachable(e.peer); }
    void operator()(const PeerConnected& e) { core.on_peer_connected(e.peer); }
    void operator()(const Unreached& e) { core.unreached_ = e.peers; }
    void operator()(const Propose& e) { core.on_propose(e); }
    void operator()(const ChangeMembership& e) { core.on_change_membership(e); }
    void operator()(const Read& e) { core.on_read(e); }
    void operator()(const Transfer& e) { core.on_transfer(e); }
    void operator()(const Applied& e) { core.on_applied(e.index); }
    void operator()(const Compacted& e) { core.log_.compact_to(e.index); }
  };
  std::visit(Visitor{*this}, event);
}

void Core::Impl::on_propose(const Propose& propose) {
  Refusal refusal = Refusal::kNone;
  if (role_ != Role::kLeader) {
    refusal = Refusal::kNotLeader;
  } else if (transferring_) {
    refusal = Refusal::kTransferring;
  } else if (uncommitted_bytes() > options_.max_uncommitted_bytes ||
             apply_backlog_bytes_ > 2 * options_.max_uncommitted_bytes) {
    refusal = Refusal::kOverloaded;
  }
  const Index first = log_.last_index() + 1;
  const WallMs stamp = refusal == Refusal::kNone ? stamp_ms() : 0;
  for (const Proposal& proposal : propose.proposals) {
    ProposalOutcome outcome{proposal.id, refusal, term_, 0};
    if (refusal == Refusal::kNone) {
      append_own(EntryKind::kCommand, proposal.data, stamp);
      outcome.index = log_.last_index();
    }
    out_->proposals.push_back(outcome);
  }
  if (log_.last_index() < first) return;
  persist_from(first);
  replicate_to_all();
}

void Core::Impl::on_applied(Index index) {
  STARLING_CORE_CHECK(index <= emitted_index_, "more was applied than was given out");
  const std::size_t before = log_.unapplied_bytes();
  log_.applied(index);
  apply_backlog_bytes_ -= before - log_.unapplied_bytes();
}

void Core::Impl::fail(Fault fault) {
  if (failed_) return;
  failed_ = true;
  fault_ = fault;
  held_.clear();
  if (role_ == Role::kLeader) leave_leadership();
  role_ = Role::kFollower;
  set_leader(kNoNode);
}

void Core::Impl::on_peer_unreachable(NodeId peer) {
  if (failed_ || peer == options_.id || peer == kNoNode) return;
  if (role_ == Role::kLeader) {
    const auto found = progress_.find(peer);
    if (found == progress_.end()) return;
    // What was under way is lost; wait for the link, or for the resend timer.
    found->second.start_probe(found->second.retry_from());
    found->second.probe_sent = true;
    arm_resend(found->second);
    return;
  }
  if (peer != last_leader_ || link_broken_) return;
  link_broken_ = true;
  if (role_ == Role::kFollower && leader_ == peer) {
    election_at_us_ = std::min(election_at_us_, now_us_ + first_attempt_delay_us());
  }
}

void Core::Impl::on_peer_connected(NodeId peer) {
  if (failed_ || role_ != Role::kLeader) return;
  const auto found = progress_.find(peer);
  if (found == progress_.end()) return;
  Progress& progress = found->second;
  progress.start_probe(progress.retry_from());
  moved(progress);
  replicate(peer, progress, /*even_empty=*/true);
}

void Core::Impl::finish_step() {
  if (failed_) return;
  if (role_ == Role::kLeader) {
    tell_commit();
    part_with_departed();
  }
  emit_apply();
  flush_hard_state();
}

TimeUs Core::Impl::next_deadline_us() const {
  if (failed_) return kNever;
  TimeUs at = kNever;
  if (!forwarded_by_time_.empty()) at = forwarded_by_time_.front().first;
  if (role_ != Role::kLeader) return std::min(at, election_at_us_);
  at = std::min({at, heartbeat_at_us_, quorum_lapses_us()});
  if (transferring_) at = std::min(at, transfer_until_us_);
  if (const auto write = log_.oldest_write_us()) at = std::min(at, *write + options_.election_us);
  if (!hard_states_writing_.empty()) {
    at = std::min(at, hard_states_writing_.front().second + options_.election_us);
  }
  for (const auto& [peer, progress] : progress_) at = std::min(at, progress.resend_at_us);
  return at;
}

State Core::Impl::state() const {
  State state;
  state.role = role_;
  state.term = term_;
  state.vote = vote_;
  state.leader = leader_;
  state.base_index = log_.base_index();
  state.last_index = log_.last_index();
  state.last_term = log_.last_term();
  state.durable_index = log_.durable_index();
  state.commit_index = commit_index_;
  state.transferring = transferring_;
  state.fault = fault_;
  const bool leads = role_ == Role::kLeader;
  state.quorum_contact_us = leads ? quorum_contact_us_ : leader_heard_in_term_us_;
  state.noop_committed = leads && commit_index_ >= noop_index_;
  state.fresh_us = fresh_us_;
  state.fresh_index = fresh_index_;
  return state;
}

std::vector<PeerView> Core::Impl::peers() const {
  std::vector<PeerView> views;
  if (role_ != Role::kLeader) return views;
  for (const auto& [peer, progress] : progress_) {
    if (progress.departing) continue;
    views.push_back(
        {peer, progress.match, progress.heard_us, std::max(leader_since_us_, progress.reached_us)});
  }
  return views;
}

}  // namespace starling::core
