// The commands that look at or act on the servers of a running cluster.
#include "clusterctl/commands.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

constexpr std::chrono::seconds kChangeTimeout{30};
constexpr milliseconds kElectionPatience{3'000};

// `restart backup` means one that is down if there is one, `resume backup` one that is paused.
ServerEntry& resolve_preferring(Cluster& cluster, const std::string& name, ProcessState preferred) {
  if (name != "backup") return cluster.resolve(name);
  for (auto& server : cluster.manifest().servers) {
    if (process_state(server.process) == preferred) return server;
  }
  return cluster.resolve(name);
}

// Waits until `server` is in the state; signals take a moment to arrive.
void wait_for_state(const ServerEntry& server, ProcessState wanted) {
  const auto deadline = Clock::now() + std::chrono::seconds(5);
  while (process_state(server.process) != wanted) {
    if (Clock::now() >= deadline) {
      throw Failure(kFailed, server.name + " is " + to_string(process_state(server.process)));
    }
    pause_between_polls(milliseconds(2));
  }
}

void must_run(const ServerEntry& server) {
  if (process_state(server.process) != ProcessState::kExited) return;
  throw Failure(kFailed,
                server.name + " is not running; start it with: clusterctl restart " + server.name);
}

nlohmann::ordered_json describe(const ServerEntry& server) {
  return {{"server", server.name},
          {"pid", server.process.pid},
          {"process", to_string(process_state(server.process))}};
}

// Enough voters answer, and yet there is no quorum: it is being made at this very moment, and its
// result is the better answer.
Survey patient_survey(const Manifest& manifest) {
  const auto deadline = Clock::now() + kElectionPatience;
  while (true) {
    Survey now = survey(manifest);
    if (now.quorum_ok || now.answering < now.needed || Clock::now() >= deadline) return now;
    pause_between_polls();
  }
}

// After a restart: until the primary counts it as up, where there can be a primary at all.
void wait_until_counted(const Cluster& cluster, const ServerEntry& server) {
  const auto deadline = Clock::now() + kElectionPatience;
  while (Clock::now() < deadline) {
    const Survey now = survey(cluster.manifest());
    const Server* member = now.listed(server.address);
    if (now.answering < now.needed) return;
    if (now.primary != nullptr && member != nullptr && member->state != ServerState::kDown) return;
    pause_between_polls();
  }
}

int watch(const Options& options) {
  const bool terminal = is_terminal_stdout() && !options.json;
  int code = kDone;
  while (!interrupted() && std::cout) {
    const Cluster cluster = open_for_reading(options);
    const Survey now = survey(cluster.manifest());
    code = now.quorum_ok ? kDone : kNoQuorum;
    if (terminal) std::cout << "\033[H\033[2J";
    if (options.json) {
      std::cout << to_json(cluster.manifest(), now).dump() << "\n" << std::flush;
    } else {
      std::cout << to_table(cluster.manifest(), now) << (terminal ? "" : "\n") << std::flush;
    }
    const auto next = Clock::now() + std::chrono::seconds(1);
    while (!interrupted() && Clock::now() < next) std::this_thread::sleep_for(milliseconds(20));
  }
  return code;
}

}  // namespace

void print_outcome(const Options& options, const std::string& line, nlohmann::ordered_json object) {
  if (!options.json) {
    std::cout << line << "\n";
    return;
  }
  nlohmann::ordered_json outcome = {{"ok", true}, {"command", options.command}};
  outcome.update(object);
  std::cout << outcome.dump() << "\n";
}

int run_status(const Options& options) {
  if (options.watch) return watch(options);
  const Cluster cluster = open_for_reading(options);
  const Survey now = patient_survey(cluster.manifest());
  if (options.json) {
    std::cout << to_json(cluster.manifest(), now).dump() << "\n";
  } else {
    std::cout << to_table(cluster.manifest(), now);
  }
  return now.quorum_ok ? kDone : kNoQuorum;
}

int run_wait(const Options& options) {
  const auto begun = Clock::now();
  const auto deadline = begun + options.timeout;
  while (true) {
    const Cluster cluster = open_for_reading(options);
    const Survey now = survey(cluster.manifest());
    if (options.wait_converged ? converged(now) : now.primary != nullptr) {
      const auto ms = std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count();
      const std::string primary = now.primary->entry.name;
      print_outcome(options,
                    (options.wait_converged
                         ? "converged at index " +
                               std::to_string(now.primary->answer->applied_index) + ", primary "
                         : "primary ") +
                        primary,
                    {{"primary", primary}, {"ms", ms}});
      return kDone;
    }
    if (Clock::now() >= deadline) {
      const std::string what = options.wait_converged ? "not converged" : "no primary";
      throw Failure(now.up < now.needed ? kNoQuorum : kFailed,
                    what + " in time: " + std::to_string(now.up) + " of " +
                        std::to_string(now.voters) + " voters are up, " +
                        std::to_string(now.needed) + " are needed");
    }
    pause_between_polls();
  }
}

