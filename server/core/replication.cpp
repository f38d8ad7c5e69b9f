// The leader's side of log replication: probing, pipelining, flow control, recovery of what got
// lost, and who has to take a snapshot (dissertation 3.5, 5.3, 10.2.1).
#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

void Core::Impl::replicate_to_all() {
  for (auto& [peer, progress] : progress_) replicate(peer, progress);
}

// Sends what the follower lacks, as far as its window goes. `even_empty`: a probe goes out although
// there is nothing new, to learn where it stands.
void Core::Impl::replicate(NodeId peer, Progress& progress, bool even_empty) {
  for (;;) {
    if (progress.reading) return;
    const bool full = progress.replicating ? progress.in_flight.size() >= options_.max_in_flight
                                           : progress.probe_sent;
    if (full) return;
    const bool news = progress.next <= log_.last_index();
    if (!news && !even_empty) return;
    even_empty = false;
    if (progress.next <= log_.base_index()) {
      send_to_snapshot(peer, progress);
      return;
    }
    std::vector<EntryPtr> entries;
    if (news && !progress.bare) {
      if (!log_.cached(progress.next)) {
        ask_log(peer, progress);
        return;
      }
      entries = log_.slice(progress.next, options_.max_batch_entries, options_.max_batch_bytes);
    }
    send_entries(peer, progress, std::move(entries));
  }
}

void Core::Impl::send_entries(NodeId peer, Progress& progress, std::vector<EntryPtr> entries) {
  STARLING_CORE_CHECK(progress.next > log_.base_index(), "what comes before is not known any more");
  AppendRequest request;
  request.prev_index = progress.next - 1;
  request.prev_term = log_.term_at(request.prev_index);
  request.commit = commit_index_;
  request.known_durable = progress.match;
  const Index last = request.prev_index + entries.size();
  request.entries = std::move(entries);
  if (progress.replicating) {
    progress.in_flight.push_back(last);
    progress.next = last + 1;
    // It will believe in the commit index as far as this request reaches.
    progress.commit_told = std::max(progress.commit_told, std::min(commit_index_, last));
  } else {
    progress.probe_sent = true;
  }
  arm_resend(progress);
  send(peer, std::move(request));
}

void Core::Impl::ask_log(NodeId peer, Progress& progress) {
  progress.reading = true;
  arm_resend(progress);
  const Index to = std::min(progress.next + options_.max_batch_entries - 1, log_.durable_index());
  STARLING_CORE_CHECK(progress.next <= to, "an entry is neither in memory nor on the disk");
  out_->read_log.push_back(ReadLog{peer, progress.next, to, options_.max_batch_bytes});
}

// What comes next for it has been compacted away. Asked again like a probe that got lost: fetching
// takes its time, and the answer says where it stands then.
void Core::Impl::send_to_snapshot(NodeId peer, Progress& progress) {
  progress.start_probe(progress.next);
  progress.probe_sent = true;
  arm_resend(progress);
  send(peer, InstallSnapshot{log_.base_index(), log_.base_term()});
}

void Core::Impl::on_log_read(const LogRead& read) {
  if (role_ != Role::kLeader || failed_) return;
  const auto found = progress_.find(read.peer);
  if (found == progress_.end()) return;
  Progress& progress = found->second;
  if (!progress.reading || read.from != progress.next) return;  // Of an older question.
  progress.reading = false;
  // Compacted away while it was read: the term before the first entry is gone with it.
  if (progress.next <= log_.base_index()) return replicate(read.peer, progress);
  std::vector<EntryPtr> entries;
  Index expected = read.from;
  for (const EntryPtr& entry : read.entries) {
    if (entry->index != expected || log_.term_at(expected) != entry->term) break;
    entries.push_back(entry);
    ++expected;
  }
  if (!entries.empty()) send_entries(read.peer, progress, std::move(entries));
  replicate(read.peer, progress);
}

void Core::Impl::on_append_response(NodeId from, const AppendResponse& response) {
  if (role_ != Role::kLeader) return;
  Progress& progress = progress_.at(from);
  if (!response.success) {
    on_append_rejected(from, progress, response);
    return;
  }
  if (response.match > log_.last_index()) return;  // Nothing that this leader could have sent.
  const bool advanced = response.match > progress.match;
  progress.match = std::max(progress.match, response.match);
  if (!progress.replicating) {
    progress.start_replicating();
    moved(progress);
  } else {
    bool answered = advanced;
    while (!progress.in_flight.empty() && progress.in_flight.front() <= response.match) {
      progress.in_flight.pop_front();
      answered = true;
    }
    progress.next = std::max(progress.next, progress.match + 1);
    if (answered) moved(progress);
  }
  if (advanced) {
    maybe_commit();
    hand_over_when_ready();
  }
  replicate(from, progress);
}

void Core::Impl::on_append_rejected(NodeId from, Progress& progress,
                                    const AppendResponse& response) {
  if (response.rejected_prev <= progress.match) return;  // Late: it has moved on since.
  if (!progress.replicating &&
      (!progress.probe_sent || response.rejected_prev != progress.next - 1)) {
    return;  // Of a request before the present probe.
  }
  const Index agreed = log_.last_with_term_at_most(response.hint_index, response.hint_term);
  const Index next = std::min(response.rejected_prev, agreed + 1);
  progress.start_probe(std::max(next, progress.match + 1));
  moved(progress);
  replicate(from, progress, /*even_empty=*/true);
}

void Core::Impl::on_resend_timeout(NodeId peer, Progress& progress) {
  progress.resend_at_us = kNever;
  if (!progress.outstanding()) return;
  progress.start_probe(progress.retry_from());
  progress.resend_delay_us = std::min(2 * progress.resend_delay_us, kMaxResendDelayUs);
  // From the second time on it is asked only where it stands: it may be dead for long.
  progress.bare = progress.resend_delay_us > options_.election_us;
  replicate(peer, progress, /*even_empty=*/true);
}

void Core::Impl::arm_resend(Progress& progress) {
  if (!progress.outstanding() || progress.resend_at_us != kNever) return;
  if (progress.resend_delay_us == 0) progress.resend_delay_us = options_.election_us / 2;
  progress.resend_at_us = now_us_ + progress.resend_delay_us;
}

// Something was answered: whatever is still under way gets a fresh delay.
void Core::Impl::moved(Progress& progress) {
  progress.bare = false;
  progress.resend_delay_us = options_.election_us / 2;
  progress.resend_at_us = kNever;
  arm_resend(progress);
}

}  // namespace starling::core
