// Starting and stopping the servers of a cluster; see cluster.h.
#include "clusterctl/cluster.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kStopTimeout{10};
constexpr std::size_t kTailLines = 6;
constexpr int kLowestPickedPort = 10'000;
constexpr int kPickedPortEnd = 32'000;  // The ephemeral range begins at 32,768.

std::string loopback(int port) { return "127.0.0.1:" + std::to_string(port); }

void make_dirs(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Failure(kFailed, "cannot make " + path + ": " + error.message());
}

// What else may keep servers apart.
std::string in_force(const Manifest& manifest) {
  if (!manifest.faults.any()) return "";
  return "; " + describe(manifest.faults) + ": end that with: " + manifest.command("heal");
}

// No server has lived there yet, or one whose join has not ended: its id is nobody's in the
// manifest.
bool is_fresh(const std::string& data_dir) {
  std::ifstream identity(data_dir + "/identity");
  if (!identity) return !fs::exists(data_dir + "/identity");
  for (std::string line; std::getline(identity, line);) {
    if (line == "joining yes") return true;
  }
  return false;
}

}  // namespace

void remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw Failure(kFailed, "cannot remove " + path + ": " + error.message());
}

int pick_base_port(int count) {
  std::random_device seed;
  std::mt19937 random(seed());
  std::uniform_int_distribution<int> anywhere(kLowestPickedPort, kPickedPortEnd - count);
  for (int attempt = 0; attempt < 200; ++attempt) {
    const int base = anywhere(random);
    int free = 0;
    while (free < count && can_listen("127.0.0.1", base + free, nullptr)) ++free;
    if (free == count) return base;
  }
  throw Failure(kFailed, "found no " + std::to_string(count) + " free ports in a row");
}

std::string server_program(const std::string& configured) {
  std::string path = configured;
  std::string source = "--starlingd";
  if (path.empty()) {
    const char* from_environment = std::getenv("STARLINGD");
    if (from_environment != nullptr) path = from_environment;
    source = "$STARLINGD";
  }
  if (path.empty()) {
    path = executable_dir() + "/starlingd";
    source = "beside clusterctl";
  }
  if (is_executable(path)) return fs::absolute(path).string();
  throw Failure(kFailed, "there is no server program at " + path + " (" + source +
                             "); say where it is with: up --starlingd PATH, or $STARLINGD");
}

int Cluster::next_free_port() const {
  for (int port = manifest_.base_port; port <= 65'535; ++port) {
    const bool ours = std::any_of(manifest_.servers.begin(), manifest_.servers.end(),
                                  [&](const auto& s) { return s.address == loopback(port); });
    if (!ours && can_listen("127.0.0.1", port, nullptr)) return port;
  }
  throw Failure(kFailed, "no port is free from " + std::to_string(manifest_.base_port) + " up");
}

ServerEntry& Cluster::add_server(const std::string& address) {
  int number = 1;
  while (manifest_.find("n" + std::to_string(number)) != nullptr) ++number;
  ServerEntry server;
  server.name = "n" + std::to_string(number);
  server.address = address.empty() ? loopback(next_free_port()) : address;
  for (const auto& other : manifest_.servers) {
    if (other.address == server.address) {
      throw Failure(kFailed, server.address + " is the address of " + other.name);
    }
  }
  auto& all = manifest_.servers;
  const auto place = std::find_if(all.begin(), all.end(), [&](const auto& other) {
    return server_number(other.name) > number;
  });
  return *all.insert(place, server);
}

void Cluster::check_address_free(const ServerEntry& server) const {
  const auto address = parse_address(server.address);
  if (!address) throw Failure(kFailed, "\"" + server.address + "\" is no HOST:PORT");
  std::string why;
  if (can_listen(address->host, address->port, &why)) return;
  throw Failure(kFailed, "port " + std::to_string(address->port) + " for " + server.name + " (" +
                             server.address + ") cannot be used: " + why);
}

bool Cluster::is_no_member(const ServerEntry& server, const Survey& survey) const {
  return survey.primary != nullptr && survey.listed(server.address) == nullptr;
}

void Cluster::start(ServerEntry& server, bool not_a_member) {
  check_address_free(server);
  std::vector<std::string> argv = {server_program(manifest_.starlingd), "--data",
                                   manifest_.data_dir(server.name), "--listen", server.address};
  std::vector<std::string> others;
  for (const auto& other : manifest_.servers) {
    if (other.name != server.name) others.push_back(other.address);
  }
  const bool fresh = server.id == 0 || is_fresh(manifest_.data_dir(server.name));
  if (manifest_.bootstrapped && (fresh || not_a_member) && !others.empty()) {
    argv.insert(argv.end(), {"--join", join_words(others, ",")});
  }
  if (takes_faults(server.address)) {
    argv.insert(argv.end(), {"--fault-file", manifest_.fault_path(server.name)});
  }
  argv.insert(argv.end(), manifest_.flags.begin(), manifest_.flags.end());
  if (manifest_.recovering.server == server.name && !fresh) {
    argv.insert(argv.end(), {"--recover", std::to_string(manifest_.recovering.epoch)});
  }
  if (manifest_.epoch > 1) {
    argv.insert(argv.end(), {"--min-epoch", std::to_string(manifest_.epoch)});
  }
  make_dirs(manifest_.server_dir(server.name));
  write_fault_files(manifest_);  // Its own, and the others' with this one in them.
  server.process = spawn_daemon(argv, manifest_.log_path(server.name));
  save_manifest(manifest_);
}

