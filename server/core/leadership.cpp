// Leadership: taking it up and laying it down, heartbeat rounds, check-quorum, commit, replicated
// time.
#include "server/core/check.h"
#include "server/core/impl.h"
#include "server/core/timekeeping.h"

namespace starling::core {

void Core::Impl::become_leader() {
  role_ = Role::kLeader;
  set_leader(options_.id);
  leader_since_us_ = now_us_;
  removed_us_ = now_us_;
  granted_.clear();
  refused_.clear();
  quorum_contact_us_ = 0;
  rounds_.clear();
  confirmed_round_ = round_;
  progress_.clear();
  follow_configuration(/*next=*/log_.last_index() + 1);
  // R2.2: each term starts with a no-op, which lets the entries before it commit.
  append_own(EntryKind::kNoop, {}, stamp_ms());
  noop_index_ = log_.last_index();
  persist_from(noop_index_);
  start_round();
  replicate_to_all();
}

void Core::Impl::leave_leadership() {
  fail_own_leader_reads();
  if (transferring_) {
    end_transfer(timeout_now_sent_ ? TransferResult::kDone : TransferResult::kRefused);
  }
  progress_.clear();
  rounds_.clear();
  heartbeat_at_us_ = kNever;
  quorum_contact_us_ = 0;
  role_ = Role::kFollower;
  set_leader(kNoNode);
  // The leader that it knew was itself: it has none by its own evidence, and is in no hurry.
  link_broken_ = true;
  quick_retries_ = kQuickRetries;
  election_at_us_ = now_us_ + random_timeout_us();
}

void Core::Impl::append_own(EntryKind kind, std::string data, WallMs stamp_ms) {
  auto entry = std::make_shared<Entry>();
  entry->term = term_;
  entry->index = log_.last_index() + 1;
  entry->kind = kind;
  entry->stamp_ms = stamp_ms;
  entry->data = std::move(data);
  log_.append(entry);
  if (kind == EntryKind::kConfiguration) note_configuration(*entry);
}

void Core::Impl::persist_from(Index first) {
  flush_hard_state();  // The term is on the disk before an entry accepted in it.
  constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  out_->persist.push_back(PersistEntries{term_, log_.slice(first, kAll, kAll)});
  log_.write_started(term_, now_us_);
}

// R4.4: the median of the voters' clocks, the lower one of two, never before the last entry's.
// While fewer than a quorum have told theirs in this term, time stands still: one clock that is far
// ahead must not decide alone.
WallMs Core::Impl::stamp_ms() const {
  const WallMs last = log_.last_stamp_ms();
  std::vector<WallMs> clocks;
  for (const Member& member : configuration().members) {
    if (!member.voter) continue;
    if (member.id == options_.id) {
      clocks.push_back(wall_ms_);
      continue;
    }
    const auto found = progress_.find(member.id);
    if (found == progress_.end() || !found->second.clock_known) continue;
    clocks.push_back(found->second.clock_ms + (now_us_ - found->second.clock_at_us) / 1000);
  }
  if (clocks.size() < configuration().quorum()) return last;
  const auto middle = clocks.begin() + static_cast<std::ptrdiff_t>((clocks.size() - 1) / 2);
  std::nth_element(clocks.begin(), middle, clocks.end());
  return std::max(last, *middle);
}

// Time goes on while nobody writes. A no-op in the middle of a term is nothing new to anybody: it
// moves a follower's time as any entry does.
void Core::Impl::keep_time() {
  const bool settled = commit_index_ == log_.last_index();
  const TimeView view{log_.last_stamp_ms(), stamp_ms(), settled, transferring_};
  if (!time_entry_due(view, options_.max_time_lag_ms)) return;
  append_own(EntryKind::kNoop, {}, view.now_ms);
  persist_from(log_.last_index());
  replicate_to_all();
}

void Core::Impl::start_round() {
  ++round_;
  if (rounds_.size() >= kMaxRounds) rounds_.pop_front();
  rounds_.push_back({round_, now_us_, commit_index_ >= noop_index_ ? commit_index_ : 0});
  heartbeat_at_us_ = now_us_ + options_.heartbeat_us;
  for (auto& [peer, progress] : progress_) {
    const Index commit = std::min(commit_index_, progress.match);
    progress.commit_told = std::max(progress.commit_told, commit);
    send(peer, HeartbeatRequest{round_, commit, progress.fresh_round, progress.fresh_index,
                                progress.fresh_boot});
  }
  confirm_rounds();
}

void Core::Impl::on_heartbeat_response(NodeId from, const HeartbeatResponse& response) {
  if (role_ != Role::kLeader) return;
  Progress& progress = progress_.at(from);
  if (response.round > round_) return;
  note_reached(from, response.unreached);
  if (response.clock_ms >= 0 && response.clock_ms <= kMaxWallMs) {
    progress.clock_known = true;
    progress.clock_ms = response.clock_ms;
    progress.clock_at_us = now_us_;
  }
  if (response.round > progress.acked_round) {
    progress.acked_round = response.round;
    progress.acked_boot = response.boot;
    const std::uint64_t next_round = round_ + 1;
    confirm_rounds();
    if (progress.next_round == 0) note_answer(progress, next_round);
  }
}

// A round is confirmed when a quorum has answered it or a later one (R5.1).
void Core::Impl::confirm_rounds() {
  const std::uint64_t reached = reached_by_quorum([this](NodeId id, const Progress* progress) {
    if (id == options_.id) return round_;
    return progress == nullptr ? std::uint64_t{0} : progress->acked_round;
  });
  if (reached <= confirmed_round_) return;
  confirmed_round_ = reached;
  Index commit = 0;
  while (!rounds_.empty() && rounds_.front().number <= reached) {
    quorum_contact_us_ = rounds_.front().started_us;
    commit = rounds_.front().commit;
    rounds_.pop_front();
  }
  if (commit != 0) offer_freshness(commit);
  answer_confirmed_reads();
  if (!confirming_.empty() && confirming_.back().round > round_) start_round();
}

// R5.3, by the argument of ReadIndex: when a confirmed round was started, whatever had been
// acknowledged was at or below the commit index of then. So it was when this leader started it, and
// at whatever each follower did before that: answering an earlier round.
void Core::Impl::offer_freshness(Index commit) {
  fresh_us_ = quorum_contact_us_;
  fresh_index_ = std::max(fresh_index_, commit);
  for (auto& [peer, progress] : progress_) {
    if (progress.next_round == 0 || progress.next_round > confirmed_round_) continue;
    progress.fresh_round = progress.answered_round;
    progress.fresh_boot = progress.answered_boot;
    progress.fresh_index = commit;
    progress.next_round = 0;
  }
}

// The newest answer waits for a later round to be confirmed.
void Core::Impl::note_answer(Progress& progress, std::uint64_t next_round) {
  progress.answered_round = progress.acked_round;
  progress.answered_boot = progress.acked_boot;
  progress.next_round = next_round;
}

// Until when the contacts of the voters make a quorum: the leader is in contact with itself.
TimeUs Core::Impl::quorum_lapses_us() const {
  const TimeUs contact = reached_by_quorum([this](NodeId id, const Progress* progress) {
    if (id == options_.id) return now_us_;
    return std::max(leader_since_us_, progress == nullptr ? TimeUs{0} : progress->heard_us);
  });
  return contact + options_.election_us;
}

bool Core::Impl::has_live_quorum() const {
  return role_ == Role::kLeader && now_us_ < quorum_lapses_us();
}

// R2.2: replicas count only for entries of the current term; this node counts by what it holds
// durably, and only as a voter.
void Core::Impl::maybe_commit() {
  if (role_ != Role::kLeader) return;
  const Index reached = reached_by_quorum([this](NodeId id, const Progress* progress) {
    if (id == options_.id) return log_.durable_index();
    return progress == nullptr ? Index{0} : progress->match;
  });
  if (reached > commit_index_ && log_.term_at(reached) == term_) commit_to(reached);
}

// Followers hear of a commit at once when no request is under way that will bring it; a round of
// number 0 wants no answer.
void Core::Impl::tell_commit() {
  for (auto& [peer, progress] : progress_) {
    const Index commit = std::min(commit_index_, progress.match);
    if (commit <= progress.commit_told || progress.outstanding()) continue;
    progress.commit_told = commit;
    send(peer, HeartbeatRequest{0, commit, 0, 0});
  }
}

}  // namespace starling::core
