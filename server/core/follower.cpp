// The follower's side of log replication, what is durable, and what may be applied (R1.1, R2.1,
// R2.3).
#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

void Core::Impl::on_append_request(NodeId from, const AppendRequest& request) {
  // Entries out of line are nobody's log; such a message counts as lost.
  Index expected = request.prev_index;
  Term term = request.prev_term;
  for (const EntryPtr& entry : request.entries) {
    if (entry == nullptr || entry->index != ++expected || entry->term < term ||
        entry->term > term_) {
      return;
    }
    const bool configures = entry->kind == EntryKind::kConfiguration;
    if (configures && !decode_configuration(entry->data)) return;
    term = entry->term;
  }
  hear_leader(from);
  if (request.known_durable > log_.durable_index()) return fail(Fault::kLogLost);
  if (request.prev_index < log_.base_index()) return accept_behind_base(request);
  const bool matches = request.prev_index <= log_.last_index() &&
                       log_.term_at(request.prev_index) == request.prev_term;
  if (!matches) {
    // What follows something that was not taken is not taken either: no answer, or the two would go
    // on as fast as messages travel.
    if (backlogged() && request.prev_index > log_.last_index()) return;
    if (request.prev_index <= commit_index_) return fail(Fault::kDiverged);
    AppendResponse response;
    response.rejected_prev = request.prev_index;
    response.hint_index = log_.last_with_term_at_most(request.prev_index, request.prev_term);
    response.hint_term = log_.term_at(response.hint_index);
    send(from, response);
    return;
  }
  accept_entries(request);
}

// It begins with what has left this log: all of that is committed, so it is the leader's too.
void Core::Impl::accept_behind_base(const AppendRequest& request) {
  AppendRequest rest;
  rest.prev_index = log_.base_index();
  rest.prev_term = log_.base_term();
  rest.commit = request.commit;
  for (const EntryPtr& entry : request.entries) {
    if (entry->index == rest.prev_index && entry->term != rest.prev_term) {
      return fail(Fault::kDiverged);
    }
    if (entry->index > rest.prev_index) rest.entries.push_back(entry);
  }
  accept_entries(rest);
}

// No answer while it is being fetched: the leader asks again when its patience ends.
void Core::Impl::on_install_snapshot(NodeId from, const InstallSnapshot& request) {
  hear_leader(from);
  const bool known = log_.term_at(request.index) == request.term && request.term != 0;
  if (request.index > commit_index_ && !known) {
    out_->fetch_snapshot.push_back({from, request.index});
    return;
  }
  // What is committed here is in the log of every later leader.
  verified_index_ = std::max({verified_index_, commit_index_, known ? request.index : 0});
  if (std::min(log_.durable_index(), verified_index_) >= request.index) acknowledge();
}

bool Core::Impl::backlogged() const {
  return apply_backlog_bytes_ > 4 * options_.max_uncommitted_bytes;
}

// Entries that are there already stay untouched; only a real conflict cuts the log.
void Core::Impl::accept_entries(const AppendRequest& request) {
  auto next = request.entries.begin();
  Index held = request.prev_index;  // Up to here equal to the leader's log.
  while (next != request.entries.end() && log_.term_at((*next)->index) == (*next)->term &&
         (*next)->index <= log_.last_index()) {
    held = (*next)->index;
    ++next;
  }
  // A state machine that lags far behind takes no more at present. It does not answer: the leader
  // tries again when its patience ends, not at once.
  if (next != request.entries.end() && held == log_.last_index() && backlogged()) return;
  if (next != request.entries.end()) {
    const Index first = (*next)->index;
    if (first <= log_.last_index()) {
      if (first <= commit_index_) return fail(Fault::kDiverged);
      log_.truncate_from(first);
      roll_back_configurations(first);
    }
    for (; next != request.entries.end(); ++next) {
      log_.append(*next);
      if ((*next)->kind == EntryKind::kConfiguration) note_configuration(**next);
    }
    held = log_.last_index();
    persist_from(first);
  }
  verified_index_ = std::max(verified_index_, held);
  commit_to(std::min(request.commit, held));
  ack_due_ = true;
  // What is not durable yet is acknowledged when it is; a request that brought nothing new, now.
  if (log_.durable_index() >= held) acknowledge();
}

void Core::Impl::acknowledge() {
  if (leader_ == kNoNode || leader_ == options_.id) return;
  AppendResponse response;
  response.success = true;
  response.match = std::min(log_.durable_index(), verified_index_);
  ack_due_ = response.match < verified_index_;
  send(leader_, response);
}

void Core::Impl::on_heartbeat_request(NodeId from, const HeartbeatRequest& request) {
  hear_leader(from);
  // Never beyond what this leader knows to be durable and equal here.
  commit_to(std::min(request.commit, log_.last_index()));
  note_fresh(request);
  if (request.round == 0) return;
  if (request.round > last_answered_round_) {  // Of a repeated one the first answer counts.
    last_answered_round_ = request.round;
    answered_rounds_.emplace_back(request.round, now_us_);
    if (answered_rounds_.size() > kMaxAnsweredRounds) answered_rounds_.pop_front();
  }
  send(from, HeartbeatResponse{request.round, wall_ms_, options_.boot, unreached_});
}

// R5.3: the time that counts is when this node answered that round, not when this message came: it
// may have waited in a buffer while the process did not run.
void Core::Impl::note_fresh(const HeartbeatRequest& request) {
  if (request.fresh_round == 0 || request.fresh_boot != options_.boot) return;
  while (!answered_rounds_.empty() && answered_rounds_.front().first < request.fresh_round) {
    answered_rounds_.pop_front();
  }
  if (answered_rounds_.empty() || answered_rounds_.front().first != request.fresh_round) return;
  const TimeUs answered_us = answered_rounds_.front().second;
  if (answered_us <= fresh_us_) return;
  fresh_us_ = answered_us;
  fresh_index_ = std::max(fresh_index_, request.fresh_index);
}

void Core::Impl::on_entries_persisted(const EntriesPersisted& persisted) {
  if (failed_) return;
  const Index durable_before = log_.durable_index();
  log_.write_finished(persisted.accepting_term, persisted.index);
  if (role_ == Role::kLeader) {
    maybe_commit();
  } else if (ack_due_ && log_.durable_index() > durable_before) {
    acknowledge();
  }
  if (awaiting_disk_ && log_.durable_index() == log_.last_index() && may_campaign()) {
    start_pre_vote();
  }
}

void Core::Impl::commit_to(Index index) {
  if (index <= commit_index_) return;
  STARLING_CORE_CHECK(index <= log_.last_index(), "a commit beyond the log");
  const bool noop_was_committed = commit_index_ >= noop_index_;
  for (Index i = commit_index_ + 1; i <= index; ++i) {
    apply_backlog_bytes_ += Log::bytes_of(*log_.entry(i));
  }
  commit_index_ = index;
  // Of the committed configurations only the newest can still come into force again.
  while (configurations_.size() > 1 && configurations_[1].first <= commit_index_) {
    configurations_.erase(configurations_.begin());
  }
  if (role_ == Role::kLeader && !noop_was_committed && commit_index_ >= noop_index_) {
    release_waiting_reads();
  }
}

// R2.3: committed and durable in this node's own log.
void Core::Impl::emit_apply() {
  const Index until = std::min(commit_index_, log_.durable_index());
  for (; emitted_index_ < until; ++emitted_index_) {
    out_->apply.push_back(log_.entry(emitted_index_ + 1));
  }
}

}  // namespace starling::core
