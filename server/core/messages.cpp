// Messages: the envelope, terms, and holding back what must not leave yet.
#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

void Core::Impl::send_in_term(NodeId to, Term term, MessageBody body) {
  if (failed_ || to == options_.id) return;
  Message message{options_.cluster, options_.epoch, options_.id, to, term, std::move(body)};
  // R2.1: no message of a term leaves before the term and the vote in it are durable.
  if (may_speak()) {
    out_->messages.push_back(std::move(message));
    return;
  }
  if (held_.size() >= kMaxHeldMessages) held_.pop_front();  // As good as lost on the way.
  held_.push_back(std::move(message));
}

void Core::Impl::flush_hard_state() {
  if (!hard_state_changed_ || failed_) return;
  hard_state_changed_ = false;
  const HardState hard_state{term_, vote_};
  hard_states_writing_.emplace_back(hard_state, now_us_);
  out_->persist.push_back(PersistHardState{hard_state});
}

void Core::Impl::on_hard_state_persisted(const HardState& hard_state) {
  if (failed_) return;
  const auto found = std::find_if(hard_states_writing_.begin(), hard_states_writing_.end(),
                                  [&](const auto& writing) { return writing.first == hard_state; });
  if (found == hard_states_writing_.end()) return;
  hard_states_writing_.erase(hard_states_writing_.begin(), std::next(found));
  if (!may_speak()) return;
  for (Message& message : held_) out_->messages.push_back(std::move(message));
  held_.clear();
  if (role_ == Role::kCandidate) {
    granted_.insert(options_.id);  // The own vote counts once it is durable.
    tally();
  }
}

void Core::Impl::receive(const Message& message) {
  if (failed_) return;
  // R3.2: a wiped server at an old address is not the old voter.
  if (message.cluster != options_.cluster || message.epoch != options_.epoch ||
      message.to != options_.id || message.from == kNoNode || message.from == options_.id ||
      message.term > kMaxTerm) {
    return;
  }
  // Votes look at evidence before they look at terms (R1.2).
  if (const auto* request = std::get_if<VoteRequest>(&message.body)) {
    on_vote_request(message, *request);
    return;
  }
  if (const auto* response = std::get_if<VoteResponse>(&message.body)) {
    if (configuration().find(message.from) == nullptr) return;
    // A granted pre-vote carries the term that would be started; nobody is in it yet.
    const bool promise = response->pre_vote && response->granted;
    if (!promise && message.term > term_) {
      const bool refused = role_ == Role::kPreCandidate;
      become_follower(message.term);
      if (refused) retry_soon();
      return;
    }
    on_vote_response(message, *response);
    return;
  }
  const bool answer = std::holds_alternative<AppendResponse>(message.body) ||
                      std::holds_alternative<HeartbeatResponse>(message.body);
  if (answer && progress_.count(message.from) == 0) return;
  if (message.term < term_) {
    refuse_stale(message);
    return;
  }
  if (message.term > term_) become_follower(message.term);
  // A term has one leader; whoever else says to lead it is not believed.
  const bool leads = std::holds_alternative<AppendRequest>(message.body) ||
                     std::holds_alternative<HeartbeatRequest>(message.body) ||
                     std::holds_alternative<InstallSnapshot>(message.body);
  if (leads && leader_ != kNoNode && leader_ != message.from) return;
  receive_current(message);
}

// The sender's term is over: a leader of it has to learn that (Raft section 3.3), and a candidate
// that comes back with a higher term must not stay stuck behind it.
void Core::Impl::refuse_stale(const Message& message) {
  if (const auto* append = std::get_if<AppendRequest>(&message.body)) {
    AppendResponse response;
    response.rejected_prev = append->prev_index;
    send(message.from, response);
  } else if (std::holds_alternative<HeartbeatRequest>(message.body) ||
             std::holds_alternative<InstallSnapshot>(message.body)) {
    send(message.from, HeartbeatResponse{0, wall_ms_, options_.boot, {}});
  } else if (const auto* read = std::get_if<ReadIndexRequest>(&message.body)) {
    on_read_index_request(message.from, *read);
  }
}

void Core::Impl::receive_current(const Message& message) {
  const NodeId from = message.from;
  if (const auto found = progress_.find(from); found != progress_.end()) {
    found->second.heard_us = now_us_;  // Contact for check-quorum (R1.6).
    found->second.reached_us = now_us_;
  }
  struct Visitor {
    Impl& core;
    NodeId from;
    void operator()(const VoteRequest&) {}
    void operator()(const VoteResponse&) {}
    void operator()(const AppendRequest& m) { core.on_append_request(from, m); }
    void operator()(const AppendResponse& m) { core.on_append_response(from, m); }
    void operator()(const HeartbeatRequest& m) { core.on_heartbeat_request(from, m); }
    void operator()(const HeartbeatResponse& m) { core.on_heartbeat_response(from, m); }
    void operator()(const TimeoutNow&) { core.on_timeout_now(from); }
    void operator()(const ReadIndexRequest& m) { core.on_read_index_request(from, m); }
    void operator()(const ReadIndexResponse& m) { core.on_read_index_response(m); }
    void operator()(const InstallSnapshot& m) { core.on_install_snapshot(from, m); }
  };
  std::visit(Visitor{*this, from}, message.body);
}

}  // namespace starling::core
