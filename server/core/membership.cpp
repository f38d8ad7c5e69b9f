// Membership, one change at a time (R3.1; dissertation 4.1, with the fix that waits for the term's
// first entry), and the transfer of leadership (R3.7; dissertation 3.10).
#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

const Configuration& Core::Impl::configuration() const { return configurations_.back().second; }
Index Core::Impl::configuration_index() const { return configurations_.back().first; }

// A configuration counts from the moment it is in the log.
void Core::Impl::note_configuration(const Entry& entry) {
  auto configuration = decode_configuration(entry.data);
  STARLING_CORE_CHECK(configuration.has_value(), "a configuration entry cannot be read");
  configurations_.emplace_back(entry.index, std::move(*configuration));
  ++configuration_version_;
  if (role_ != Role::kLeader) return;
  const std::size_t last = configurations_.size() - 1;
  if (last > 0 &&
      configurations_[last].second.voter_count() < configurations_[last - 1].second.voter_count()) {
    removed_us_ = now_us_;
  }
  follow_configuration(/*next=*/entry.index);
}

void Core::Impl::roll_back_configurations(Index first_removed) {
  while (configurations_.back().first >= first_removed) {
    configurations_.pop_back();
    if (configurations_.empty()) configurations_.emplace_back(0, Configuration{});
    ++configuration_version_;
  }
}

// Leader: one progress for every other member; the others are told of their removal, then dropped.
void Core::Impl::follow_configuration(Index next) {
  for (const Member& member : configuration().members) {
    if (member.id == options_.id) continue;
    const auto [it, added] = progress_.try_emplace(member.id);
    if (added) it->second.next = next;
    it->second.departing = false;
    it->second.depart_by_us = kNever;
  }
  for (auto& [peer, progress] : progress_) {
    if (configuration().find(peer) == nullptr) progress.departing = true;
  }
}

std::pair<Refusal, std::optional<Configuration>> Core::Impl::changed(
    const ChangeMembership& change) const {
  if (role_ != Role::kLeader) return {Refusal::kNotLeader, {}};
  if (transferring_) return {Refusal::kTransferring, {}};
  if (change.node == kNoNode) return {Refusal::kInvalid, {}};
  Configuration next = configuration();
  auto place = std::lower_bound(next.members.begin(), next.members.end(), change.node,
                                [](const Member& m, NodeId id) { return m.id < id; });
  const bool known = place != next.members.end() && place->id == change.node;
  switch (change.op) {
    case MembershipOp::kAddLearner:
    case MembershipOp::kAddReturning:
      if (known) {
        place->address = change.address;
      } else {
        const bool returning = change.op == MembershipOp::kAddReturning;
        next.members.insert(place, Member{change.node, change.address, false, returning});
      }
      break;
    case MembershipOp::kPromote:
      if (!known) return {Refusal::kInvalid, {}};
      place->voter = true;
      place->returning = false;
      break;
    case MembershipOp::kRemove:
    case MembershipOp::kRemoveDead:
      if (!known) return {Refusal::kInvalid, {}};
      next.members.erase(place);
      if (next.voter_count() == 0) return {Refusal::kInvalid, {}};
      break;
  }
  if (next == configuration()) return {Refusal::kNone, {}};  // It is so already.
  // R3.1: the no-op of this term and the previous configuration have committed.
  const bool settled = commit_index_ >= noop_index_ && commit_index_ >= configuration_index();
  if (!settled) return {Refusal::kBusy, {}};
  // What could not be read back must never get into the log.
  const std::string form = encode(next);
  if (decode_configuration(form) != next) return {Refusal::kInvalid, {}};
  return {Refusal::kNone, std::move(next)};
}

void Core::Impl::on_change_membership(const ChangeMembership& change) {
  auto [refusal, next] = changed(change);
  ProposalOutcome outcome{change.id, refusal, term_, 0};
  if (next) {
    append_own(EntryKind::kConfiguration, encode(*next), stamp_ms());
    if (change.op == MembershipOp::kRemoveDead) progress_.erase(change.node);
    persist_from(log_.last_index());
    replicate_to_all();
  }
  if (refusal == Refusal::kNone) {
    outcome.index = configuration_index();
    outcome.term = log_.term_at(outcome.index);
  }
  out_->proposals.push_back(outcome);
}

