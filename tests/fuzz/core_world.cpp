// Implements tests/fuzz/core_world.h.
#include "tests/fuzz/core_world.h"

#include <algorithm>

#include "server/transport/convert.h"
#include "tests/fuzz/wire.h"

namespace starling::fuzz {
namespace {

core::Configuration members(std::uint64_t count) {
  core::Configuration configuration;
  for (core::NodeId id = 1; id <= count; ++id) {
    configuration.members.push_back({id, "127.0.0.1:" + std::to_string(5100 + id), true});
  }
  return configuration;
}

core::EntryPtr entry(core::Index index, core::EntryKind kind, std::string data) {
  auto made = std::make_shared<core::Entry>();
  made->index = index;
  made->term = 1 + index / 4;
  made->kind = kind;
  made->stamp_ms = 1'600'000'000'000 + static_cast<core::WallMs>(index);
  made->data = std::move(data);
  return made;
}

// A forwarded read or a promise apart, a message speaks of the sender's own term.
bool speaks_of_next_term(const core::MessageBody& body) {
  const auto* request = std::get_if<core::VoteRequest>(&body);
  const auto* response = std::get_if<core::VoteResponse>(&body);
  return (request != nullptr && request->pre_vote) ||
         (response != nullptr && response->pre_vote && response->granted);
}

}  // namespace

core::Term CoreWorld::Disk::term_at(core::Index index) const {
  if (index == base) return base_term;
  if (index < base || index > last()) return 0;
  return log[index - base - 1]->term;
}

void CoreWorld::Disk::write(const core::PersistEntries& batch) {
  FUZZ_HOLDS(!batch.entries.empty());
  const core::Index first = batch.entries.front()->index;
  FUZZ_HOLDS(first > base && first <= last() + 1);
  log.resize(first - base - 1);
  for (const core::EntryPtr& one : batch.entries) {
    FUZZ_HOLDS(one->index == last() + 1 && one->term >= term_at(last()));
    // R2.1: the term is on the disk before an entry of it.
    FUZZ_HOLDS(one->term <= hard_state.term);
    log.push_back(one);
  }
}

CoreWorld::Disk CoreWorld::first_disk(const Settings& settings) {
  Disk disk;
  const core::Configuration all = members(settings.members);
  disk.base = settings.base;
  if (disk.base > 0) {
    disk.base_term = entry(disk.base, core::EntryKind::kCommand, {})->term;
    disk.base_members = {1, all};
  }
  for (core::Index index = disk.base + 1; index <= settings.last; ++index) {
    disk.log.push_back(index == 1 ? entry(1, core::EntryKind::kConfiguration, core::encode(all))
                                  : entry(index, core::EntryKind::kCommand, "data"));
  }
  disk.hard_state = {disk.term_at(disk.last()), core::kNoNode};
  return disk;
}

core::Options CoreWorld::options(const Settings& settings) {
  core::Options options;
  options.id = kSelf;
  options.cluster = kCluster;
  options.election_us = kElectionUs;
  options.boot = 99;
  if (settings.narrow) {
    options.max_batch_entries = 2;
    options.max_in_flight = 1;
    options.max_batch_bytes = 100;
    options.cache_bytes = 0;
    options.max_uncommitted_bytes = 300;
  }
  return options;
}

core::Restored CoreWorld::restored() const {
  core::Restored out;
  out.hard_state = disk_.hard_state;
  out.base_index = disk_.base;
  out.base_term = disk_.base_term;
  out.last_index = disk_.last();
  out.applied_index = applied_;
  if (disk_.base > 0) out.configurations.push_back(disk_.base_members);
  for (const core::EntryPtr& one : disk_.log) {
    if (out.term_runs.empty() || out.term_runs.back().second != one->term) {
      out.term_runs.emplace_back(one->index, one->term);
    }
    if (one->kind == core::EntryKind::kConfiguration) {
      const auto configuration = core::decode_configuration(one->data);
      FUZZ_HOLDS(configuration.has_value());
      out.configurations.emplace_back(one->index, *configuration);
    }
    out.last_stamp_ms = one->stamp_ms;
    if (one->index > applied_) out.tail.push_back(one);
  }
  return out;
}

CoreWorld::CoreWorld(const Settings& settings)
    : settings_(settings),
      disk_(first_disk(settings)),
      applied_(settings.applied),
      core_(options(settings), restored(), now_us_),
      given_out_(settings.applied) {}

void CoreWorld::step(core::Event event) {
  const core::State before = core_.state();
  effects_.clear();
  core_.step({now_us_, wall_ms_, std::move(event)}, effects_);
  check_state(before);
  take_effects();
  check_messages();
}

void CoreWorld::check_state(const core::State& before) const {
  const core::State after = core_.state();
  FUZZ_HOLDS(after.term >= before.term);
  FUZZ_HOLDS(after.term > before.term || before.vote == core::kNoNode || after.vote == before.vote);
  FUZZ_HOLDS(after.commit_index >= before.commit_index);
  FUZZ_HOLDS(after.base_index >= before.base_index);
  FUZZ_HOLDS(after.base_index <= after.commit_index);
  FUZZ_HOLDS(after.commit_index <= after.last_index);
  FUZZ_HOLDS(after.durable_index <= after.last_index);
  FUZZ_HOLDS(after.durable_index <= disk_.last());
  FUZZ_HOLDS(after.fresh_us >= before.fresh_us);
  FUZZ_HOLDS(core_.configuration_index() <= after.last_index);
  FUZZ_HOLDS(after.fault == core::Fault::kNone || after.role == core::Role::kFollower);
}

void CoreWorld::take_effects() {
  for (core::Persist& one : effects_.persist) writes_.push_back(std::move(one));
  for (const core::EntryPtr& one : effects_.apply) {
    // R2.3: each once, in order, and on the own disk already.
    FUZZ_HOLDS(one->index == given_out_ + 1);
    FUZZ_HOLDS(one->index <= disk_.last() && disk_.log[one->index - disk_.base - 1] == one);
    FUZZ_HOLDS(one->index <= core_.state().commit_index);
    given_out_ = one->index;
  }
  for (const core::ReadLog& read : effects_.read_log) {
    FUZZ_HOLDS(read.from > disk_.base && read.from <= read.to && read.to <= disk_.last());
    log_reads_.push_back(read);
  }
  sent_ = std::move(effects_.messages);
}

// What is said is durable (R1.1, R2.1), is addressed to somebody else, and survives the wire.
void CoreWorld::check_messages() {
  for (const core::Message& message : sent_) {
    FUZZ_HOLDS(message.cluster == kCluster && message.epoch == 1 && message.from == kSelf);
    FUZZ_HOLDS(message.to != kSelf && message.to != core::kNoNode);
    if (!speaks_of_next_term(message.body)) FUZZ_HOLDS(message.term <= disk_.hard_state.term);
    if (const auto* request = std::get_if<core::VoteRequest>(&message.body)) {
      FUZZ_HOLDS(request->last_index <= disk_.last());
      FUZZ_HOLDS(disk_.term_at(request->last_index) == request->last_term);
    } else if (const auto* append = std::get_if<core::AppendRequest>(&message.body)) {
      FUZZ_HOLDS(append->commit <= core_.state().commit_index);
      core::Index index = append->prev_index;
      for (const core::EntryPtr& one : append->entries) FUZZ_HOLDS(one->index == ++index);
    } else if (const auto* response = std::get_if<core::AppendResponse>(&message.body)) {
      FUZZ_HOLDS(!response->success || response->match <= disk_.last());
    }
    transport::pb::PeerMessage wire;
    core::Message back;
    transport::pb::PeerMessage again;
    transport::to_wire(message, wire);
    FUZZ_HOLDS(transport::from_wire(wire, back));
    transport::to_wire(back, again);
    FUZZ_HOLDS(wire.SerializeAsString() == again.SerializeAsString());
  }
}

bool CoreWorld::receive_bytes(const std::string& bytes, bool mend_envelope) {
  transport::pb::PeerMessage wire;
  core::Message message;
  if (!wire.ParseFromString(bytes) || !transport::from_wire(wire, message)) return false;
  if (const auto* append = std::get_if<core::AppendRequest>(&message.body)) {
    // What the log could not be read back with is not let in.
    for (const core::EntryPtr& one : append->entries) {
      FUZZ_HOLDS(one->kind <= core::EntryKind::kConfiguration);
    }
  }
  if (mend_envelope) {
    message.cluster = kCluster;
    message.epoch = 1;
    message.to = kSelf;
    message.from = 1 + message.from % settings_.members;
  }
  step(core::Receive{std::move(message)});
  return true;
}

void CoreWorld::receive(core::Message message) {
  transport::pb::PeerMessage wire;
  transport::to_wire(message, wire);
  receive_bytes(wire.SerializeAsString(), false);
}

void CoreWorld::pass(core::TimeUs time_us) {
  now_us_ += time_us;
  wall_ms_ += time_us / 1000;
  step(core::Tick{});
  check_deadline();
}

void CoreWorld::pass_to_deadline() {
  const core::TimeUs at = core_.next_deadline_us();
  constexpr core::TimeUs kLongest = 60'000'000;
  pass(at < now_us_ ? 0 : std::min(at - now_us_, kLongest));
}

// Whoever ticks when he is asked to gets on: time never stands still.
void CoreWorld::check_deadline() {
  for (int i = 0; core_.next_deadline_us() <= now_us_; ++i) {
    FUZZ_HOLDS(i < 16);
    step(core::Tick{});
  }
}

void CoreWorld::persist(std::size_t most) {
  for (; most > 0 && !writes_.empty(); --most) {
    const core::Persist write = std::move(writes_.front());
    writes_.pop_front();
    if (const auto* hard = std::get_if<core::PersistHardState>(&write)) {
      FUZZ_HOLDS(hard->hard_state.term >= disk_.hard_state.term);
      disk_.hard_state = hard->hard_state;
      step(core::HardStatePersisted{hard->hard_state});
    } else {
      const auto& batch = std::get<core::PersistEntries>(write);
      disk_.write(batch);
      step(core::EntriesPersisted{batch.accepting_term, batch.entries.back()->index});
    }
  }
}

void CoreWorld::apply(std::size_t most) {
  applied_ = std::min<core::Index>(given_out_, applied_ + most);
  step(core::Applied{applied_});
}

void CoreWorld::answer_log_read() {
  if (log_reads_.empty()) return;
  const core::ReadLog read = log_reads_.front();
  log_reads_.pop_front();
  core::LogRead answer{read.peer, read.from, {}};
  const core::Index to = std::min(read.to, disk_.last());
  for (core::Index index = read.from; index > disk_.base && index <= to; ++index) {
    answer.entries.push_back(disk_.log[index - disk_.base - 1]);
  }
  if (!answer.entries.empty()) step(std::move(answer));
}

void CoreWorld::compact(core::Index index) {
  // The log thread has done everything that was asked of it before.
  persist(writes_.size());
  index = std::min(index, applied_);
  if (index <= disk_.base) return;
  step(core::Compacted{index});
  for (core::Index i = disk_.base + 1; i <= index; ++i) {
    const core::EntryPtr& one = disk_.log[i - disk_.base - 1];
    if (one->kind != core::EntryKind::kConfiguration) continue;
    disk_.base_members = {i, *core::decode_configuration(one->data)};
  }
  disk_.base_term = disk_.term_at(index);
  disk_.log.erase(disk_.log.begin(),
                  disk_.log.begin() + static_cast<std::ptrdiff_t>(index - disk_.base));
  disk_.base = index;
}

core::Message CoreWorld::message(core::NodeId from, core::MessageBody body) const {
  return {kCluster, 1, from, kSelf, core_.state().term, std::move(body)};
}

void CoreWorld::become_candidate() {
  for (int i = 0; i < 8 && core_.state().role == core::Role::kFollower; ++i) pass_to_deadline();
  for (core::NodeId id = 1; id <= settings_.members; ++id) {
    core::Message grant = message(id, core::VoteResponse{true, true});
    ++grant.term;
    if (core_.state().role == core::Role::kPreCandidate) receive(std::move(grant));
  }
}

void CoreWorld::become_leader() {
  become_candidate();
  persist(8);
  for (core::NodeId id = 1; id <= settings_.members; ++id) {
    if (core_.state().role == core::Role::kCandidate) {
      receive(message(id, core::VoteResponse{false, true}));
    }
  }
}

void CoreWorld::restart() {
  core_ = core::Core(options(settings_), restored(), now_us_);
  writes_.clear();
  log_reads_.clear();
  given_out_ = applied_;
  const core::State state = core_.state();
  FUZZ_HOLDS(state.last_index == disk_.last() && state.durable_index == disk_.last());
  FUZZ_HOLDS(state.term >= disk_.hard_state.term && state.commit_index == applied_);
}

}  // namespace starling::fuzz
