// clusterctl up and down.
#include <algorithm>
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
  std::string text = "\nConnect to any of them; a client learns of the others:\n";
  text += "  starling::Client::connect({\"" + addresses.front() + "\"})\n";
  text += "  servers: " + join_words(addresses, ",") + "\n";
  text += "Break it: " + manifest.command("kill primary") +
          "    Stop it: " + manifest.command("down") + "\n";
  return text;
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

// The first server founds the cluster; the others join it.
void found_cluster(Cluster& cluster, Clock::time_point deadline,
                   std::vector<std::string>& started) {
  auto& first = cluster.manifest().servers.front();
  if (process_state(first.process) == ProcessState::kExited) {
    cluster.start(first);
    started.push_back(first.name);
  }
  cluster.wait_until_serving(first, deadline);
  cluster.learn(cluster.wait_for_primary(deadline));
}

// One that cannot be started is noted; the others go on.
void start_each(Cluster& cluster, const std::vector<std::string>& names, BroughtUp& brought) {
  const Survey before = survey(cluster.manifest());
  for (const auto& name : names) {
    auto& server = *cluster.manifest().find(name);
    if (process_state(server.process) != ProcessState::kExited) continue;
    try {
      cluster.start(server, cluster.is_no_member(server, before));
      brought.started.push_back(name);
    } catch (const Interrupted&) {
      throw;
    } catch (const Failure& failure) {
      brought.failed.emplace(name, failure.what());
    }
  }
}

// Of those that failed, the ones that never were members are forgotten.
void drop_strangers(Cluster& cluster, BroughtUp& brought) {
  for (auto& [name, reason] : brought.failed) {
    std::erase(brought.started, name);
    if (cluster.manifest().find(name)->id != 0 || !cluster.forget_if_no_member(name)) continue;
    reason += "\n" + name + " was no member yet; nothing is left of it";
  }
}

[[noreturn]] void undo_founding(Cluster& cluster, const Failure& failure, bool begun) {
  cluster.stop_all();
  purge(cluster);
  std::string sentence = failure.what();
  sentence += begun ? "\nThe cluster is not there: what was begun is removed again."
                    : ". Free it, or choose others with --base-port (0 picks free ones)";
  throw Failure(failure.exit_code(), sentence);
}

void print_up(const Options& options, const Manifest& manifest, const BroughtUp& brought) {
  const Survey now = survey(manifest);
  for (const auto& [name, reason] : brought.failed) {
    std::cerr << "clusterctl: " << name << " could not be started: " << reason << "\n";
  }
  if (!options.json) {
    std::cout << to_table(manifest, now) << how_to_connect(manifest);
    return;
  }
  auto object = to_json(manifest, now);
  object["ok"] = brought.failed.empty();
  object["dir"] = manifest.dir;
  object["started"] = brought.started;
  object["failed"] = brought.failed;
  std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

}  // namespace

