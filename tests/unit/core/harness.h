// Two ways to drive the core in tests: Solo is one core fed by hand, Cluster is several of them
// with a small virtual network, disk and clock.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "server/core/core.h"

namespace starling::core::testing {

inline constexpr ClusterId kCluster = 77;
inline constexpr WallMs kWallMs = 1'700'000'000'000;  // Of the first entries, and of all clocks.

inline std::string address_of(NodeId id) { return "127.0.0.1:" + std::to_string(5100 + id); }

inline Configuration voters(const std::vector<NodeId>& ids,
                            const std::vector<NodeId>& learners = {}) {
  Configuration configuration;
  for (const NodeId id : ids) configuration.members.push_back({id, address_of(id), true});
  for (const NodeId id : learners) configuration.members.push_back({id, address_of(id), false});
  return configuration;
}

inline EntryPtr entry(Term term, Index index, std::string data = "x",
                      EntryKind kind = EntryKind::kCommand) {
  auto made = std::make_shared<Entry>();
  made->term = term;
  made->index = index;
  made->kind = kind;
  made->stamp_ms = kWallMs;
  made->data = std::move(data);
  return made;
}

// A log whose first entry is the configuration, of term 1, then one entry for each of `terms`.
inline std::vector<EntryPtr> log_of(const Configuration& configuration,
                                    const std::vector<Term>& terms = {}) {
  std::vector<EntryPtr> log{entry(1, 1, encode(configuration), EntryKind::kConfiguration)};
  for (const Term term : terms) log.push_back(entry(term, log.size() + 1));
  return log;
}

inline Restored restored_from(const HardState& hard_state, const std::vector<EntryPtr>& log,
                              Index applied = 0) {
  Restored restored;
  restored.hard_state = hard_state;
  restored.last_index = log.size();
  restored.applied_index = applied;
  for (const EntryPtr& e : log) {
    if (restored.term_runs.empty() || restored.term_runs.back().second != e->term) {
      restored.term_runs.emplace_back(e->index, e->term);
    }
    if (e->kind == EntryKind::kConfiguration) {
      restored.configurations.emplace_back(e->index, *decode_configuration(e->data));
    }
    if (e->index > applied) restored.tail.push_back(e);
    restored.last_stamp_ms = e->stamp_ms;
  }
  return restored;
}

inline Options options_for(NodeId id) {
  Options options;
  options.id = id;
  options.cluster = kCluster;
  options.seed = 7;
  return options;
}

// One core; effects pile up in the public members until they are taken.
class Solo {
 public:
  Solo(const Options& options, const Restored& restored)
      : id_(options.id), core(options, restored, now_us) {}

  void step(Event event) {
    Effects effects;
    core.step({now_us, wall_ms, std::move(event)}, effects);
    for (auto& p : effects.persist) disk.push_back(std::move(p));
    for (auto& m : effects.messages) sent.push_back(std::move(m));
    for (auto& e : effects.apply) applied.push_back(std::move(e));
    for (auto& r : effects.read_log) read_log.push_back(r);
    for (auto& p : effects.proposals) proposals.push_back(p);
    for (auto& r : effects.reads) reads.push_back(r);
    for (auto& t : effects.transfers) transfers.push_back(t);
    state_changed = effects.state_changed;
  }
  void after(TimeUs us, Event event = Tick{}) {
    now_us += us;
    step(std::move(event));
  }
  void receive(NodeId from, Term term, MessageBody body) {
    step(Receive{{kCluster, 1, from, id_, term, std::move(body)}});
  }
  // Completes the oldest write.
  void finish_one() {
    const Persist persist = disk.front();
    disk.pop_front();
    if (const auto* hard = std::get_if<PersistHardState>(&persist)) {
      step(HardStatePersisted{hard->hard_state});
    } else {
      const auto& entries = std::get<PersistEntries>(persist);
      step(EntriesPersisted{entries.accepting_term, entries.entries.back()->index});
    }
  }
  void finish_disk() {
    while (!disk.empty()) finish_one();
  }
  // What was sent of one kind; everything sent is forgotten.
  template <typename Body>
  std::vector<std::pair<NodeId, Body>> take() {
    std::vector<std::pair<NodeId, Body>> found;
    for (const Message& m : sent) {
      if (const auto* body = std::get_if<Body>(&m.body)) found.emplace_back(m.to, *body);
    }
    sent.clear();
    return found;
  }
  void propose(std::uint64_t id, std::string data = "x") { step(Propose{{{id, std::move(data)}}}); }
  // Makes it the leader of the next term, its peers `granters` voting for it.
  void elect(const std::vector<NodeId>& granters) {
    after(core.next_deadline_us() - now_us);
    const Term term = core.state().term + (core.state().role == Role::kCandidate ? 0 : 1);
    for (const NodeId peer : granters) receive(peer, term, VoteResponse{true, true});
    finish_disk();
    for (const NodeId peer : granters) receive(peer, term, VoteResponse{false, true});
    ASSERT_EQ(core.state().role, Role::kLeader);
  }
  void ack(NodeId from, Index match) {
    AppendResponse response;
    response.success = true;
    response.match = match;
    receive(from, core.state().term, response);
  }
  // The leader's no-op reaches its own disk and the peers.
  void settle(const std::vector<NodeId>& peers) {
    finish_disk();
    for (const NodeId peer : peers) ack(peer, core.state().last_index);
    sent.clear();
  }

