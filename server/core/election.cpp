// Elections: whose evidence counts, who stands first, pre-vote and vote (R1;
// dissertation 3.4, 9.6).
#include "server/core/check.h"
#include "server/core/impl.h"

namespace starling::core {

void Core::Impl::set_term(Term term) {
  STARLING_CORE_CHECK(term > term_, "terms only grow");
  term_ = term;
  vote_ = kNoNode;
  hard_state_changed_ = true;
  held_.clear();  // Of a term that is over; a lost message does no harm.
  verified_index_ = 0;
  ack_due_ = false;
  leader_heard_in_term_us_ = 0;
  answered_rounds_.clear();  // Another leader numbers its rounds anew.
  last_answered_round_ = 0;
  set_leader(kNoNode);
}

void Core::Impl::set_leader(NodeId leader) {
  if (leader_ == leader) return;
  leader_ = leader;
  if (leader != kNoNode) last_leader_ = leader;
  fail_forwarded_reads();
}

void Core::Impl::become_follower(Term term) {
  if (role_ == Role::kLeader) leave_leadership();
  role_ = Role::kFollower;
  awaiting_disk_ = false;
  if (term > term_) set_term(term);
}

void Core::Impl::hear_leader(NodeId leader) {
  STARLING_CORE_CHECK(role_ != Role::kLeader, "two leaders in one term");
  // A candidacy that is over asks for no vote any more: what the leader sends may replace entries
  // that a request still waiting for its term to be durable names as held here (R1.1).
  std::erase_if(held_, [](const Message& message) {
    return std::holds_alternative<VoteRequest>(message.body);
  });
  role_ = Role::kFollower;
  set_leader(leader);
  leader_heard_us_ = now_us_;
  leader_heard_in_term_us_ = now_us_;
  link_broken_ = false;
  awaiting_disk_ = false;
  quick_retries_ = 0;
  election_at_us_ = now_us_ + options_.election_us + first_attempt_delay_us();
}

// R1.2: the link to the leader ended and a reconnect was refused, or it was silent for long enough.
bool Core::Impl::has_no_leader_by_own_evidence() const {
  if (role_ == Role::kLeader) return !has_live_quorum();
  return link_broken_ || now_us_ - leader_heard_us_ >= options_.election_us;
}

// Until the newest configuration has committed, a voter of the one before it stands too: its log
// may be the only one that can win, its removal in it or not (dissertation 4.2.2).
bool Core::Impl::votes_or_may_still() const {
  if (configuration().is_voter(options_.id)) return true;
  return configuration_index() > commit_index_ && configurations_.size() > 1 &&
         configurations_[configurations_.size() - 2].second.is_voter(options_.id);
}

bool Core::Impl::may_campaign() const {
  return !failed_ && role_ != Role::kLeader && votes_or_may_still() && !disk_hangs();
}

bool Core::Impl::alone() const {
  return configuration().voter_count() == 1 && configuration().is_voter(options_.id);
}

// Place by address among the voters, the lost leader left out (R1.4).
std::size_t Core::Impl::rank() const {
  const std::pair<std::uint64_t, NodeId> wanted{configuration_version_, last_leader_};
  if (rank_of_ == wanted) return rank_;
  rank_of_ = wanted;
  rank_ = 0;
  const Member* self = configuration().find(options_.id);
  if (self == nullptr) return rank_;
  for (const Member& other : configuration().members) {
    if (!other.voter || other.id == options_.id || other.id == last_leader_) continue;
    const bool before = address_less(other.address, self->address) ||
                        (other.address == self->address && other.id < self->id);
    if (before) ++rank_;
  }
  return rank_;
}

TimeUs Core::Impl::first_attempt_delay_us() {
  return static_cast<TimeUs>(rank() + options_.reluctance) * options_.rank_step_us +
         random_.between(0, options_.jitter_us + 1);
}

TimeUs Core::Impl::random_timeout_us() {
  return random_.between(options_.election_us, 2 * options_.election_us);
}

void Core::Impl::on_election_timeout() {
  if (!may_campaign()) {
    election_at_us_ = now_us_ + random_timeout_us();
    return;
  }
  // Only durable entries may be spoken of (R1.1): give those under way a moment to get there.
  if (!awaiting_disk_ && log_.durable_index() < log_.last_index()) {
    awaiting_disk_ = true;
    election_at_us_ = now_us_ + 2 * options_.rank_step_us;
    return;
  }
  start_pre_vote();
}

void Core::Impl::start_pre_vote() {
  awaiting_disk_ = false;
  role_ = Role::kPreCandidate;
  set_leader(kNoNode);
  election_at_us_ = now_us_ + random_timeout_us();
  granted_ = {options_.id};
  refused_.clear();
  request_votes(/*pre_vote=*/true, /*transfer=*/false);
  tally();
}

void Core::Impl::start_election(bool transfer) {
  awaiting_disk_ = false;
  role_ = Role::kCandidate;
  set_term(term_ + 1);
  vote_ = options_.id;
  election_at_us_ = now_us_ + random_timeout_us();
  granted_.clear();  // The own vote counts when it is durable.
  refused_.clear();
  request_votes(/*pre_vote=*/false, transfer);
}

void Core::Impl::request_votes(bool pre_vote, bool transfer) {
  // Nobody expects the lost leader to answer, unless it is needed; an answer counts all the same.
  const bool others_suffice = configuration().voter_count() > configuration().quorum();
  if (!transfer && last_leader_ != kNoNode && others_suffice) refused_.insert(last_leader_);
  refused_.erase(options_.id);
  const VoteRequest request{pre_vote, transfer, log_.durable_index(), log_.durable_term()};
  for (const Member& member : configuration().members) {
    if (member.voter) send_in_term(member.id, pre_vote ? term_ + 1 : term_, request);
  }
}

void Core::Impl::on_vote_request(const Message& message, const VoteRequest& request) {
  const auto answer = [&](bool granted) {
    // A grant of a pre-vote speaks of the term to come, everything else of ours.
    send_in_term(message.from, granted ? message.term : term_,
                 VoteResponse{request.pre_vote, granted});
  };
  if (message.term < term_ || (request.pre_vote && message.term == term_)) return answer(false);
  const bool repeated = !request.pre_vote && message.term == term_ && vote_ == message.from;
  if (!repeated && !request.transfer && !has_no_leader_by_own_evidence()) return answer(false);

  if (!request.pre_vote && message.term > term_) become_follower(message.term);
  // The whole log in memory is compared, durable or not: the stricter side.
  const bool up_to_date =
      request.last_term > log_.last_term() ||
      (request.last_term == log_.last_term() && request.last_index >= log_.last_index());
  const bool free = request.pre_vote || vote_ == message.from ||
                    (vote_ == kNoNode && leader_ == kNoNode && role_ != Role::kLeader);
  if (!up_to_date || !free) return answer(false);
  if (!request.pre_vote && vote_ != message.from) {
    vote_ = message.from;
    hard_state_changed_ = true;
    role_ = Role::kFollower;
    awaiting_disk_ = false;
    election_at_us_ = now_us_ + random_timeout_us();  // Time for it to win.
  }
  answer(true);
}

void Core::Impl::on_vote_response(const Message& message, const VoteResponse& response) {
  if (role_ != (response.pre_vote ? Role::kPreCandidate : Role::kCandidate)) return;
  if (response.granted) {
    if (message.term != (response.pre_vote ? term_ + 1 : term_)) return;  // Of another attempt.
    granted_.insert(message.from);
    refused_.erase(message.from);
  } else if (granted_.count(message.from) == 0) {
    refused_.insert(message.from);
  }
  tally();
}

void Core::Impl::tally() {
  std::size_t granted = 0;
  std::size_t possible = 0;
  for (const Member& member : configuration().members) {
    if (!member.voter) continue;
    if (granted_.count(member.id) > 0) ++granted;
    if (refused_.count(member.id) == 0) ++possible;
  }
  const std::size_t quorum = configuration().quorum();
  if (granted >= quorum) {
    if (role_ == Role::kPreCandidate) {
      start_election(/*transfer=*/false);
    } else {
      become_leader();
    }
  } else if (possible < quorum) {
    role_ = Role::kFollower;
    retry_soon();
  }
}

// The others may learn of the loss some milliseconds later than this node did: the first few tries
// follow one another quickly, at random; after them only the long random timeout counts.
void Core::Impl::retry_soon() {
  if (quick_retries_ >= kQuickRetries || !has_no_leader_by_own_evidence()) return;
  const TimeUs longest = options_.rank_step_us << (1 + std::min(quick_retries_, 2));
  election_at_us_ =
      std::min(election_at_us_, now_us_ + random_.between(options_.rank_step_us, longest));
  ++quick_retries_;
}

}  // namespace starling::core
