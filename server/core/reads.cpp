// Linearizable reads by ReadIndex (R5.1; dissertation 6.4): never by lease (R1.3). Reads of a
// stated age from what a confirmed round has proved (R5.3).
#include "server/core/impl.h"

namespace starling::core {

void Core::Impl::on_read(const Read& read) {
  if (fresh_us_ > 0 && now_us_ - fresh_us_ < read.max_age_us) {
    out_->reads.push_back({read.id, true, fresh_index_});
    return;
  }
  if (role_ == Role::kLeader) {
    lead_read(options_.id, read.id);
    return;
  }
  const TimeUs deadline_us = now_us_ + 2 * options_.election_us;
  if (failed_ || leader_ == kNoNode || forwarded_by_time_.size() >= kMaxReads ||
      !forwarded_.emplace(read.id, deadline_us).second) {
    out_->reads.push_back({read.id, false, 0});
    return;
  }
  forwarded_by_time_.emplace_back(deadline_us, read.id);
  send(leader_, ReadIndexRequest{read.id});
}

void Core::Impl::lead_read(NodeId from, std::uint64_t id) {
  const PendingRead read{from, id, 0, 0};
  if (waiting_.size() + confirming_.size() >= kMaxReads) {
    answer_read(read, false);
  } else if (commit_index_ < noop_index_) {
    waiting_.push_back(read);  // What earlier terms committed is known only after the no-op.
  } else {
    queue_confirmation(read);
  }
}

// Only a round that starts from here on may confirm it.
void Core::Impl::queue_confirmation(PendingRead read) {
  read.index = commit_index_;
  if (alone()) {
    answer_read(read, true);  // It is its own quorum.
    return;
  }
  read.round = round_ + 1;
  confirming_.push_back(read);
  if (rounds_.empty()) start_round();  // Else as soon as the present one is confirmed.
}

void Core::Impl::release_waiting_reads() {
  std::deque<PendingRead> waiting;
  waiting.swap(waiting_);
  for (const PendingRead& read : waiting) queue_confirmation(read);
}

void Core::Impl::answer_confirmed_reads() {
  while (!confirming_.empty() && confirming_.front().round <= confirmed_round_) {
    const PendingRead read = confirming_.front();
    confirming_.pop_front();
    answer_read(read, true);
  }
}

void Core::Impl::answer_read(const PendingRead& read, bool ok) {
  if (read.from == options_.id) {
    out_->reads.push_back({read.id, ok, ok ? read.index : 0});
  } else {
    send(read.from, ReadIndexResponse{read.id, ok, ok ? read.index : 0});
  }
}

void Core::Impl::on_read_index_request(NodeId from, const ReadIndexRequest& request) {
  if (role_ == Role::kLeader && configuration().find(from) != nullptr) {
    lead_read(from, request.read_id);
  } else {
    send(from, ReadIndexResponse{request.read_id, false, 0});
  }
}

void Core::Impl::on_read_index_response(const ReadIndexResponse& response) {
  if (forwarded_.erase(response.read_id) == 0) return;
  out_->reads.push_back({response.read_id, response.ok, response.index});
  while (!forwarded_by_time_.empty() && forwarded_.count(forwarded_by_time_.front().second) == 0) {
    forwarded_by_time_.pop_front();
  }
}

// This leader is none any more: it cannot confirm what was asked of it.
void Core::Impl::fail_own_leader_reads() {
  for (const PendingRead& read : waiting_) answer_read(read, false);
  for (const PendingRead& read : confirming_) answer_read(read, false);
  waiting_.clear();
  confirming_.clear();
}

void Core::Impl::fail_forwarded_reads() {
  for (const auto& [id, deadline_us] : forwarded_) out_->reads.push_back({id, false, 0});
  forwarded_.clear();
  forwarded_by_time_.clear();
}

void Core::Impl::expire_forwarded_reads() {
  while (!forwarded_by_time_.empty() && forwarded_by_time_.front().first <= now_us_) {
    const auto [deadline_us, id] = forwarded_by_time_.front();
    forwarded_by_time_.pop_front();
    const auto found = forwarded_.find(id);
    if (found == forwarded_.end() || found->second != deadline_us) continue;  // Answered.
    forwarded_.erase(found);
    out_->reads.push_back({id, false, 0});
  }
}

}  // namespace starling::core