 private:
  NodeId id_;

 public:
  TimeUs now_us = 1'000'000;
  WallMs wall_ms = kWallMs;
  Core core;
  std::deque<Persist> disk;
  std::vector<Message> sent;
  std::vector<EntryPtr> applied;
  std::vector<ReadLog> read_log;
  std::vector<ProposalOutcome> proposals;
  std::vector<ReadOutcome> reads;
  std::vector<TransferOutcome> transfers;
  bool state_changed = false;
};

// Several cores, 0.5 ms apart, with disks that take 0.3 ms.
class Cluster {
 public:
  struct Node {
    Options options;
    std::unique_ptr<Core> core;
    HardState hard_state;
    std::vector<EntryPtr> log;  // On the disk.
    std::deque<std::pair<TimeUs, Persist>> writing;
    bool disk_hangs = false;
    WallMs clock_ahead_ms = 0;
    std::vector<EntryPtr> applied;
    std::vector<ProposalOutcome> proposals;
    std::vector<ReadOutcome> reads;
    std::vector<TransferOutcome> transfers;
    std::uint64_t entries_written = 0;
  };

  explicit Cluster(const std::vector<NodeId>& ids, const std::function<void(Options&)>& tune = {}) {
    for (const NodeId id : ids) {
      add(id, {1, kNoNode}, log_of(voters(ids)), tune);
    }
  }

  Node& add(NodeId id, HardState hard_state, std::vector<EntryPtr> log,
            const std::function<void(Options&)>& tune = {}) {
    Node& node = nodes[id];
    node.options = options_for(id);
    if (tune) tune(node.options);
    node.hard_state = hard_state;
    node.log = std::move(log);
    start(id);
    return node;
  }
  void start(NodeId id) {
    Node& node = nodes.at(id);
    node.writing.clear();
    node.applied.clear();
    node.core =
        std::make_unique<Core>(node.options, restored_from(node.hard_state, node.log), now_us);
    for (auto& [other, peer] : nodes) {
      if (other == id || !peer.core) continue;
      step(other, PeerConnected{id});
      step(id, PeerConnected{other});
    }
  }
  // The process ends; what was not written yet is lost, and its links break.
  void kill(NodeId id) {
    nodes.at(id).core.reset();
    nodes.at(id).writing.clear();
    for (auto& [other, peer] : nodes) {
      if (peer.core) step(other, PeerUnreachable{id});
    }
  }
  void step(NodeId id, Event event) {
    Node& node = nodes.at(id);
    Effects effects;
    const WallMs wall_ms = kWallMs + now_us / 1000 + node.clock_ahead_ms;
    node.core->step({now_us, wall_ms, std::move(event)}, effects);
    for (auto& p : effects.persist) node.writing.emplace_back(now_us + 300, std::move(p));
    for (auto& m : effects.messages) {
      if (!drop || !drop(m)) network.emplace(now_us + 500, std::move(m));
    }
    for (const auto& r : effects.read_log) {
      std::vector<EntryPtr> read(node.log.begin() + (r.from - 1), node.log.begin() + r.to);
      ++log_reads;
      answers.emplace_back(id, LogRead{r.peer, r.from, std::move(read)});
    }
    Index applied = 0;
    for (auto& e : effects.apply) {
      EXPECT_EQ(e->index, node.applied.size() + 1) << "apply gives each entry once, in order";
      applied = e->index;
      node.applied.push_back(std::move(e));
    }
    for (auto& p : effects.proposals) node.proposals.push_back(p);
    for (auto& r : effects.reads) node.reads.push_back(r);
    for (auto& t : effects.transfers) node.transfers.push_back(t);
    if (applied > 0) step(id, Applied{applied});
    check_leaders();
  }
  void run_for(TimeUs us) {
    const TimeUs end = now_us + us;
    while (advance(end)) {
    }
    now_us = end;
  }
  bool run_until(const std::function<bool()>& done, TimeUs limit_us = 10'000'000) {
    const TimeUs end = now_us + limit_us;
    while (!done()) {
      if (!advance(end)) return done();
    }
    return true;
  }
  // The leader of the highest term, once its no-op has committed.
  NodeId leader() const {
    NodeId found = kNoNode;
    Term term = 0;
    for (const auto& [id, node] : nodes) {
      if (!node.core) continue;
      const State state = node.core->state();
      if (state.role == Role::kLeader && state.noop_committed && state.term > term) {
        found = id;
        term = state.term;
      }
    }
    return found;
  }
  NodeId await_leader() {
    EXPECT_TRUE(run_until([&] { return leader() != kNoNode; })) << "no leader";
    return leader();
  }
  // Proposes at the leader and waits until every running node has applied it.
  void commit(const std::string& data) {
    const NodeId at = await_leader();
    step(at, Propose{{{++proposal_id, data}}});
    const Index index = nodes.at(at).proposals.back().index;
    EXPECT_TRUE(run_until([&] { return applied_everywhere(index); })) << data;
  }
  bool applied_everywhere(Index index) const {
    for (const auto& [id, node] : nodes) {
      if (node.core && node.applied.size() < index) return false;
    }
    return true;
  }
  Term term(NodeId id) const { return nodes.at(id).core->state().term; }

