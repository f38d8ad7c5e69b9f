// The loop's part in membership and handover: one change at a time, tried again until R3.1 allows
// it; learners that caught up become voters; a primary that is to leave hands over.
#include <algorithm>
#include <utility>

#include "server/node/clock.h"
#include "server/node/loop.h"
#include "spdlog/spdlog.h"

namespace starling::node {

using transport::MembershipError;
using transport::MembershipResult;
using transport::ProposeError;
using transport::ProposeResult;
using transport::WaitError;

namespace {

constexpr core::TimeUs kRetryChangeUs = 5'000;
constexpr core::TimeUs kNever = std::numeric_limits<core::TimeUs>::max();
constexpr core::TimeUs kElectionsBetweenTransfers = 2;
constexpr auto kOwnChangeDeadline = std::chrono::seconds(10);

const core::PeerView* find_peer(const std::vector<core::PeerView>& peers, core::NodeId id) {
  for (const core::PeerView& peer : peers) {
    if (peer.id == id) return &peer;
  }
  return nullptr;
}

}  // namespace

void Loop::take_membership(core::TimeUs now) {
  const auto seen = [&](core::NodeId node) {
    if (const auto found = learner_seen_.find(node); found != learner_seen_.end()) {
      found->second = now;
    }
  };
  for (const core::NodeId node : batch_.fetching) seen(node);
  for (MembershipRequest& request : batch_.memberships) {
    const bool joins = request.op == core::MembershipOp::kAddLearner ||
                       request.op == core::MembershipOp::kAddReturning;
    if (joins) seen(request.node);
    Change change;
    change.request = std::move(request);
    changes_.push_back(std::move(change));
  }
  for (TransferRequest& request : batch_.transfers) transfers_.push_back(std::move(request));
}

void Loop::drive_changes(core::TimeUs now) {
  if (changes_.empty()) return;
  Change& change = changes_.front();
  if (change.appended || change.handover || now < change.next_try_us) return;
  const core::State state = core_.state();
  const MembershipRequest& request = change.request;
  if (request.op == core::MembershipOp::kRemove && request.node == core_options_.id &&
      state.role == core::Role::kLeader) {
    if (core_.configuration().voter_count() < 2) {
      end_change(MembershipError::kInvalid, "the only voter cannot leave", 0);
      return;
    }
    change.handover = true;
    TransferRequest handover;
    handover.deadline = request.deadline;
    handover.done = [this](const MembershipResult& result) {
      // On the loop's thread: the successor takes the removal when the caller asks it.
      if (changes_.empty() || !changes_.front().handover) return;
      const bool done = result.error == MembershipError::kNone;
      end_change(done ? MembershipError::kNotPrimary : result.error,
                 done ? "the primacy was handed over; ask the new primary" : result.message, 0);
    };
    change.next_try_us = kNever;
    transfers_.push_back(std::move(handover));
    return;
  }
  // It may have come back while the change had to wait.
  if (request.op == core::MembershipOp::kRemoveDead && last_configuration_.is_voter(request.node) &&
      core_.removable(core::TimeUs{options_.dead_server_timeout_ms} * 1'000) != request.node) {
    end_change(MembershipError::kInvalid, "it is not to be removed any more", 0);
    return;
  }
  change.id = next_id_++;
  change.next_try_us = now + kRetryChangeUs;
  step(core::ChangeMembership{change.id, request.op, request.node, request.address}, now);
}

void Loop::change_outcome(const core::ProposalOutcome& outcome, core::TimeUs now) {
  if (changes_.empty() || changes_.front().id != outcome.id || outcome.id == 0) return;
  Change& change = changes_.front();
  switch (outcome.refusal) {
    case core::Refusal::kNone:
      change.appended = true;
      change.term = outcome.term;
      change.index = outcome.index;
      change.next_try_us = kNever;
      // It was so already, and committed.
      if (outcome.index <= pushed_index_) end_change(MembershipError::kNone, "", outcome.index);
      return;
    case core::Refusal::kNotLeader:
      end_change(MembershipError::kNotPrimary, "this server is not the primary", 0);
      return;
    case core::Refusal::kInvalid:
      end_change(MembershipError::kInvalid, "no such member, or the change is not possible", 0);
      return;
    case core::Refusal::kBusy:
    case core::Refusal::kTransferring:
    case core::Refusal::kOverloaded:
      change.next_try_us = now + kRetryChangeUs;
      return;
  }
}

void Loop::change_committed(const core::Entry& entry) {
  if (changes_.empty() || !changes_.front().appended) return;
  const Change& change = changes_.front();
  if (entry.index < change.index) return;
  if (entry.index == change.index && (change.term == 0 || entry.term == change.term)) {
    end_change(MembershipError::kNone, "", entry.index);
  } else {
    end_change(MembershipError::kNotPrimary, "another primary's change took its place", 0);
  }
}

void Loop::end_change(MembershipError error, std::string message, core::Index index) {
  MembershipRequest request = std::move(changes_.front().request);
  changes_.pop_front();
  if (!request.done) return;
  after_.push_back([done = std::move(request.done),
                    result = MembershipResult{error, std::move(message), index}] { done(result); });
}

void Loop::drive_transfers(core::TimeUs now) {
  if (transfer_started_ || transfers_.empty() || now < next_transfer_us_) return;
  const core::NodeId target = transfers_.front().target;
  if (target != core::kNoNode && core_.state().role == core::Role::kLeader &&
      core_.configuration().is_voter(target) && !hears(target, now)) {
    // It would time out, and nothing would be accepted meanwhile.
    TransferRequest request = std::move(transfers_.front());
    transfers_.pop_front();
    after_.push_back([done = std::move(request.done)] {
      if (done) {
        done({MembershipError::kInvalid, "the target does not answer this primary", 0});
      }
    });
    return;
  }
  transfer_started_ = true;
  step(core::Transfer{transfers_.front().target}, now);
}

// As leader: has this voter answered lately?
bool Loop::hears(core::NodeId node, core::TimeUs now) const {
  if (node == core_options_.id) return true;
  const std::vector<core::PeerView> peers = core_.peers();
  const core::PeerView* peer = find_peer(peers, node);
  return peer != nullptr &&
         now - std::max(peer->heard_us, reign_start_us_) <= core_options_.election_us;
}

void Loop::transfer_outcome(const core::TransferOutcome& outcome) {
  transfer_started_ = false;
  if (transfers_.empty()) return;
  TransferRequest request = std::move(transfers_.front());
  transfers_.pop_front();
  if (!request.done) return;
  MembershipResult result;
  switch (outcome.result) {
    case core::TransferResult::kDone:
      break;
    case core::TransferResult::kRefused:
      if (core_.state().role == core::Role::kLeader) {
        result.error = MembershipError::kInvalid;
        result.message = "the target is no voter, or another handover is under way";
      } else {
        result.error = MembershipError::kNotPrimary;
        result.message = "this server is not the primary";
      }
      break;
    case core::TransferResult::kTimedOut:
      next_transfer_us_ = now_us() + kElectionsBetweenTransfers * core_options_.election_us;
      // One that was named is tried once; without a name the next attempt may find a better one.
      result.error =
          request.target != core::kNoNode ? MembershipError::kNotTaken : MembershipError::kTimeout;
      result.message = "the target did not take over in time";
      break;
  }
  after_.push_back([done = std::move(request.done), result] { done(result); });
}

// Promotion and the removal of abandoned learners are the primary's own work (R3.3).
void Loop::keep_members(core::TimeUs now) {
  if (last_state_.role != core::Role::kLeader || !last_state_.noop_committed ||
      last_state_.transferring || !changes_.empty()) {
    return;
  }
  if (heal()) return;
  watch_learners(now);
  const std::vector<core::PeerView> peers = core_.peers();
  for (const core::Member& member : last_configuration_.members) {
    if (member.id == core_options_.id) {
      if (member.address != options_.address) {
        request_change(core::MembershipOp::kAddLearner, member.id, options_.address);
        return;
      }
      continue;
    }
    if (member.voter) continue;
    const core::PeerView* peer = find_peer(peers, member.id);
    if (peer == nullptr) continue;
    const core::TimeUs heard_us = std::max(peer->heard_us, reign_start_us_);
    const core::TimeUs unheard = now - heard_us;
    const bool caught_up = peer->match >= beat_commit_ && beat_commit_ > 0;
    const bool may_vote = !member.returning || may_return(member.id, unheard, now);
    if (may_vote && peer->heard_us != 0 && unheard <= core_options_.election_us && caught_up) {
      request_change(core::MembershipOp::kPromote, member.id, "");
      return;
    }
    const core::TimeUs silent = now - std::max(heard_us, learner_seen_.at(member.id));
    if (silent > core::TimeUs{options_.abandoned_learner_ms} * 1'000) {
      spdlog::warn("the learner {:016x} ({}) was silent for too long and is removed", member.id,
                   member.address);
      request_change(core::MembershipOp::kRemoveDead, member.id, "");
      return;
    }
  }
}

bool Loop::heal() {
  if (options_.dead_server_timeout_ms == 0) return false;
  const core::NodeId dead = core_.removable(core::TimeUs{options_.dead_server_timeout_ms} * 1'000);
  if (dead == core::kNoNode) return false;
  const core::Member* member = last_configuration_.find(dead);
  spdlog::warn("no server has reached {:016x} ({}) for {} ms: it is removed from the members", dead,
               member == nullptr ? "" : member->address, options_.dead_server_timeout_ms);
  request_change(core::MembershipOp::kRemoveDead, dead, "");
  return true;
}

// However old the reign is, a learner's silence counts from when it became one (R3.3).
void Loop::watch_learners(core::TimeUs now) {
  std::erase_if(learner_seen_, [&](const auto& seen) {
    const core::Member* member = last_configuration_.find(seen.first);
    return member == nullptr || member->voter;
  });
  for (const core::Member& member : last_configuration_.members) {
    if (!member.voter) learner_seen_.try_emplace(member.id, now);
  }
}

// One that was removed as dead: after as long an unbroken uptime, as seen in this reign.
bool Loop::may_return(core::NodeId learner, core::TimeUs unheard, core::TimeUs now) {
  if (unheard > core_options_.election_us) {
    back_since_.erase(learner);
    return false;
  }
  const core::TimeUs since = back_since_.try_emplace(learner, now).first->second;
  return now - since >= core::TimeUs{options_.dead_server_timeout_ms} * 1'000;
}

// What this server cannot reach either, for the primary to know (R3.4).
void Loop::tell_unreached(core::TimeUs now) {
  std::vector<core::NodeId> unreached = transport_->unreached();
  if (unreached == unreached_) return;
  unreached_ = unreached;
  step(core::Unreached{std::move(unreached)}, now);
}

void Loop::request_change(core::MembershipOp op, core::NodeId node, std::string address) {
  Change change;
  change.request.op = op;
  change.request.node = node;
  change.request.address = std::move(address);
  change.request.deadline = std::chrono::steady_clock::now() + kOwnChangeDeadline;
  changes_.push_back(std::move(change));
}

void Loop::expire() {
  const auto now = std::chrono::steady_clock::now();
  for (auto it = changes_.begin(); it != changes_.end();) {
    if (now < it->request.deadline) {
      ++it;
      continue;
    }
    if (it->request.done) {
      after_.push_back([done = std::move(it->request.done)] {
        done({MembershipError::kTimeout, "the change was not committed in time", 0});
      });
    }
    it = changes_.erase(it);
  }
  // The core still answers for one that has started: its place is kept until then.
  for (auto it = transfers_.begin(); it != transfers_.end();) {
    const bool started = transfer_started_ && it == transfers_.begin();
    if (now < it->deadline) {
      ++it;
      continue;
    }
    if (it->done) {
      after_.push_back([done = std::exchange(it->done, nullptr)] {
        done({MembershipError::kTimeout, "the handover did not happen in time", 0});
      });
    }
    it = started ? std::next(it) : transfers_.erase(it);
  }
  for (auto& [id, requests] : reads_) {
    const auto late = std::stable_partition(
        requests.begin(), requests.end(),
        [&](const BarrierRequest& request) { return now < request.deadline; });
    open_barriers_ -= static_cast<std::size_t>(requests.end() - late);
    for (auto it = late; it != requests.end(); ++it) {
      after_.push_back([done = std::move(it->done)] { done(WaitError::kTimeout); });
    }
    requests.erase(late, requests.end());
  }
  std::erase_if(reads_, [](const auto& read) { return read.second.empty(); });
}

void Loop::answer_all_draining() {
  const MembershipResult draining{MembershipError::kDraining, "the server is stopping", 0};
  for (const auto& task : std::exchange(after_, {})) task();
  const MembershipResult lost{MembershipError::kPrimaryLost, "the server is stopping", 0};
  for (Change& change : std::exchange(changes_, {})) {
    if (change.request.done) change.request.done(change.appended ? lost : draining);
  }
  bool started = std::exchange(transfer_started_, false);
  for (TransferRequest& request : std::exchange(transfers_, {})) {
    if (request.done) request.done(started ? lost : draining);
    started = false;
  }
  for (auto& [id, requests] : std::exchange(reads_, {})) {
    for (BarrierRequest& request : requests) request.done(WaitError::kDraining);
  }
  open_barriers_ = 0;
  // What was left in the mailbox when it closed, and the round that stop() cut short.
  for (int round = 0; round < 2; ++round) {
    if (round == 1) parts_.mailbox.take(batch_, std::chrono::steady_clock::now());
    ProposeResult refused;
    refused.error = ProposeError::kDraining;
    for (ProposeRequest& request : batch_.proposals) request.done(refused);
    if (!batch_.proposals.empty()) parts_.answered(batch_.proposals.size());
    for (BarrierRequest& request : batch_.barriers) request.done(WaitError::kDraining);
    for (MembershipRequest& request : batch_.memberships) {
      if (request.done) request.done(draining);
    }
    for (TransferRequest& request : batch_.transfers) {
      if (request.done) request.done(draining);
    }
    batch_.clear();
  }
}

}  // namespace starling::node
