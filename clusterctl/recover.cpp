// recover: the majority is lost for good, and the cluster begins a new epoch with the most advanced
// server that is left (R3.6). Says first what that may cost, and asks.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <tuple>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kBeginTimeout{60};
constexpr std::chrono::seconds kReturnTimeout{90};
constexpr std::chrono::seconds kQuorumPatience{3};
constexpr const char* kConfirmation = "recover";

auto advancement(const ServerView& view) {
  return std::tie(view.answer->epoch, view.answer->last_term, view.answer->last_index);
}

// Of the reachable servers, by (last term, last index).
const ServerView* most_advanced(const Survey& now) {
  const ServerView* best = nullptr;
  for (const auto& view : now.servers) {
    if (!view.answer) continue;
    if (best == nullptr || advancement(*best) < advancement(view)) best = &view;
  }
  return best;
}

// Of the latest epoch, one that says that it is in touch with a quorum; it may be a backup.
const ServerView* with_quorum(const Survey& now) {
  std::uint64_t latest = 0;
  for (const auto& view : now.servers) {
    if (view.answer) latest = std::max(latest, view.answer->epoch);
  }
  for (const auto& view : now.servers) {
    if (view.answer && view.answer->epoch == latest && view.answer->has_quorum) return &view;
  }
  return nullptr;
}

// A quorum that was lost a moment ago still shows in the answers.
Survey settled_survey(const Manifest& manifest) {
  const auto deadline = Clock::now() + kQuorumPatience;
  while (true) {
    Survey now = patient_survey(manifest);
    if (now.quorum_ok || with_quorum(now) == nullptr || Clock::now() >= deadline) return now;
    pause_between_polls();
  }
}

int voters_answering(const Survey& now, const std::vector<Outsider>& outsiders) {
  return now.answering +
         static_cast<int>(std::count_if(outsiders.begin(), outsiders.end(), [](const auto& one) {
           return one.answer && one.member.voter;
         }));
}

std::vector<Outsider> outsiders(const Manifest& manifest, const Survey& now) {
  std::vector<Outsider> result;
  for (const auto& member : now.list.servers) {
    // Also at an address of clusterctl's own: its server there may have ended, and another run.
    const bool seen =
        std::any_of(now.servers.begin(), now.servers.end(), [&](const ServerView& view) {
          return view.entry.address == member.address &&
                 (view.answer || view.process != ProcessState::kExited);
        });
    if (seen) continue;
    Outsider outsider{member, std::nullopt};
    auto answer = admin::status(member.address, kStatusTimeout);
    if (answer.ok() && answer->server_id == member.id) outsider.answer = *answer;
    const bool ours =
        std::any_of(manifest.servers.begin(), manifest.servers.end(),
                    [&](const auto& server) { return server.address == member.address; });
    if (!ours || outsider.answer) result.push_back(std::move(outsider));
  }
  return result;
}

}  // namespace

// A process that may yet go on in the old epoch would acknowledge what is then set aside.
void check_recoverable(const Manifest& manifest, const Survey& now,
                       const std::vector<Outsider>& outsiders) {
  if (now.quorum_ok) {
    throw Failure(kFailed, "the cluster has a quorum: there is nothing to recover");
  }
  for (const auto& view : now.servers) {
    if (view.answer || view.process == ProcessState::kExited) continue;
    const bool paused = view.process == ProcessState::kPaused;
    throw Failure(kFailed,
                  view.entry.name + (paused ? " is paused" : " runs and does not answer") +
                      ": it could go on as a member of what is given up. " +
                      (paused ? "Let it go on: " + manifest.command("resume " + view.entry.name) +
                                    ", or end it: "
                              : "End it: ") +
                      manifest.command("kill " + view.entry.name));
  }
  if (most_advanced(now) == nullptr) {
    throw Failure(kNoQuorum,
                  "no server answers: start those whose data is left, then see what is "
                  "missing: " +
                      manifest.command("up"));
  }
  std::string touch;
  if (const ServerView* view = with_quorum(now); view != nullptr) touch = view->entry.name;
  for (const Outsider& outsider : outsiders) {
    if (outsider.answer && outsider.answer->has_quorum) touch = outsider.member.address;
  }
  if (!touch.empty()) {
    throw Failure(kFailed, touch +
                               " is in touch with a quorum: members that clusterctl has not "
                               "started go on. There is nothing to recover; look at: " +
                               manifest.command("status"));
  }
  for (const Outsider& outsider : outsiders) {
    if (!outsider.answer) continue;
    const admin::ServerStatus& said = *outsider.answer;
    if (std::tie(said.epoch, said.last_term, said.last_index) <= advancement(*most_advanced(now))) {
      continue;
    }
    throw Failure(kFailed, outsider.member.address +
                               " holds more than any server that clusterctl has started: recover "
                               "with that one, by hand (starlingd --recover " +
                               std::to_string(std::max(said.epoch, manifest.epoch) + 1) +
                               "), or end it if what it holds may be lost");
  }
  const int answering = voters_answering(now, outsiders);
  if (answering >= now.needed) {
    throw Failure(kNoQuorum, std::to_string(answering) + " of " +
                                 counted(static_cast<std::size_t>(now.voters), "voter") +
                                 " answer and " + std::to_string(now.needed) +
                                 " are needed: the majority is not lost. Look at: " +
                                 manifest.command("status"));
  }
}

