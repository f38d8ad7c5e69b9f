// clusterctl up, down and join: the servers' comings and goings.
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kUpTimeout{60};
constexpr int kDefaultCount = 5;

// One line that rewrites itself, on a terminal only.
class Progress {
 public:
  Progress() : shown_(is_terminal_stderr()) {}
  ~Progress() { say(""); }
  void say(const std::string& text) {
    if (shown_) std::fprintf(stderr, "\r\033[K%s", text.c_str());
  }

 private:
  bool shown_;
};

void grow(Cluster& cluster, int count) {
  while (static_cast<int>(cluster.manifest().servers.size()) < count) {
    auto& manifest = cluster.manifest();
    const int number = static_cast<int>(manifest.servers.size()) + 1;
    const std::string address = "127.0.0.1:" + std::to_string(manifest.base_port + number - 1);
    // A new cluster has the ports that were asked for or none; a grown one takes the next free
    // ones.
    cluster.add_server(manifest.bootstrapped ? "" : address);
  }
}

std::string how_to_connect(const Manifest& manifest) {
  std::vector<std::string> addresses;
  for (const auto& server : manifest.servers) addresses.push_back(server.address);
  const std::string name = manifest.name == "default" ? "" : " --name " + manifest.name;
  std::string text = "\nConnect to any of them; a client learns of the others:\n";
  text += "  starling::Client::connect({\"" + addresses.front() + "\"})\n";
  text += "  servers: " + join_words(addresses, ",") + "\n";
  text += "Break it: clusterctl kill primary" + name + "    Stop it: clusterctl down" + name + "\n";
  return text;
}

void stop_started(Cluster& cluster, const std::vector<std::string>& started) {
  std::vector<ServerEntry*> servers;
  for (const auto& name : started) {
    if (auto* server = cluster.manifest().find(name)) servers.push_back(server);
  }
  cluster.stop(servers);
}

void remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw Failure(kFailed, "cannot remove " + path + ": " + error.message());
}

// Our last traces in the cluster's directory, and the directory itself if it was made by us.
void remove_own_dir(const Manifest& manifest) {
  remove_tree(manifest_path(manifest.dir));
  remove_tree(lock_path(manifest.dir));
  std::error_code not_empty;  // Somebody put something beside our files: that stays.
  if (manifest.made_dir) fs::remove(manifest.dir, not_empty);
}

void purge(Cluster& cluster) {
  auto& manifest = cluster.manifest();
  for (const auto& server : manifest.servers) remove_tree(manifest.server_dir(server.name));
  for (const auto& kept : manifest.kept_aside) remove_tree(manifest.dir + "/" + kept);
  remove_own_dir(manifest);
  if (registered_dir(manifest.name) == manifest.dir) forget_dir(manifest.name);
}

}  // namespace

std::vector<std::string> bring_up(Cluster& cluster, int count) {
  Progress progress;
  auto& manifest = cluster.manifest();
  grow(cluster, count);
  const auto deadline = Clock::now() + kUpTimeout;
  std::vector<ServerEntry*> to_start;
  for (auto& server : manifest.servers) {
    if (process_state(server.process) == ProcessState::kExited) to_start.push_back(&server);
  }
  for (const auto* server : to_start) cluster.check_address_free(*server);
  std::vector<std::string> started;
  try {
    if (!manifest.bootstrapped) {
      auto& first = manifest.servers.front();
      progress.say("starting " + first.name + " as the first server");
      if (process_state(first.process) == ProcessState::kExited) {
        started.push_back(first.name);
        cluster.start(first);
      }
      cluster.wait_until_serving(first, deadline);
      cluster.learn(cluster.wait_for_primary(deadline));
      manifest.bootstrapped = true;
      save_manifest(manifest);
    }
    const Survey before = survey(manifest);
    for (auto* server : to_start) {
      if (process_state(server->process) != ProcessState::kExited) continue;
      started.push_back(server->name);
      cluster.start(*server, cluster.is_no_member(*server, before));
    }
    cluster.wait_until_ready(deadline, [&](const Survey& now) {
      progress.say("waiting for the servers: " + std::to_string(now.up) + " of " +
                   std::to_string(manifest.servers.size()) + " vote");
    });
  } catch (const Failure& failure) {
    progress.say("");
    stop_started(cluster, started);
    save_manifest(manifest);
    const std::string stopped =
        started.empty() ? "" : "\nThe servers that this call had started are stopped again.";
    throw Failure(failure.exit_code(), failure.what() + stopped);
  }
  save_manifest(manifest);
  return started;
}

