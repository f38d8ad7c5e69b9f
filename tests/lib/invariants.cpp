// The consensus invariants: election safety, log matching, leader completeness, state-machine
// safety, and that nobody speaks of what is not durable.
#include "tests/lib/invariants.h"

#include <algorithm>
#include <iterator>

#include "tests/lib/sim_node.h"
#include "tests/lib/sim_world.h"
#include "tests/lib/trace.h"

namespace starling::sim {

namespace {
std::string at(core::Index index, core::Term term) {
  return std::to_string(index) + ":" + std::to_string(term);
}
}  // namespace

void violated(const std::string& invariant, const std::string& detail) {
  throw Violation(invariant + ": " + detail);
}

void Invariants::installed(const SimNode& node) {
  core::Term previous = 0;
  for (const auto& entry : node.disk().cached().log.entries) {
    entries_[{entry->index, entry->term}] = {digest(*entry), previous};
    previous = entry->term;
  }
}

// What was applied was durable in the log of the same node before (R2.3, R2.4), so that no crash
// makes the state machine know more than the log.
void Invariants::restarted(const SimNode& node) {
  const DiskImage& disk = node.disk().cached();
  if (node.applied_index() > disk.last_index()) {
    violated("R2.4 log behind the state", node.name() + " applied " +
                                              std::to_string(node.applied_index()) +
                                              ", log ends at " + std::to_string(disk.last_index()));
  }
  if (node.applied_index() < disk.log.base_index) {
    violated("R2.4 compaction", node.name() + " applied " + std::to_string(node.applied_index()) +
                                    ", log begins behind " + std::to_string(disk.log.base_index));
  }
}

// Log matching (dissertation 3.5): one (index, term) names one entry, and one predecessor; by
// induction all of the log before it.
void Invariants::appended(const SimNode& node, const core::Entry& entry) {
  const Appended now{digest(entry), node.log().term_at(entry.index - 1)};
  const auto [found, fresh] = entries_.emplace(std::pair(entry.index, entry.term), now);
  if (!fresh &&
      (found->second.digest != now.digest || found->second.previous_term != now.previous_term)) {
    violated("log matching", node.name() + " holds another entry " + at(entry.index, entry.term));
  }
  if (now.previous_term > entry.term) violated("log matching", node.name() + ": terms go back");
  if (fresh) stamp_is_sane(node, entry);
}

// R4.4: one clock that is far ahead moves replicated time nowhere.
void Invariants::stamp_is_sane(const SimNode& node, const core::Entry& entry) const {
  if (entry.index > 1 && entry.stamp_ms < node.log().stamp_at(entry.index - 1)) {
    violated("R4.4 replicated time", node.name() + " goes back at " + at(entry.index, entry.term));
  }
  if (node.core().configuration().voter_count() < 3) return;
  if (entry.stamp_ms > world_.latest_good_wall_ms() + 2'000) {
    violated("R4.4 replicated time",
             node.name() + " stamps " +
                 std::to_string(entry.stamp_ms - world_.latest_good_wall_ms()) +
                 " ms ahead of every sound clock, at " + at(entry.index, entry.term));
  }
}

// A snapshot is of the one history, with the members of then (R2.5).
void Invariants::snapshot_arrived(const SimNode& node, const SimLog& base) const {
  const core::Index index = base.base_index;
  if (index > committed_.size() || committed_[index - 1].term != base.base_term) {
    violated("R2.5 snapshot",
             node.name() + " gets a state that never was: " + at(index, base.base_term));
  }
  core::Index newest = 0;
  for (core::Index i = 1; i <= index; ++i) {
    if (committed_[i - 1].configuration) newest = i;
  }
  if (base.configuration_index != newest ||
      core::encode(base.configuration) != committed_[newest - 1].data) {
    violated("R2.5 snapshot",
             node.name() + " gets other members than those of " + at(index, base.base_term));
  }
}

void Invariants::became_leader(const SimNode& node, core::Term term) {
  const auto [found, fresh] = leaders_.emplace(term, node.id());
  if (!fresh && found->second != node.id()) {
    violated("election safety", node.name() + " and " + world_.name_of(found->second) +
                                    " both lead term " + std::to_string(term));
  }
  // Leader completeness (dissertation 3.6.3); with the client's acks inside committed_, also P1 and
  // P2. Late votes may still elect somebody in a term that is over: it can commit nothing, and need
  // not have what later terms committed. What left the log is vouched for by its base.
  for (core::Index i = std::max<core::Index>(1, node.log().base_index); i <= committed_.size();
       ++i) {
    if (node.log().term_at(i) == committed_[i - 1].term || committed_[i - 1].in_term >= term)
      continue;
    violated("leader completeness", node.name() + " leads term " + std::to_string(term) +
                                        " without the committed entry " +
                                        at(i, committed_[i - 1].term));
  }
}

void Invariants::commit_moved(const SimNode& node, const core::State& before,
                              const core::State& after) {
  const bool leads = before.role == core::Role::kLeader || after.role == core::Role::kLeader;
  const core::Index last = after.commit_index;
  if (last > node.log().last_index()) {
    violated("commit", node.name() + " commits " + std::to_string(last) + " beyond its log");
  }
  if (before.role == core::Role::kLeader && after.role == core::Role::kLeader &&
      before.term == after.term && node.log().term_at(last) != after.term) {
    violated("R2.2 current-term commit", node.name() + " in term " + std::to_string(after.term) +
                                             " commits up to " +
                                             at(last, node.log().term_at(last)));
  }
  for (core::Index i = before.commit_index + 1; i <= last; ++i) {
    const core::Entry& entry = *node.log().at(i);
    if (i <= committed_.size()) {
      if (committed_[i - 1].term == entry.term && committed_[i - 1].digest == digest(entry))
        continue;
      violated("state-machine safety", node.name() + " commits another entry at " +
                                           at(i, entry.term) + ", committed was " +
                                           at(i, committed_[i - 1].term));
    }
    // Only a leader finds that something has committed; then a majority holds it durably (P1).
    std::size_t copies = 0;
    const core::Configuration& configuration = node.core().configuration();
    for (const auto& member : configuration.members) {
      if (!member.voter) continue;
      if (world_.disk_of(member.id).term_at(i) == entry.term) ++copies;
    }
    if (!leads || copies < configuration.quorum()) {
      violated("P1 durable majority", node.name() + " commits " + at(i, entry.term) + " with " +
                                          std::to_string(copies) + " durable copies of " +
                                          std::to_string(configuration.voter_count()));
    }
    committed_.push_back({entry.term, after.term, digest(entry), entry.data,
                          entry.kind == core::EntryKind::kConfiguration});
  }
}

// R3.1: one change at a time, and none before this term's no-op and the previous one have
// committed.
void Invariants::configuration_appended(const SimNode& node, const core::Entry& entry,
                                        const core::State& before) const {
  // A base of this term is at its no-op or behind it, and committed. Later no-ops of a term only
  // say what time it is.
  bool noop = node.log().base_term == entry.term;
  for (const auto& other : node.log().entries) {
    if (other->index >= entry.index) break;
    const bool begins = other->kind == core::EntryKind::kNoop && other->term == entry.term &&
                        node.log().term_at(other->index - 1) != entry.term;
    if (begins) noop = true;
    const bool matters = begins || other->kind == core::EntryKind::kConfiguration;
    if (matters && other->index > before.commit_index) {
      violated("R3.1 one change at a time", node.name() + " appends " +
                                                at(entry.index, entry.term) + " before " +
                                                at(other->index, other->term) + " has committed");
    }
  }
  if (!noop) violated("R3.1 one change at a time", node.name() + " appends before the no-op");
}

void Invariants::stepped(const SimNode& node, const core::State& before,
                         const core::Effects& effects) {
  const core::State after = node.state();
  if (after.fault == core::Fault::kLogLost)
    violated("R2.7", node.name() + " lost what it vouched for");
  if (after.fault == core::Fault::kDiverged)
    violated("log matching", node.name() + " has diverged");
  if (before.fault != core::Fault::kNone &&
      (!effects.messages.empty() || !effects.persist.empty() || !effects.apply.empty())) {
    violated("R1.6 failed disk", node.name() + " goes on after its disk has failed");
  }
  if (after.term < before.term) violated("terms", node.name() + " goes back in term");
  if (after.commit_index < before.commit_index) violated("commit", node.name() + " goes back");
  if (after.role == core::Role::kLeader &&
      (before.role != core::Role::kLeader || before.term != after.term)) {
    became_leader(node, after.term);
  }
  if (after.role == core::Role::kLeader) {
    for (const auto& operation : effects.persist) {
      const auto* entries = std::get_if<core::PersistEntries>(&operation);
      if (entries == nullptr) continue;
      for (const auto& entry : entries->entries) {
        if (entry->term == after.term && entry->kind == core::EntryKind::kConfiguration) {
          configuration_appended(node, *entry, before);
        }
      }
    }
  }
  if (after.commit_index != before.commit_index) commit_moved(node, before, after);
  time_goes_on(node, after);
  const DiskImage& disk = node.disk().durable();
  for (const auto& entry : effects.apply) {
    if (entry->index > committed_.size() || committed_[entry->index - 1].term != entry->term ||
        committed_[entry->index - 1].digest != digest(*entry)) {
      violated("state-machine safety",
               node.name() + " applies what has not committed: " + at(entry->index, entry->term));
    }
    if (disk.term_at(entry->index) != entry->term) {
      violated("R2.3 apply before durable", node.name() + " " + at(entry->index, entry->term));
    }
  }
}

// R1.1, R2.1: only durable entries, terms and votes are spoken of.
void Invariants::sent(const SimNode& node, const core::Message& message) {
  const DiskImage& disk = node.disk().durable();
  const auto* request = std::get_if<core::VoteRequest>(&message.body);
  const auto* vote = std::get_if<core::VoteResponse>(&message.body);
  const bool would_be = (request != nullptr && request->pre_vote) ||
                        (vote != nullptr && vote->pre_vote && vote->granted);
  if (!would_be && message.term > disk.hard_state.term) {
    violated("R2.1 durable term", node.name() + " speaks of term " + std::to_string(message.term) +
                                      ", durable is " + std::to_string(disk.hard_state.term) +
                                      ": " + describe(message.body));
  }
  // What was held back until the term was durable was true when it was asked for; nobody acts on
  // the answers once that term is over here.
  if (message.term < node.state().term + (would_be ? 1 : 0)) return;
  // One that waited for its term to be durable may name what has been compacted since.
  if (request != nullptr && request->last_index >= disk.log.base_index &&
      disk.term_at(request->last_index) != request->last_term) {
    violated("R1.1 durable log",
             node.name() + " stands with " + at(request->last_index, request->last_term) +
                 " that is not durable, in term " + std::to_string(message.term) + " of " +
                 std::to_string(node.state().term));
  }
  const bool candidate = request != nullptr && !request->pre_vote;
  const bool granted = vote != nullptr && !vote->pre_vote && vote->granted;
  if (candidate || granted) {
    const core::NodeId wanted = candidate ? node.id() : message.to;
    if (disk.hard_state != core::HardState{message.term, wanted}) {
      violated("R2.1 durable vote", node.name() + " votes before it is durable");
    }
  }
  if (const auto* append = std::get_if<core::AppendResponse>(&message.body);
      append != nullptr && append->success && append->match > disk.log.base_index) {
    const core::Term held = disk.term_at(append->match);
    if (held == 0) {
      violated("R2.1 ack before durable", node.name() + " acknowledges " +
                                              std::to_string(append->match) + ", durable is " +
                                              std::to_string(disk.last_index()));
    }
    const SimNode& leader = world_.node(world_.number_of(message.to));
    if (leader.running() && leader.id() == message.to &&
        leader.state().role == core::Role::kLeader && leader.state().term == message.term &&
        append->match >= leader.log().base_index && leader.log().term_at(append->match) != held) {
      violated("R2.1 stale ack", node.name() + " acknowledges " + at(append->match, held) +
                                     " that its leader does not have");
    }
  }
}

core::Configuration Invariants::committed_members() const {
  for (auto entry = committed_.rbegin(); entry != committed_.rend(); ++entry) {
    if (entry->configuration) return *core::decode_configuration(entry->data);
  }
  return {};
}

void Invariants::recoverable(const SimNode& node) const {
  const DiskImage& disk = node.disk().durable();
  for (core::Index i = std::max<core::Index>(1, disk.log.base_index); i <= committed_.size(); ++i) {
    if (disk.term_at(i) == committed_[i - 1].term) continue;
    violated("P1 recoverable", node.name() + " would lead without the committed entry " +
                                   at(i, committed_[i - 1].term));
  }
}

core::Index Invariants::told_state(const SimNode& node, core::Index most) const {
  const SimLog& log = node.disk().durable().log;
  core::Index i = std::min({most, log.last_index(), committed_.size(), state_hashes_.size()});
  while (i > 0 && (state_hashes_[i - 1] == 0 || log.term_at(i) != committed_[i - 1].term)) --i;
  return i;
}

void Invariants::state_recomputed(const SimNode& node, core::Index index,
                                  std::uint64_t hash) const {
  if (state_hashes_[index - 1] == hash) return;
  violated("P1 recoverable", node.name() + " gets to another state at " + std::to_string(index));
}

bool Invariants::is_committed(const std::string& data) const {
  return std::any_of(committed_.begin(), committed_.end(),
                     [&](const Committed& entry) { return entry.data == data; });
}

void Invariants::acknowledged(core::Index index) {
  if (acknowledged_.empty() || acknowledged_.rbegin()->second < index) {
    acknowledged_[world_.now_us()] = index;
  }
}

core::Index Invariants::acknowledged_index(core::TimeUs by_us) const {
  const auto later = acknowledged_.upper_bound(by_us);
  return later == acknowledged_.begin() ? 0 : std::prev(later)->second;
}

}  // namespace starling::sim