namespace {

bool has_data(const Manifest& manifest, const ServerView& view) {
  std::error_code error;
  return fs::exists(manifest.data_dir(view.entry.name) + "/identity", error);
}

// One that no server has known: also not one that a recovery began which did not get further.
std::uint64_t next_epoch(const Manifest& manifest, const Survey& now) {
  std::uint64_t latest = manifest.epoch;
  for (const auto& view : now.servers) {
    if (view.answer) latest = std::max(latest, view.answer->epoch);
  }
  return latest + 1;
}

std::string of_outsiders(const std::vector<Outsider>& outsiders) {
  if (outsiders.empty()) return "";
  std::vector<std::string> addresses;
  for (const Outsider& outsider : outsiders) addresses.push_back(outsider.member.address);
  return "Members that clusterctl has not started: " + join_words(addresses, ", ") +
         ". They may run out of its reach,\nand what they go on to acknowledge is LOST: end them "
         "first. If one of them is more advanced, recover with that one\nby hand: starlingd "
         "--recover.\n";
}

std::string what_it_costs(const Manifest& manifest, const Survey& now,
                          const std::vector<Outsider>& outsiders, const ServerView& chosen,
                          std::uint64_t epoch) {
  std::vector<std::vector<std::string>> rows = {
      {"NAME", "ADDRESS", "ANSWERS", "LAST TERM", "LAST INDEX", "COMMITTED", ""}};
  std::vector<std::string> asleep;
  for (const auto& view : now.servers) {
    const std::string note = &view == &chosen ? "<- goes on" : "";
    if (view.answer) {
      rows.push_back({view.entry.name, view.entry.address, "yes",
                      std::to_string(view.answer->last_term),
                      std::to_string(view.answer->last_index),
                      std::to_string(view.answer->commit_index), note});
      continue;
    }
    const bool data = has_data(manifest, view);
    if (data) asleep.push_back(view.entry.name);
    rows.push_back({view.entry.name, view.entry.address, data ? "no, has data" : "no, no data", "-",
                    "-", "-", note});
  }
  for (const Outsider& outsider : outsiders) {
    const auto& answer = outsider.answer;
    const auto shown = [&](std::uint64_t n) { return answer ? std::to_string(n) : "-"; };
    const admin::ServerStatus said = answer.value_or(admin::ServerStatus{});
    rows.push_back({"-", outsider.member.address, answer ? "yes" : "no", shown(said.last_term),
                    shown(said.last_index), shown(said.commit_index), ""});
  }
  std::string text = aligned(rows) + "\n";
  const int answering = voters_answering(now, outsiders);
  text +=
      std::to_string(answering) + " of " + counted(static_cast<std::size_t>(now.voters), "voter") +
      " answer, " + std::to_string(now.needed) + " are needed. " + chosen.entry.name +
      " is the most advanced of those that answer.\n"
      "If you go on, epoch " +
      std::to_string(epoch) + " begins with what " + chosen.entry.name + " holds, up to index " +
      std::to_string(chosen.answer->last_index) + ":\n" +
      "- Messages that were acknowledged and that only missing servers hold are LOST, without a "
      "trace.\n"
      "- All other servers become new ones; what they hold is set aside in their directories.\n"
      "- Clients go on with their sessions; their event streams start again (RESYNC).\n"
      "- It cannot be undone.\n";
  if (static_cast<int>(asleep.size()) + answering >= now.needed) {
    text += "Nothing is lost if these start again with their data: " + join_words(asleep, ", ") +
            ". Try first: " + manifest.command("up") + "\n";
  }
  return text + of_outsiders(outsiders);
}

void confirm(const Options& options) {
  if (options.yes) return;
  std::cerr << "Type \"" << kConfirmation << "\" to go on: " << std::flush;
  std::string line;
  std::getline(std::cin, line);
  if (interrupted()) throw Interrupted();
  if (std::cin.eof()) std::cerr << "\n";  // The line that nobody has ended.
  if (line == kConfirmation) return;
  throw Failure(kFailed, "not confirmed; nothing was done (in a script: --yes)");
}

void begin_epoch(Cluster& cluster, const std::string& name, std::uint64_t epoch) {
  ServerEntry& server = *cluster.manifest().find(name);
  const auto deadline = Clock::now() + kBeginTimeout;
  cluster.stop({&server});
  cluster.start(server, false);
  cluster.wait_until_serving(server, deadline);
  while (true) {
    const Survey now = cluster.wait_for_primary(deadline);
    cluster.learn(now);
    if (now.primary->answer->epoch == epoch) return;
    if (Clock::now() >= deadline) throw Failure(kFailed, name + " did not begin the new epoch");
    pause_between_polls();
  }
}

// The others that run come back by themselves: who has not, after a while.
std::vector<std::string> wait_for_others(Cluster& cluster) {
  const auto deadline = Clock::now() + kReturnTimeout;
  while (true) {
    const Survey now = survey(cluster.manifest());
    cluster.learn(now);
    std::vector<std::string> missing;
    for (const auto& view : now.servers) {
      if (view.process == ProcessState::kExited) continue;
      const Server* member = now.primary ? now.listed(view.entry.address) : nullptr;
      if (!view.answer || member == nullptr || !member->voter) missing.push_back(view.entry.name);
    }
    if (missing.empty() || Clock::now() >= deadline) return missing;
    pause_between_polls();
  }
}

std::string outcome_text(const Manifest& manifest, const std::string& name, std::uint64_t epoch,
                         const std::vector<std::string>& missing,
                         const std::vector<std::string>& stopped) {
  std::string text = "epoch " + std::to_string(epoch) + " has begun with " + name;
  if (!missing.empty()) text += "; not back yet: " + join_words(missing, ", ");
  if (!stopped.empty()) {
    text += "; not running: " + join_words(stopped, ", ") +
            " (as new servers: " + manifest.command("up") +
            ", or take them out: " + manifest.command("leave " + stopped.front()) + ")";
  }
  return text;
}

}  // namespace

