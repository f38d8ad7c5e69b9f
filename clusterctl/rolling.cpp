// restart all: every running server in turn, the primary last, so that clients notice nothing. A
// server that is asked to stop hands over what it leads; the next one follows when all vote again.
#include <algorithm>
#include <iostream>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"

namespace starling::ctl {
namespace {

constexpr std::chrono::seconds kOneServer{60};

// A failure of any other server meanwhile is one more than is counted on here.
void check_one_to_spare(const Manifest& manifest, const Survey& now) {
  if (now.quorum_ok && now.up - 1 >= now.needed) return;
  throw Failure(kNoQuorum, std::to_string(now.up) + " of " + std::to_string(now.voters) +
                               " voters are up, and " + std::to_string(now.needed) +
                               " are needed: with one of them stopped nothing could be written. "
                               "Look at: " +
                               manifest.command("status"));
}

void wait_until_all_ready(Cluster& cluster, const std::string& after) {
  std::map<std::string, std::string> ended;
  cluster.wait_until_ready(Clock::now() + kOneServer, ended);
  if (ended.empty()) return;
  throw Failure(kFailed, ended.begin()->first + " has ended while " + after +
                             " was restarted; no more are restarted. The end of its log:\n" +
                             ended.begin()->second);
}

// The primary last: then there is one handover and not several.
std::string next_of(const Manifest& manifest, std::vector<std::string>& left) {
  const Survey now = survey(manifest);
  check_one_to_spare(manifest, now);
  auto next = std::find_if(left.begin(), left.end(), [&](const std::string& name) {
    return now.primary == nullptr || now.primary->entry.name != name;
  });
  if (next == left.end()) next = left.begin();
  std::string name = *next;
  left.erase(next);
  return name;
}

}  // namespace

int run_restart_all(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  if (cluster.manifest().faults.cut()) {
    throw Failure(kFailed, describe(cluster.manifest().faults) +
                               ": servers that were started again would not all come back to the "
                               "others. First: " +
                               cluster.manifest().command("heal"));
  }
  cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  std::vector<std::string> left;
  for (const auto& server : cluster.manifest().servers) {
    if (process_state(server.process) == ProcessState::kRunning) left.push_back(server.name);
  }
  const std::size_t total = left.size();
  auto restarted = nlohmann::ordered_json::array();
  while (!left.empty()) {
    const std::string name = next_of(cluster.manifest(), left);
    ServerEntry& server = *cluster.manifest().find(name);
    try {
      cluster.stop({&server});
      cluster.start(server);
      cluster.wait_until_serving(server, Clock::now() + kOneServer);
      save_manifest(cluster.manifest());
      wait_until_all_ready(cluster, name);
    } catch (const Interrupted&) {
      throw Failure(kFailed, "interrupted; " + name + " goes on starting, and " +
                                 std::to_string(left.size()) + " were not restarted");
    }
    restarted.push_back({{"server", name}, {"pid", server.process.pid}});
    if (!options.json) {
      std::cerr << "restarted " << name << " (" << restarted.size() << " of " << total << ")\n";
    }
  }
  print_outcome(options, "restarted all " + std::to_string(total) + ", one after another",
                {{"servers", restarted}});
  return kDone;
}

}  // namespace starling::ctl
