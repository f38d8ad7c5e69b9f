// What a scenario may ask.
#include <algorithm>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_members.h"
#include "tests/sim/scenario_runner.h"

namespace starling::sim {

namespace {
std::string joined(const Words& words, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < words.size(); ++i) text += (i > from ? " " : "") + words[i];
  return text;
}

std::string terms_of(const std::vector<core::EntryPtr>& log) {
  std::string text;
  for (const auto& entry : log) {
    text += (text.empty() ? "" : " ") + std::to_string(entry->term);
  }
  return text;
}

// `log n1 1 1 4 ...` asks for the beginning only; what was compacted away is not counted.
bool log_is(const SimLog& log, const Words& c) {
  const std::string terms = terms_of(log.entries);
  if (c.back() != "...") return terms == joined(c, 2);
  const std::string wanted = joined({c.begin(), c.end() - 1}, 2);
  return (terms + " ").starts_with(wanted + " ");
}

std::string shown(const SimLog& log) {
  const auto& entries = log.entries;
  const std::string base =
      log.base_index == 0 ? "" : "(" + std::to_string(log.base_index) + " gone) ";
  if (entries.size() <= 24) return base + terms_of(entries);
  return base + "... " + terms_of({entries.end() - 24, entries.end()});
}

const char* role_name(core::Role role) {
  switch (role) {
    case core::Role::kFollower:
      return "follower";
    case core::Role::kPreCandidate:
      return "pre-candidate";
    case core::Role::kCandidate:
      return "candidate";
    case core::Role::kLeader:
      return "leader";
  }
  return "";
}

const char* refusal_name(core::Refusal refusal) {
  switch (refusal) {
    case core::Refusal::kNone:
      return "none";
    case core::Refusal::kNotLeader:
      return "notleader";
    case core::Refusal::kTransferring:
      return "transferring";
    case core::Refusal::kOverloaded:
      return "overloaded";
    case core::Refusal::kBusy:
      return "busy";
    case core::Refusal::kInvalid:
      return "invalid";
  }
  return "";
}
}  // namespace

std::string ScenarioRunner::picture() {
  std::string text;
  for (int i = 1; i <= world().node_count(); ++i) {
    SimNode& one = world().node(i);
    text += "  " + one.name();
    if (!one.running()) {
      text += " down, log " + shown(one.log()) + "\n";
      continue;
    }
    const core::State state = one.state();
    text += std::string(" ") + role_name(state.role) + (one.paused() ? " (paused)" : "") +
            ", term " + std::to_string(state.term) + ", commit " +
            std::to_string(state.commit_index) + ", durable " +
            std::to_string(one.disk().durable().last_index()) + ", applied " +
            std::to_string(one.applied_index()) + ", log " + shown(one.log()) + "\n";
  }
  return text;
}

core::Term ScenarioRunner::highest_term() {
  core::Term highest = 0;
  for (int i = 1; i <= world().node_count(); ++i) {
    if (world().node(i).running()) highest = std::max(highest, world().node(i).state().term);
  }
  return highest;
}

bool ScenarioRunner::node_holds(const Words& c) {
  SimNode& one = node(c[1]);
  if (c[0] == "log") return log_is(one.log(), c);
  if (c[0] == "durable") return one.disk().durable().last_index() >= scenario_number(c[2]);
  if (c[0] == "cached") return one.disk().cached().last_index() >= scenario_number(c[2]);
  if (c[0] == "behind") return one.log().last_index() < node(c[2]).log().last_index();
  if (c[0] == "level") return one.log().last_index() == node(c[2]).log().last_index();
  if (c[0] == "running") return one.running() == (c[2] == "yes");
  if (!one.running()) return false;
  const core::State state = one.state();
  if (c[0] == "role") return c[2] == role_name(state.role);
  if (c[0] == "term") return state.term == scenario_number(c[2]);
  if (c[0] == "commit") return state.commit_index == scenario_number(c[2]);
  if (c[0] == "last") return state.last_index == scenario_number(c[2]);
  if (c[0] == "base") return state.base_index == scenario_number(c[2]);
  throw ScenarioError("unknown condition " + joined(c, 0));
}