BroughtUp bring_up(Cluster& cluster, int count) {
  Progress progress;
  auto& manifest = cluster.manifest();
  grow(cluster, count);
  const auto deadline = Clock::now() + kUpTimeout;
  const bool founding = !manifest.bootstrapped;
  std::vector<std::string> to_start;
  for (const auto& server : manifest.servers) {
    if (process_state(server.process) != ProcessState::kExited) continue;
    to_start.push_back(server.name);
    if (founding) cluster.check_address_free(server);
  }
  BroughtUp brought;
  try {
    if (founding) {
      progress.say("starting " + manifest.servers.front().name + " as the first server");
      found_cluster(cluster, deadline, brought.started);
      manifest.bootstrapped = true;
      save_manifest(manifest);
    }
    start_each(cluster, to_start, brought);
    cluster.wait_until_ready(deadline, brought.failed, [&](const Survey& now) {
      if (founding && !brought.failed.empty()) {
        throw Failure(kFailed, brought.failed.begin()->second);
      }
      progress.say("waiting for the servers: " + std::to_string(now.up) + " of " +
                   std::to_string(manifest.servers.size()) + " vote");
    });
    if (founding && !brought.failed.empty()) {
      throw Failure(kFailed, brought.failed.begin()->second);
    }
  } catch (const Interrupted&) {
    progress.say("");
    cluster.stop(brought.started);
    save_manifest(manifest);
    throw;
  } catch (const Failure& failure) {
    progress.say("");
    std::string reasons;
    for (const auto& [name, reason] : brought.failed) {
      if (!founding) reasons += "\n" + name + " could not be started: " + reason;
    }
    save_manifest(manifest);
    throw Failure(failure.exit_code(), failure.what() + reasons);
  }
  drop_strangers(cluster, brought);
  progress.say("waiting for those that take the place of others");
  const std::vector<std::string> retired = cluster.retire_former(deadline);
  progress.say("");
  for (const auto& name : retired) {
    std::cerr << name << " is a new server, in place of the one whose data is gone\n";
  }
  save_manifest(manifest);
  return brought;
}

int run_up(const Options& options) {
  auto opened = open_or_create(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  const int present = static_cast<int>(manifest.servers.size());
  const int count = options.count.value_or(present > 0 ? present : kDefaultCount);
  if (count < present) {
    std::cerr << "clusterctl: the cluster has "
              << counted(static_cast<std::size_t>(present), "server")
              << " and keeps them; take one out with: " << manifest.command("leave SERVER") << "\n";
  }
  const bool changed = !opened.fresh && manifest.flags != opened.before.flags;
  const bool runs = std::any_of(manifest.servers.begin(), manifest.servers.end(), [](auto& server) {
    return process_state(server.process) != ProcessState::kExited;
  });
  if (changed && runs) {
    std::cerr << "clusterctl: servers that run already keep their settings until: "
              << manifest.command("restart SERVER") << "\n";
  }
  BroughtUp brought;
  bool begun = false;
  try {
    if (opened.fresh) {  // Before anything is written: are all the ports there?
      grow(cluster, count);
      for (const auto& server : manifest.servers) cluster.check_address_free(server);
    }
    begun = true;
    save_manifest(manifest);
    register_dir(manifest.name, manifest.dir);
    brought = bring_up(cluster, count);
  } catch (const Failure& failure) {
    if (opened.fresh) undo_founding(cluster, failure, begun);
    // What did not do this time is not tried again by itself.
    manifest.flags = opened.before.flags;
    manifest.starlingd = opened.before.starlingd;
    save_manifest(manifest);
    throw;
  }
  print_up(options, manifest, brought);
  return brought.failed.empty() ? kDone : kFailed;
}

int run_down(const Options& options) {
  const auto gone = options.purge ? gone_dir(options.name) : std::nullopt;
  if (gone) {
    forget_dir(options.name);
    print_outcome(options,
                  "forgot cluster " + options.name + ", which was in " + *gone +
                      "; servers of it that still run are not known any more",
                  {{"cluster", options.name}, {"dir", *gone}, {"stopped", 0}, {"purged", true}});
    return kDone;
  }
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  const Manifest manifest = cluster.manifest();
  const std::size_t stopped = cluster.stop_all();
  remove_fault_files(cluster.manifest());
  save_manifest(cluster.manifest());
  const std::string what =
      stopped == 0 ? "nothing was running"
                   : "stopped " + counted(stopped, "server") + " of cluster " + manifest.name;
  if (options.purge) purge(cluster);
  print_outcome(options,
                what + (options.purge ? "; the data of cluster " + manifest.name + " is removed"
                                      : "; the data stays in " + manifest.dir +
                                            " for the next: " + manifest.command("up")),
                {{"cluster", manifest.name},
                 {"dir", manifest.dir},
                 {"stopped", stopped},
                 {"purged", options.purge}});
  return kDone;
}

}  // namespace starling::ctl