int run_kill(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  ServerEntry& server = cluster.resolve(options.server);
  save_manifest(cluster.manifest());
  const bool ran = send_signal(server.process, options.signal);
  if (!wait_until_exited(server.process, Clock::now() + std::chrono::seconds(10))) {
    throw Failure(
        kFailed,
        server.name + " (process " + std::to_string(server.process.pid) +
            ") did not die of the signal in 10 s" +
            (process_state(server.process) == ProcessState::kPaused ? ": it is paused" : ""));
  }
  auto object = describe(server);
  object["was_running"] = ran;
  print_outcome(options, ran ? "killed " + server.name : server.name + " was not running", object);
  return kDone;
}

int run_pause(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  ServerEntry& server = cluster.resolve(options.server);
  must_run(server);
  send_signal(server.process, SIGSTOP);
  wait_for_state(server, ProcessState::kPaused);
  print_outcome(options, "paused " + server.name, describe(server));
  return kDone;
}

int run_resume(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  ServerEntry& server = resolve_preferring(cluster, options.server, ProcessState::kPaused);
  must_run(server);
  const bool paused = process_state(server.process) == ProcessState::kPaused;
  send_signal(server.process, SIGCONT);
  wait_for_state(server, ProcessState::kRunning);
  print_outcome(options, paused ? "resumed " + server.name : server.name + " was not paused",
                describe(server));
  return kDone;
}

int run_restart(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  ServerEntry& server = resolve_preferring(cluster, options.server, ProcessState::kExited);
  cluster.stop({&server});
  cluster.start(server, cluster.is_no_member(server, survey(cluster.manifest())));
  try {
    cluster.wait_until_serving(server, Clock::now() + kChangeTimeout);
    wait_until_counted(cluster, server);
  } catch (const Interrupted&) {
    throw Failure(kFailed, "interrupted; " + server.name + " goes on starting");
  }
  save_manifest(cluster.manifest());
  print_outcome(options, "restarted " + server.name + " at " + server.address, describe(server));
  return kDone;
}

int run_leave(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  auto& manifest = cluster.manifest();
  ServerEntry leaving = cluster.resolve(options.server);
  if (manifest.servers.size() == 1) {
    throw Failure(kFailed, leaving.name + " is the only server; end the cluster with down");
  }
  const Survey now = cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  const Server* member = now.listed(leaving.address);
  if (member != nullptr) {
    auto left = admin::leave(now.primary->entry.address, member->id, kChangeTimeout);
    if (!left.ok()) throw Failure(kFailed, leaving.name + " cannot leave: " + left.error().message);
  }
  const auto deadline = Clock::now() + kChangeTimeout;
  while (true) {  // Out of the list of whoever is primary now, before its process ends.
    const Survey after = cluster.wait_for_primary(deadline);
    if (after.listed(leaving.address) == nullptr) break;
    if (Clock::now() >= deadline) throw Failure(kFailed, leaving.name + " is still in the list");
    pause_between_polls();
  }
  cluster.stop({manifest.find(leaving.name)});
  std::string aside;
  for (int n = 1; aside.empty() || std::filesystem::exists(manifest.dir + "/" + aside); ++n) {
    aside = leaving.name + ".left-" + std::to_string(n);
  }
  std::error_code error;
  std::filesystem::rename(manifest.server_dir(leaving.name), manifest.dir + "/" + aside, error);
  if (error) throw Failure(kFailed, "cannot put its data aside: " + error.message());
  manifest.kept_aside.push_back(aside);
  std::erase_if(manifest.servers, [&](const auto& s) { return s.name == leaving.name; });
  save_manifest(manifest);
  print_outcome(options, leaving.name + " left; its data is in " + manifest.dir + "/" + aside,
                {{"server", leaving.name}, {"data", manifest.dir + "/" + aside}});
  return kDone;
}

int run_transfer(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  const ServerEntry target = cluster.resolve(options.server);
  must_run(target);
  const auto deadline = Clock::now() + kPrimaryTimeout;
  std::string refused;
  while (true) {
    const Survey now = cluster.wait_for_primary(deadline);
    if (now.primary->entry.name == target.name) break;
    const Server* member = now.listed(target.address);
    if (member == nullptr) throw Failure(kFailed, target.name + " is not a member");
    if (!member->voter) throw Failure(kFailed, target.name + " does not vote yet");
    auto moved = admin::transfer(now.primary->entry.address, member->id, kChangeTimeout);
    if (!moved.ok()) {
      refused = moved.error().message;
      if (!moved.error().retryable) break;
    }
    if (Clock::now() >= deadline) break;
    pause_between_polls();
  }
  const Survey now = cluster.wait_for_primary(deadline + kPrimaryTimeout);
  if (now.primary->entry.name != target.name) {
    throw Failure(kFailed, "the primacy stays with " + now.primary->entry.name +
                               (refused.empty() ? "" : ": " + refused));
  }
  save_manifest(cluster.manifest());
  print_outcome(options,
                target.name + " is the primary, term " + std::to_string(now.primary->answer->term),
                {{"primary", target.name}, {"term", now.primary->answer->term}});
  return kDone;
}

}  // namespace starling::ctl