bool ScenarioRunner::cluster_holds(const Words& c) {
  const int leader = world().leader();
  if (c[0] == "leader") {
    if (c[1] == "none") return leader == 0;
    if (c[1] == "any") return leader != 0;
    return leader == node(c[1]).number();
  }
  if (c[0] == "committed") return world().invariants.is_committed(joined(c, 1));
  if (c[0] == "uncommitted") return !world().invariants.is_committed(joined(c, 1));
  if (c[0] == "refusal") return c[1] == refusal_name(refusal_);
  if (c[0] == "copy") return c[1] == "settled" ? copy_ != "pending" : c[1] == copy_;
  if (c[0] == "stale-login") return world().stats.stale_log_ins_refused >= scenario_number(c[2]);
  if (c[0] == "read") return c[1] == "settled" ? read_ != "pending" : c[1] == read_;
  if (leader == 0) return false;
  if (c[0] == "voters") {
    return world().node(leader).core().configuration().voter_count() == scenario_number(c[1]);
  }
  if (c[0] == "time") {
    const SimLog& log = world().node(leader).log();
    const core::WallMs stamp = log.stamp_at(log.last_index());
    if (c[1] == "current") {
      return stamp >= world().latest_good_wall_ms() - world().settings.core.max_time_lag_ms - 300;
    }
    return stamp <= world().latest_good_wall_ms() + 2'000;
  }
  throw ScenarioError("unknown condition " + joined(c, 0));
}

// `member n4 none|learner|voter` as the primary has it, by its present id; `members settled`:
// nobody waits for a change.
bool ScenarioRunner::members_hold(const Words& c) {
  if (c[0] == "members") return world().membership().idle();
  const int leader = world().leader();
  if (leader == 0) return false;
  SimNode& leads = world().node(leader);
  if (leads.core().configuration_index() > leads.state().commit_index) return false;
  const core::Member* member = leads.core().configuration().find(node(c[1]).id());
  return c[2] == (member == nullptr ? "none" : member->voter ? "voter" : "learner");
}

// `session 1 n3 known|gone`: the last session that client 1 has ended.
bool ScenarioRunner::client_holds(const Words& c) {
  const bool known = client_of(c[1]).knows_revoked(node(c[2]));
  return known == (c[3] == "known");
}

bool ScenarioRunner::clients_hold(const Words& c) {
  std::uint64_t sent = 0;
  bool idle = true;
  bool ready = true;
  for (const auto& client : world().clients()) {
    sent += client->sends_answered();
    idle = idle && client->idle();
    ready = ready && client->ready();
  }
  if (c[0] == "acked") return sent >= scenario_number(c[1]);
  if (c[1] == "ready") return ready;
  if (c[1] == "idle") return idle;
  throw ScenarioError("unknown condition " + joined(c, 0));
}

bool ScenarioRunner::holds(const Words& c) {
  if (c.size() < 2) throw ScenarioError("a condition is missing");
  if (c[0] == "term" && c[1] == "unchanged") return highest_term() == remembered_term_;
  if (c[0] == "commit" && c[1] == "grew") {
    return world().invariants.committed_index() > remembered_commit_;
  }
  for (const char* word : {"log", "durable", "cached", "role", "term", "commit", "last", "base",
                           "behind", "level", "running"}) {
    if (c[0] != word) continue;
    if (c.size() < 3) throw ScenarioError("'" + c[0] + "' needs a node and a value");
    return node_holds(c);
  }
  if (c[0] == "acked" || c[0] == "clients") return clients_hold(c);
  if (c[0] == "members" || (c[0] == "member" && c.size() == 3)) return members_hold(c);
  if (c[0] == "session" && c.size() == 4) return client_holds(c);
  return cluster_holds(c);
}

void ScenarioRunner::expect(const Words& words) {
  if (holds({words.begin() + 1, words.end()})) return;
  throw ScenarioError("expected: " + joined(words, 1) + "\n" + picture());
}

void ScenarioRunner::within(const Words& words) {
  if (words.size() < 4) throw ScenarioError("within 5s CONDITION");
  const Words condition(words.begin() + 2, words.end());
  if (world().run_until(scenario_duration_us(words[1]), [&] { return holds(condition); })) return;
  throw ScenarioError("not within " + words[1] + ": " + joined(words, 2) + "\n" + picture());
}

void ScenarioRunner::remember(const Words& words) {
  if (words.size() == 2 && words[1] == "term") {
    remembered_term_ = highest_term();
  } else if (words.size() == 2 && words[1] == "commit") {
    remembered_commit_ = world().invariants.committed_index();
  } else {
    throw ScenarioError("remember term|commit");
  }
}

void ScenarioRunner::rest(const Words&) {
  timers({"timers", "all"});
  world().heal();
  world().come_to_rest();
}

void ScenarioRunner::examine(const Words&) { world().examine_disks(); }

}  // namespace starling::sim
