// clusterctl isolate, partition, slow and heal: faults of the network among the servers. The
// servers make them themselves (starlingd --fault-file), so nobody needs root.
#include <algorithm>
#include <set>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

constexpr std::chrono::seconds kTakenTimeout{5};

// The files written and the change remembered; then until every server that can has taken it up.
// A paused one does before it goes on passing anything on, one that is down when it is started.
void put_in_force(Cluster& cluster) {
  auto& manifest = cluster.manifest();
  ++manifest.faults.version;
  save_manifest(manifest);
  write_fault_files(manifest);
  const auto deadline = Clock::now() + kTakenTimeout;
  for (const auto& server : manifest.servers) {
    while (process_state(server.process) == ProcessState::kRunning &&
           taken_version(manifest, server.name) != manifest.faults.version) {
      if (Clock::now() >= deadline) {
        throw Failure(
            kFailed,
            server.name +
                " does not take it up. If an older clusterctl started it, start it again: " +
                manifest.command("restart " + server.name));
      }
      pause_between_polls(milliseconds(5));
    }
  }
}

void check_takes_faults(const Manifest& manifest) {
  for (const auto& server : manifest.servers) {
    if (takes_faults(server.address)) continue;
    throw Failure(kFailed, server.name + " listens on " + server.address +
                               ", beyond loopback: faults are made only among servers of this "
                               "machine. Use a firewall there");
  }
}

void print_faults(const Options& options, const Manifest& manifest, const std::string& done) {
  const std::string now = describe(manifest.faults);
  print_outcome(options,
                done + (now.empty() ? ""
                                    : "\nin force: " + now +
                                          "; end it all with: " + manifest.command("heal")),
                {{"faults", to_json(manifest.faults)}});
}

}  // namespace

int run_isolate(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  check_takes_faults(manifest);
  const std::string name = cluster.resolve(options.server).name;
  auto& isolated = manifest.faults.isolated;
  if (std::find(isolated.begin(), isolated.end(), name) == isolated.end()) {
    isolated.push_back(name);
  }
  put_in_force(cluster);
  print_faults(options, manifest, "isolated " + name + " from all other servers");
  return kDone;
}

int run_partition(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  check_takes_faults(manifest);
  std::set<std::string> named;
  auto sides = options.sides;
  for (auto& side : sides) {
    for (auto& name : side) {
      const std::string word = name;
      name = cluster.resolve(word).name;
      if (named.insert(name).second) continue;
      throw Failure(kUsage, name + " is named twice" + (word == name ? "" : ": it is " + word));
    }
  }
  for (const auto& server : manifest.servers) {
    if (named.contains(server.name)) continue;
    throw Failure(kUsage, server.name + " is in no side: name every server of the cluster once");
  }
  manifest.faults.sides = sides;
  put_in_force(cluster);
  print_faults(options, manifest,
               "cut the network into " + std::to_string(sides.size()) + " sides");
  return kDone;
}

int run_slow(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  check_takes_faults(manifest);
  const std::string name = cluster.resolve(options.server).name;
  const int ms = static_cast<int>(options.delay.count());
  if (ms == 0) {
    manifest.faults.slow_ms.erase(name);
  } else {
    manifest.faults.slow_ms[name] = ms;
  }
  put_in_force(cluster);
  print_faults(options, manifest,
               ms == 0 ? name + " is not slow any more"
                       : "slowed " + name + ": all that goes there or comes from there is " +
                             std::to_string(ms) + " ms late");
  return kDone;
}

int run_heal(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& faults = cluster.manifest().faults;
  const std::string before = describe(faults);
  if (!before.empty()) {
    Faults none;
    none.version = faults.version;
    faults = none;
    put_in_force(cluster);
  }
  print_faults(options, cluster.manifest(),
               before.empty() ? "there was nothing to heal" : "healed; it was: " + before);
  return kDone;
}

}  // namespace starling::ctl