int run_recover(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  const Survey before = settled_survey(manifest);
  const std::vector<Outsider> others = outsiders(manifest, before);
  check_recoverable(manifest, before, others);
  const ServerView& chosen = *most_advanced(before);
  const std::string name = chosen.entry.name;
  const std::uint64_t epoch = next_epoch(manifest, before);
  std::cerr << what_it_costs(manifest, before, others, chosen, epoch);
  confirm(options);
  const Survey now = settled_survey(manifest);
  check_recoverable(manifest, now, outsiders(manifest, now));
  const ServerView* again = most_advanced(now);
  if (again->entry.name != name || advancement(*again) != advancement(chosen)) {
    throw Failure(kFailed, "the servers have changed meanwhile; nothing was done. See again: " +
                               manifest.command("recover"));
  }
  // From here on no server of an earlier one serves again, however this ends; and every later start
  // of this one goes on with it.
  manifest.epoch = epoch;
  manifest.recovering = {name, epoch};
  save_manifest(manifest);
  begin_epoch(cluster, name, epoch);
  const std::vector<std::string> missing = wait_for_others(cluster);
  std::vector<std::string> stopped;
  for (const auto& server : manifest.servers) {
    if (process_state(server.process) == ProcessState::kExited) stopped.push_back(server.name);
  }
  save_manifest(manifest);
  print_outcome(options, outcome_text(manifest, name, epoch, missing, stopped),
                {{"primary", name},
                 {"epoch", epoch},
                 {"kept_up_to_index", again->answer->last_index},
                 {"not_back", missing},
                 {"not_running", stopped}});
  return kDone;
}

}  // namespace starling::ctl