// A voter's word counts for everybody whom it does not list.
void Core::Impl::note_reached(NodeId by, const std::vector<NodeId>& unreached) {
  if (!configuration().is_voter(by)) return;
  for (auto& [peer, progress] : progress_) {
    if (std::find(unreached.begin(), unreached.end(), peer) == unreached.end()) {
      progress.reached_us = now_us_;
    }
  }
}

std::size_t Core::Impl::voters_heard(const Configuration& among) const {
  std::size_t heard = 0;
  for (const Member& member : among.members) {
    if (!member.voter) continue;
    const auto found = progress_.find(member.id);
    heard += member.id == options_.id || (found != progress_.end() && found->second.heard_us != 0 &&
                                          now_us_ - found->second.heard_us < options_.election_us);
  }
  return heard;
}

NodeId Core::Impl::removable(TimeUs dead_after_us) const {
  constexpr std::size_t kFewestVoters = 3;
  if (role_ != Role::kLeader || transferring_ || now_us_ - removed_us_ < dead_after_us) {
    return kNoNode;
  }
  for (const auto& [peer, progress] : progress_) {
    if (!configuration().is_voter(peer)) continue;
    if (now_us_ - std::max(leader_since_us_, progress.reached_us) < dead_after_us) continue;
    Configuration next = configuration();
    std::erase_if(next.members, [id = peer](const Member& member) { return member.id == id; });
    if (next.voter_count() < kFewestVoters) continue;
    if (voters_heard(configuration()) >= configuration().quorum() &&
        voters_heard(next) >= next.quorum()) {
      return peer;
    }
  }
  return kNoNode;
}

// Once a removal has committed, those who left have been told or had time enough; a leader that
// removed itself hands over and steps down (dissertation 4.2.2).
void Core::Impl::part_with_departed() {
  if (configuration_index() > commit_index_) return;
  for (auto it = progress_.begin(); it != progress_.end();) {
    Progress& progress = it->second;
    if (progress.departing && progress.depart_by_us == kNever) {
      progress.depart_by_us = now_us_ + 2 * options_.election_us;
    }
    const bool told = progress.commit_told >= configuration_index();
    const bool gone = progress.departing && (told || now_us_ >= progress.depart_by_us);
    it = gone ? progress_.erase(it) : std::next(it);
  }
  if (configuration().find(options_.id) != nullptr) return;
  const NodeId heir = most_advanced_voter();
  if (heir != kNoNode) send(heir, TimeoutNow{});
  become_follower(term_);
}

NodeId Core::Impl::most_advanced_voter() const {
  NodeId best = kNoNode;
  std::pair<bool, Index> best_value;
  for (const auto& [peer, progress] : progress_) {
    if (!configuration().is_voter(peer)) continue;
    const bool alive = now_us_ - progress.heard_us < options_.election_us;
    const std::pair<bool, Index> value{alive, progress.match};
    if (best == kNoNode || value > best_value) {
      best = peer;
      best_value = value;
    }
  }
  return best;
}

void Core::Impl::on_transfer(const Transfer& transfer) {
  const NodeId target = transfer.target != kNoNode || role_ != Role::kLeader
                            ? transfer.target
                            : most_advanced_voter();
  const bool possible = role_ == Role::kLeader && !transferring_ && target != options_.id &&
                        configuration().is_voter(target) && progress_.count(target) > 0;
  if (!possible) {
    out_->transfers.push_back({TransferResult::kRefused});
    return;
  }
  transferring_ = true;
  timeout_now_sent_ = false;
  transfer_target_ = target;
  transfer_until_us_ = now_us_ + options_.election_us;
  hand_over_when_ready();
}

void Core::Impl::hand_over_when_ready() {
  if (!transferring_ || timeout_now_sent_) return;
  if (progress_.at(transfer_target_).match < log_.last_index()) return;
  timeout_now_sent_ = true;
  send(transfer_target_, TimeoutNow{});
}

void Core::Impl::end_transfer(TransferResult result) {
  transferring_ = false;
  timeout_now_sent_ = false;
  transfer_target_ = kNoNode;
  transfer_until_us_ = kNever;
  out_->transfers.push_back({result});
}

void Core::Impl::on_timeout_now(NodeId from) {
  if (from != leader_ || !may_campaign()) return;
  start_election(/*transfer=*/true);
}

}  // namespace starling::core