  TimeUs now_us = 1'000'000;
  std::map<NodeId, Node> nodes;
  std::multimap<TimeUs, Message> network;
  std::function<bool(const Message&)> drop;
  std::uint64_t proposal_id = 0;
  int log_reads = 0;

 private:
  static constexpr std::uint64_t kMaxSteps = 5'000'000;  // Of one test; none takes a tenth.
  std::uint64_t steps_ = 0;

  // Carries out what is due next, not after `end`.
  bool advance(TimeUs end) {
    // A core that asks for a tick again and again and does nothing would hold up the time for ever.
    if (++steps_ > kMaxSteps) throw std::runtime_error("the virtual time stands still");
    if (!answers.empty()) {
      auto [id, answer] = std::move(answers.front());
      answers.pop_front();
      if (nodes.at(id).core) step(id, std::move(answer));
      return true;
    }
    TimeUs at = network.empty() ? end + 1 : network.begin()->first;
    NodeId who = kNoNode;
    bool disk = false;
    for (auto& [id, node] : nodes) {
      if (!node.core) continue;
      const TimeUs tick = std::max(node.core->next_deadline_us(), now_us);
      if (tick < at) at = tick, who = id, disk = false;
      if (!node.writing.empty() && !node.disk_hangs && node.writing.front().first < at) {
        at = std::max(node.writing.front().first, now_us), who = id, disk = true;
      }
    }
    if (at > end) return false;
    now_us = at;
    if (who == kNoNode) {
      const Message message = std::move(network.begin()->second);
      network.erase(network.begin());
      const auto to = nodes.find(message.to);
      if (to != nodes.end() && to->second.core) step(message.to, Receive{message});
    } else if (disk) {
      finish_write(who);
    } else {
      step(who, Tick{});
    }
    return true;
  }
  void finish_write(NodeId id) {
    Node& node = nodes.at(id);
    const Persist persist = std::move(node.writing.front().second);
    node.writing.pop_front();
    if (const auto* hard = std::get_if<PersistHardState>(&persist)) {
      node.hard_state = hard->hard_state;
      step(id, HardStatePersisted{hard->hard_state});
      return;
    }
    const auto& batch = std::get<PersistEntries>(persist);
    node.log.resize(batch.entries.front()->index - 1);
    node.log.insert(node.log.end(), batch.entries.begin(), batch.entries.end());
    node.entries_written += batch.entries.size();
    step(id, EntriesPersisted{batch.accepting_term, batch.entries.back()->index});
  }
  // Election safety: one leader for each term, ever.
  void check_leaders() {
    for (const auto& [id, node] : nodes) {
      if (!node.core || node.core->state().role != Role::kLeader) continue;
      const auto [it, added] = leader_of_.emplace(node.core->state().term, id);
      EXPECT_EQ(it->second, id) << "two leaders in term " << it->first;
    }
  }

  std::deque<std::pair<NodeId, LogRead>> answers;
  std::map<Term, NodeId> leader_of_;
};

}  // namespace starling::core::testing
