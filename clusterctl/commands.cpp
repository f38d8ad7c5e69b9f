// The commands that look at or act on the servers of a running cluster.
#include "clusterctl/commands.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
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

nlohmann::ordered_json describe(const ServerEntry& server) {
  return {{"server", server.name},
          {"address", server.address},
          {"pid", server.process.pid},
          {"process", to_string(process_state(server.process))}};
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

// What is drawn again in its place must not wrap: it would take more lines than it clears.
std::string cut_to(std::size_t columns, const std::string& text) {
  std::string cut;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) cut += line.substr(0, columns) + "\n";
  return cut;
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
      const std::string table = to_table(cluster.manifest(), now);
      const auto columns = static_cast<std::size_t>(terminal_columns());
      std::cout << (terminal ? cut_to(columns, table) : table + "\n") << std::flush;
    }
    const auto next = Clock::now() + std::chrono::seconds(1);
    while (!interrupted() && Clock::now() < next) std::this_thread::sleep_for(milliseconds(20));
  }
  return code;
}

}  // namespace

Survey patient_survey(const Manifest& manifest) {
  const auto deadline = Clock::now() + kElectionPatience;
  while (true) {
    Survey now = survey(manifest);
    if (now.quorum_ok || now.answering < now.needed || Clock::now() >= deadline) return now;
    pause_between_polls();
  }
}

void must_run(const Manifest& manifest, const ServerEntry& server) {
  if (process_state(server.process) != ProcessState::kExited) return;
  throw Failure(kFailed, server.name + " is not running; start it first: " +
                             manifest.command("restart " + server.name));
}

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
                    {{"primary", primary},
                     {"term", now.primary->answer->term},
                     {"converged", converged(now)},
                     {"ms", ms}});
      return kDone;
    }
    if (Clock::now() >= deadline) {
      const std::string why = now.primary == nullptr
                                  ? cluster.no_primary(now)
                                  : "the running servers do not hold the same state; look at: " +
                                        cluster.manifest().command("status");
      const bool apart = cluster.manifest().faults.cut() && !now.quorum_ok;
      throw Failure(
          now.up < now.needed || apart ? kNoQuorum : kFailed,
          (options.wait_converged ? "not converged in time: " : "no primary in time: ") + why);
    }
    pause_between_polls();
  }
}

int run_kill(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  ServerEntry& server = cluster.resolve(options.server);
  save_manifest(cluster.manifest());
  const bool ran = send_signal(server.process, options.signal);
  if (!wait_until_exited(server.process, Clock::now() + std::chrono::seconds(10))) {
    const bool paused = process_state(server.process) == ProcessState::kPaused;
    throw Failure(kFailed, server.name + " (process " + std::to_string(server.process.pid) +
                               ") did not die of the signal in 10 s" +
                               (paused ? ": it is paused; resume it with: " +
                                             cluster.manifest().command("resume " + server.name)
                                       : "; KILL cannot be refused: " +
                                             cluster.manifest().command("kill " + server.name)));
  }
  auto object = describe(server);
  object["was_running"] = ran;
  print_outcome(options, ran ? "killed " + server.name : server.name + " was not running", object);
  return kDone;
}

int run_pause(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  ServerEntry& server = cluster.resolve(options.server);
  must_run(cluster.manifest(), server);
  send_signal(server.process, SIGSTOP);
  wait_for_state(server, ProcessState::kPaused);
  print_outcome(options, "paused " + server.name, describe(server));
  return kDone;
}

int run_resume(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  ServerEntry& server = resolve_preferring(cluster, options.server, ProcessState::kPaused);
  must_run(cluster.manifest(), server);
  const bool paused = process_state(server.process) == ProcessState::kPaused;
  send_signal(server.process, SIGCONT);
  wait_for_state(server, ProcessState::kRunning);
  print_outcome(options, paused ? "resumed " + server.name : server.name + " was not paused",
                describe(server));
  return kDone;
}

int run_restart(const Options& options) {
  if (options.server == "all") return run_restart_all(options);
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  ServerEntry& server = resolve_preferring(cluster, options.server, ProcessState::kExited);
  cluster.stop({&server});
  const std::uint64_t before = server.id;
  cluster.start(server, cluster.is_no_member(server, survey(cluster.manifest())));
  try {
    cluster.wait_until_serving(server, Clock::now() + kChangeTimeout);
    wait_until_counted(cluster, server);
    if (before != 0 && server.id != before)
      (void)cluster.retire_former(Clock::now() + kChangeTimeout);
  } catch (const Interrupted&) {
    throw Failure(kFailed, "interrupted; " + server.name + " goes on starting");
  }
  save_manifest(cluster.manifest());
  print_outcome(options,
                "restarted " + server.name + " at " + server.address +
                    (before != 0 && server.id != before
                         ? ", as a new server in place of the one whose data is gone"
                         : ""),
                describe(server));
  return kDone;
}

}  // namespace starling::ctl
