// The loop's rounds: inputs in, effects out. See loop.h.
#include "server/node/loop.h"

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "server/node/check.h"
#include "server/node/clock.h"
#include "spdlog/spdlog.h"

namespace starling::node {

using transport::MembershipError;
using transport::ProposeError;
using transport::ProposeResult;
using transport::WaitError;

namespace {

constexpr core::TimeUs kPartingElections = 8;

std::uint64_t first_id() {
  std::random_device random;
  return ((std::uint64_t{random()} << 32) | random()) >> 2;
}

}  // namespace

Loop::Loop(const NodeOptions& options, const core::Options& core_options,
           const core::Restored& restored, Parts parts)
    : options_(options),
      core_options_(core_options),
      parts_(std::move(parts)),
      core_(core_options, restored, now_us()),
      active_(core_options.cluster, core_options.epoch, core_options.id, core_options.election_us),
      next_id_(first_id()),
      last_state_(core_.state()),
      last_configuration_(core_.configuration()),
      pushed_index_(restored.applied_index),
      told_applied_(restored.applied_index) {
  active_.refresh(last_state_, last_configuration_, {}, now_us());
  MutexLock lock(published_mutex_);
  published_.state = last_state_;
  published_.configuration = std::make_shared<const core::Configuration>(last_configuration_);
  shown_list_ = active_.list();
}

Loop::~Loop() { stop(); }

void Loop::start(transport::Transport& transport) {
  transport_ = &transport;
  thread_ = std::thread([this] { run(); });
}

void Loop::stop() {
  parts_.mailbox.stop();
  if (thread_.joinable()) thread_.join();
  parts_.mailbox.close();
  answer_all_draining();
}

Published Loop::published() const {
  MutexLock lock(published_mutex_);
  return published_;
}

transport::ServerList Loop::list() const {
  MutexLock lock(published_mutex_);
  return shown_list_;
}

void Loop::run() {
  transport_->publish_list(active_.list(), false);
  set_peers();
  next_beat_us_ = now_us();
  for (;;) {
    core::TimeUs wake = std::min(core_.next_deadline_us(), next_beat_us_);
    if (!changes_.empty() && !changes_.front().appended) {
      wake = std::min(wake, changes_.front().next_try_us);
    }
    parts_.mailbox.take(batch_, from_us(wake));
    if (batch_.stop) break;
    const core::TimeUs now = now_us();
    const bool beat_due = now >= next_beat_us_;
    if (beat_due) tell_unreached(now);
    if (beat_due) keep_members(now);
    if (beat_due) expire();
    step_batch(now);
    carry_out(now);
    if (beat_due) beat(now);
  }
}

void Loop::step(core::Event event, core::TimeUs now) {
  core_.step(core::Input{now, wall_ms(), std::move(event)}, effects_);
}

void Loop::step_batch(core::TimeUs now) {
  for (TimedEvent& timed : batch_.events) {
    if (const auto* lost = std::get_if<core::PeerUnreachable>(&timed.event)) {
      active_.unreachable(lost->peer, timed.at_us);
      list_dirty_ = true;
    } else if (const auto* found = std::get_if<core::PeerConnected>(&timed.event)) {
      active_.connected(found->peer);
      list_dirty_ = true;
      resend_list_ = true;
    }
    step(std::move(timed.event), timed.at_us);
  }
  if (batch_.list && active_.received(std::move(*batch_.list))) {
    list_dirty_ = true;
    set_peers();
  }
  const core::Index applied = parts_.applier.applied_index();
  if (applied > told_applied_) {
    told_applied_ = applied;
    step(core::Applied{applied}, now);
  }
  compact(now);
  step_proposals(now);
  step_barriers(now);
  take_membership(now);
  drive_changes(now);
  drive_transfers(now);
  if (now >= core_.next_deadline_us()) step(core::Tick{}, now);
}

// The core first, then the log: nothing is asked for that is about to go.
void Loop::compact(core::TimeUs now) {
  const core::Index wanted = compact_wanted_;
  if (wanted <= core_.state().base_index || wanted > told_applied_) return;
  step(core::Compacted{wanted}, now);
  parts_.compact(wanted);
}

void Loop::step_proposals(core::TimeUs now) {
  proposing_.clear();
  if (batch_.proposals.empty()) return;
  core::Propose propose;
  propose.proposals.reserve(batch_.proposals.size());
  proposing_base_ = next_id_;
  for (ProposeRequest& request : batch_.proposals) {
    propose.proposals.push_back({next_id_++, std::move(request.command)});
    proposing_.push_back(std::move(request.done));
  }
  step(std::move(propose), now);
}

void Loop::step_barriers(core::TimeUs now) {
  if (batch_.barriers.empty()) return;
  if (open_barriers_ + batch_.barriers.size() > options_.max_waiters) {
    for (BarrierRequest& request : batch_.barriers) {
      after_.push_back([done = std::move(request.done)] { done(WaitError::kTimeout); });
    }
    return;
  }
  // One confirmation serves all that arrived before it began (dissertation section 6.4), and all
  // that may be as old.
  std::map<core::TimeUs, std::vector<BarrierRequest>> by_age;
  for (BarrierRequest& request : batch_.barriers) {
    by_age[request.max_age_us].push_back(std::move(request));
  }
  open_barriers_ += batch_.barriers.size();
  batch_.barriers.clear();
  for (auto& [max_age_us, requests] : by_age) {
    const std::uint64_t id = next_id_++;
    reads_[id] = std::move(requests);
    step(core::Read{id, max_age_us}, now);
  }
}

void Loop::carry_out(core::TimeUs now) {
  // Callbacks are in place before anything can complete them.
  for (const core::ProposalOutcome& outcome : effects_.proposals) change_outcome(outcome, now);
  place_proposals();
  for (const core::Message& message : effects_.messages) transport_->send(message);
  parts_.log_writer.push(effects_.persist);
  push_committed();
  parts_.log_reader.push(effects_.read_log);
  for (const core::FetchSnapshot& wanted : effects_.fetch_snapshot) {
    parts_.fetch_snapshot(wanted.from, wanted.index);
  }
  finish_reads();
  for (const core::TransferOutcome& outcome : effects_.transfers) transfer_outcome(outcome);
  const bool changed = effects_.state_changed;
  effects_.clear();
  watch_reign();
  publish(changed);
  if (list_dirty_) refresh_list(now, std::exchange(resend_list_, false));
  // A task may add another.
  while (!after_.empty()) {
    for (const auto& task : std::exchange(after_, {})) task();
  }
}

void Loop::place_proposals() {
  std::size_t refused = 0;
  for (const core::ProposalOutcome& outcome : effects_.proposals) {
    if (outcome.id < proposing_base_ || outcome.id >= proposing_base_ + proposing_.size()) continue;
    transport::ProposeCallback& done = proposing_[outcome.id - proposing_base_];
    NODE_CHECK(done != nullptr, "a proposal has one outcome");
    if (outcome.refusal == core::Refusal::kNone) {
      placed_.push_back({outcome.index, outcome.term, std::exchange(done, nullptr)});
      continue;
    }
    ++refused;
    ProposeResult result;
    result.error = outcome.refusal == core::Refusal::kOverloaded ? ProposeError::kOverloaded
                                                                 : ProposeError::kNotPrimary;
    after_.push_back([done = std::exchange(done, nullptr), result] { done(result); });
  }
  for (const transport::ProposeCallback& done : proposing_) {
    NODE_CHECK(done == nullptr, "the core answers a proposal in the step that takes it");
  }
  proposing_.clear();
  if (refused > 0) parts_.answered(refused);
  if (!placed_.empty()) parts_.applier.expect(placed_);
}

void Loop::push_committed() {
  if (effects_.apply.empty()) return;
  for (const core::EntryPtr& entry : effects_.apply) {
    NODE_CHECK(entry->index == pushed_index_ + 1, "the core commits without a gap");
    pushed_index_ = entry->index;
    if (entry->kind == core::EntryKind::kConfiguration) change_committed(*entry);
  }
  parts_.applier.push(effects_.apply);
}

void Loop::finish_reads() {
  for (const core::ReadOutcome& outcome : effects_.reads) {
    const auto found = reads_.find(outcome.id);
    if (found == reads_.end()) continue;
    open_barriers_ -= found->second.size();
    for (BarrierRequest& request : found->second) {
      if (outcome.ok) {
        parts_.applier.wait_applied(outcome.index, request.deadline, std::move(request.done));
      } else {
        after_.push_back([done = std::move(request.done)] { done(WaitError::kNoPrimary); });
      }
    }
    reads_.erase(found);
  }
}

void Loop::watch_reign() {
  const core::State state = core_.state();
  const core::Term reign = state.role == core::Role::kLeader ? state.term : 0;
  if (reign == reign_term_) return;
  if (reign_term_ != 0) {
    // What is committed here is still answered by the applier; the rest may or may not survive.
    const std::size_t lost = parts_.applier.lose(pushed_index_, ProposeError::kPrimaryLost);
    if (lost > 0) parts_.answered(lost);
    if (!changes_.empty() && changes_.front().appended) {
      end_change(MembershipError::kPrimaryLost, "the primary was lost", 0);
    }
  }
  reign_term_ = reign;
  reign_start_us_ = now_us();
  back_since_.clear();
  learner_seen_.clear();
}

void Loop::publish(bool changed) {
  core::State state = core_.state();
  std::shared_ptr<const core::Configuration> configuration;
  if (changed) list_dirty_ = true;
  if (changed && !(core_.configuration() == last_configuration_)) {
    const core::TimeUs until = now_us() + kPartingElections * core_options_.election_us;
    for (const core::Member& member : last_configuration_.members)
      departed_.push_back({member, until});
    last_configuration_ = core_.configuration();
    configuration = std::make_shared<const core::Configuration>(last_configuration_);
    set_peers();
    list_dirty_ = true;
    log_members();
  }
  log_state(last_state_, state);
  const bool faulty = state.fault != last_state_.fault;
  last_state_ = state;
  if (faulty) parts_.fault(state.fault);
  MutexLock lock(published_mutex_);
  published_.state = state;
  if (configuration) published_.configuration = std::move(configuration);
}

void Loop::set_peers() {
  std::erase_if(departed_, [&](const auto& left) {
    return last_configuration_.find(left.first.id) != nullptr;
  });
  std::vector<core::Member> peers = last_configuration_.members;
  for (const auto& [member, until] : departed_) peers.push_back(member);
  // One that was away for long may not know a single member of today: its primary tells it of all.
  for (const core::Member& member : active_.received_members()) {
    const bool known = std::any_of(peers.begin(), peers.end(),
                                   [&](const core::Member& m) { return m.id == member.id; });
    if (!known) peers.push_back(member);
  }
  std::erase_if(peers, [&](const core::Member& m) { return m.id == core_options_.id; });
  transport_->set_peers(peers);
}

void Loop::part_with_departed(core::TimeUs now) {
  if (std::erase_if(departed_, [&](const auto& left) { return left.second <= now; }) > 0) {
    set_peers();
  }
}

void Loop::refresh_list(core::TimeUs now, bool resend) {
  list_dirty_ = false;
  const bool changed = active_.refresh(last_state_, last_configuration_, core_.peers(), now);
  if (!changed && !(resend && active_.own())) return;
  const transport::ServerList& list = active_.list();
  if (changed) {
    log_list(logged_list_, list);
    logged_list_ = list;
    MutexLock lock(published_mutex_);
    shown_list_ = list;
  }
  transport_->publish_list(list, active_.own());
}

void Loop::beat(core::TimeUs now) {
  next_beat_us_ = now + core::TimeUs{options_.beat_ms} * 1'000;
  part_with_departed(now);
  beat_commit_ = last_state_.commit_index;
  refresh_list(now, false);
  transport_->beat(transport::Beat{parts_.status(), static_cast<std::uint32_t>(options_.beat_ms)});
}

}  // namespace starling::node