int run_up(const Options& options) {
  auto [lock, cluster] = open_or_create(options);
  auto& manifest = cluster.manifest();
  const int present = static_cast<int>(manifest.servers.size());
  const int count = options.count.value_or(present > 0 ? present : kDefaultCount);
  if (count < present) {
    std::cerr << "clusterctl: the cluster has " << present
              << " servers and keeps them; take one out with: clusterctl leave SERVER\n";
  }
  if (present == 0) {  // Before anything is written: are all the ports there?
    try {
      grow(cluster, count);
      for (const auto& server : manifest.servers) cluster.check_address_free(server);
    } catch (const Failure&) {
      remove_own_dir(manifest);
      throw;
    }
  }
  save_manifest(manifest);
  register_dir(manifest.name, manifest.dir);
  const auto started = bring_up(cluster, count);
  const Survey now = survey(manifest);
  if (options.json) {
    auto object = to_json(manifest, now);
    object["dir"] = manifest.dir;
    object["started"] = started;
    std::cout << object.dump() << "\n";
  } else {
    std::cout << to_table(manifest, now) << how_to_connect(manifest);
  }
  return kDone;
}

int run_down(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  const auto& manifest = cluster.manifest();
  cluster.stop_all();
  std::string line =
      "stopped " + std::to_string(manifest.servers.size()) + " servers of cluster " + manifest.name;
  line += options.purge ? " and removed their data"
                        : "; their data stays in " + manifest.dir + " for the next up";
  if (options.purge) purge(cluster);
  print_outcome(options, line, {{"cluster", manifest.name}, {"purged", options.purge}});
  return kDone;
}

int run_join(const Options& options) {
  auto [lock, cluster] = open_for_change(options);
  auto& manifest = cluster.manifest();
  cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  ServerEntry& server = cluster.add_server(options.address);
  const std::string name = server.name;
  const auto deadline = Clock::now() + kUpTimeout;
  try {
    cluster.start(server);
    cluster.wait_until_serving(server, deadline);
    while (true) {  // Only the joiner counts: another server may well be down meanwhile.
      const Survey now = survey(manifest);
      cluster.learn(now);
      const Server* member = now.listed(server.address);
      const auto* view = now.find(name);
      if (now.primary && member != nullptr && member->voter && view->answer) break;
      if (view->process == ProcessState::kExited) {
        throw Failure(kFailed, name + " ended while joining. The end of its log:\n" +
                                   cluster.log_tail(name, 6));
      }
      if (Clock::now() >= deadline) {
        throw Failure(now.quorum_ok ? kFailed : kNoQuorum,
                      name + " did not become a voter in time");
      }
      pause_between_polls();
    }
  } catch (const Failure& failure) {
    stop_started(cluster, {name});
    save_manifest(manifest);
    throw Failure(failure.exit_code(),
                  std::string(failure.what()) + "\n" + name +
                      " is stopped; try it again with restart, or take it out with leave");
  }
  save_manifest(manifest);
  print_outcome(options, name + " joined as " + server.address,
                {{"server", name},
                 {"address", server.address},
                 {"id", hex(server.id)},
                 {"pid", server.process.pid}});
  return kDone;
}

}  // namespace starling::ctl