std::vector<std::string> Cluster::retire_former(Clock::time_point deadline) {
  std::vector<std::string> names;
  bool waits = true;
  while (waits && Clock::now() < deadline) {
    const Survey now = survey(manifest_);
    if (now.primary == nullptr) break;
    waits = false;
    for (const Server& gone : now.former()) {
      const Server* present = now.listed(gone.address);
      const auto view = std::find_if(now.servers.begin(), now.servers.end(), [&](const auto& one) {
        return one.entry.address == gone.address;
      });
      // Without its answer, which only a running one gives, nobody knows which of the two is there.
      const bool answers = view->answer && view->answer->server_id == present->id;
      if (!answers || !present->voter) {
        waits = waits || view->process == ProcessState::kRunning;
        continue;
      }
      waits = admin::leave(now.primary->entry.address, gone.id, kPrimaryTimeout).ok();
      if (waits) names.push_back(view->entry.name);
      break;
    }
    if (waits) pause_between_polls();
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void Cluster::wait_until_serving(ServerEntry& server, Clock::time_point deadline) {
  std::string last_error = "it did not answer in time";
  while (Clock::now() < deadline) {
    if (process_state(server.process) == ProcessState::kExited) {
      throw Failure(kFailed, ended_text(server.name, "starting"));
    }
    auto answer = admin::status(server.address, kStatusTimeout);
    if (answer.ok()) {
      if (manifest_.cluster_id != 0 && answer->cluster_id != 0 &&
          answer->cluster_id != manifest_.cluster_id) {
        throw Failure(kFailed, server.name + " has data of another cluster");
      }
      server.id = answer->server_id;
      return;
    }
    last_error = answer.error().message;
    pause_between_polls();
  }
  throw Failure(kFailed, server.name + " (" + server.address + ") is not ready: " + last_error +
                             "\n" + log_tail(server.name));
}

std::string Cluster::ended_text(const std::string& server, const std::string& doing) const {
  // A cluster that was never up is forgotten, and its logs with it.
  const std::string more =
      manifest_.bootstrapped ? " (all of it: " + manifest_.command("logs " + server) + ")" : "";
  return server + " ended while " + doing + ". The end of its log" + more + ":\n" +
         log_tail(server);
}

void Cluster::wait_until_ready(Clock::time_point deadline,
                               std::map<std::string, std::string>& ended,
                               const std::function<void(const Survey&)>& on_progress) {
  std::uint64_t target = 0;  // What the primary had committed when all voters were in.
  std::string missing;
  while (true) {
    const Survey now = survey(manifest_);
    if (on_progress) on_progress(now);
    missing = now.primary == nullptr ? "there is no primary" : "";
    int alive = 0;
    for (const auto& view : now.servers) {
      if (view.process == ProcessState::kExited) {
        ended.try_emplace(view.entry.name, ended_text(view.entry.name, "starting"));
        continue;
      }
      ++alive;
      if (view.process == ProcessState::kPaused || !missing.empty()) continue;
      const Server* member = now.listed(view.entry.address);
      if (!view.answer) {
        missing = view.entry.name + " does not answer";
      } else if (member == nullptr || !member->voter) {
        missing = view.entry.name + " does not vote yet";
      } else if (member->state == ServerState::kDown) {
        missing = view.entry.name + " is not reached by the primary";
      }
    }
    if (missing.empty() && target == 0) target = now.primary->answer->commit_index;
    for (const auto& view : now.servers) {
      if (missing.empty() && view.answer && view.answer->applied_index < target) {
        missing = view.entry.name + " is behind";
      }
    }
    learn(now);
    if (missing.empty()) return;
    if (alive < now.needed) {
      throw Failure(kNoQuorum, "the cluster has no quorum: " + std::to_string(now.needed) + " of " +
                                   counted(static_cast<std::size_t>(now.voters), "voter") +
                                   " are needed, and only " + std::to_string(alive) + " could run");
    }
    if (Clock::now() >= deadline) {
      throw Failure(now.quorum_ok ? kFailed : kNoQuorum,
                    "the cluster is not ready: " + missing + in_force(manifest_));
    }
    pause_between_polls();
  }
}

std::size_t Cluster::stop(const std::vector<ServerEntry*>& servers) {
  std::size_t ran = 0;
  for (auto* server : servers) {
    if (!send_signal(server->process, SIGTERM)) continue;
    send_signal(server->process, SIGCONT);
    ++ran;
  }
  const auto deadline = Clock::now() + kStopTimeout;
  for (auto* server : servers) {
    bool dead = false;
    try {
      dead = wait_until_exited(server->process, deadline);
    } catch (
        const Interrupted&) {  // A second Ctrl-C, or cleaning up after the first: at once then.
    }
    if (dead) continue;
    send_signal(server->process, SIGKILL);
    while (process_state(server->process) != ProcessState::kExited) {
      if (Clock::now() >= deadline + kStopTimeout) {
        throw Failure(kFailed, server->name + " (process " + std::to_string(server->process.pid) +
                                   ") does not die");
      }
      std::this_thread::sleep_for(milliseconds(2));
    }
  }
  return ran;
}

std::size_t Cluster::stop(const std::vector<std::string>& names) {
  std::vector<ServerEntry*> servers;
  for (const auto& name : names) {
    if (auto* server = manifest_.find(name)) servers.push_back(server);
  }
  return stop(servers);
}

std::size_t Cluster::stop_all() {
  std::vector<ServerEntry*> all;
  for (auto& server : manifest_.servers) all.push_back(&server);
  return stop(all);
}

bool Cluster::forget_if_no_member(const std::string& server) {
  const ServerEntry* entry = manifest_.find(server);
  // The identity is durable before anybody hears of the server.
  if (fs::exists(manifest_.data_dir(server) + "/identity")) {
    const Survey now = survey(manifest_);
    if (now.primary == nullptr) return false;
    const Server* member = now.listed(entry->address);
    if (member != nullptr && member->voter) return false;
    if (member != nullptr &&
        !admin::leave(now.primary->entry.address, member->id, kPrimaryTimeout).ok()) {
      return false;
    }
  }
  remove_tree(manifest_.server_dir(server));
  std::erase_if(manifest_.servers, [&](const auto& other) { return other.name == server; });
  manifest_.faults.forget(server);
  return true;
}

ServerEntry& Cluster::resolve(const std::string& name) {
  if (auto* found = manifest_.find(name)) return *found;
  std::vector<std::string> known;
  for (const auto& server : manifest_.servers) known.push_back(server.name);
  if (name != "primary" && name != "backup") {
    throw Failure(kUsage, "no server is named \"" + name + "\"; there are " +
                              join_words(known, ", ") + ", and primary and backup");
  }
  const auto deadline = Clock::now() + kPrimaryTimeout;
  while (true) {
    const Survey now = wait_for_primary(deadline);
    if (name == "primary") return *manifest_.find(now.primary->entry.name);
    for (const auto& view : now.servers) {
      if (view.answer && view.answer->role == Role::kBackup)
        return *manifest_.find(view.entry.name);
    }
    if (Clock::now() >= deadline) throw Failure(kFailed, "there is no backup");
    pause_between_polls();
  }
}

Survey Cluster::wait_for_primary(Clock::time_point deadline) {
  while (true) {
    Survey now = survey(manifest_);
    if (now.primary != nullptr) {
      learn(now);
      return now;
    }
    const bool runs = std::any_of(now.servers.begin(), now.servers.end(), [](const auto& view) {
      return view.process != ProcessState::kExited;
    });
    if (!runs || Clock::now() >= deadline) throw Failure(kNoQuorum, no_primary(now));
    pause_between_polls();
  }
}

std::string Cluster::no_primary(const Survey& survey) const {
  std::string paused;
  std::size_t exited = 0;
  for (const auto& view : survey.servers) {
    if (view.process == ProcessState::kExited) ++exited;
    if (view.process == ProcessState::kPaused) paused = view.entry.name;
  }
  if (exited == survey.servers.size()) {
    return "no server of cluster " + manifest_.name +
           " runs; start them: " + manifest_.command("up");
  }
  std::string text = "there is no primary: " + std::to_string(survey.up) + " of " +
                     counted(static_cast<std::size_t>(survey.voters), "voter") + " up, " +
                     std::to_string(survey.needed) + " needed";
  if (manifest_.faults.cut()) return text + in_force(manifest_);
  if (exited > 0) return text + "; start the others: " + manifest_.command("up");
  if (!paused.empty())
    return text + "; resume the paused: " + manifest_.command("resume " + paused);
  return text + "; look at: " + manifest_.command("status");
}

void Cluster::learn(const Survey& survey) {
  for (const auto& view : survey.servers) {
    auto* entry = manifest_.find(view.entry.name);
    if (!view.answer || entry == nullptr) continue;
    entry->id = view.answer->server_id;
    if (manifest_.cluster_id == 0) manifest_.cluster_id = view.answer->cluster_id;
    manifest_.epoch = std::max(manifest_.epoch, view.answer->epoch);
    // Whoever began it: nobody is to begin it once more.
    if (view.answer->epoch >= manifest_.recovering.epoch) manifest_.recovering = {};
  }
}

std::string Cluster::log_tail(const std::string& server) const {
  std::ifstream file(manifest_.log_path(server));
  std::deque<std::string> last;
  for (std::string line; std::getline(file, line);) {
    last.push_back("  " + line);
    if (last.size() > kTailLines) last.pop_front();
  }
  return last.empty() ? "  (empty)" : join_words({last.begin(), last.end()}, "\n");
}

}  // namespace starling::ctl
