// A cluster that the failover benchmark drives through the clusterctl program.
#include "bench/cluster.h"

#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "bench/load.h"
#include "bench/platform.h"

namespace starling::bench {
namespace {

nlohmann::json parse(const std::string& text) {
  nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  if (parsed.is_discarded()) throw BenchError{"clusterctl status gave no JSON."};
  return parsed;
}

}  // namespace

Cluster::Cluster(std::string clusterctl, std::string name, int servers)
    : clusterctl_(clusterctl.empty() ? own_directory() + "/clusterctl" : std::move(clusterctl)),
      name_(std::move(name)) {
  if (!name_.empty()) return;
  name_ = "bench-" + std::to_string(std::random_device{}() % 1'000'000);
  own_ = true;
  try {
    ask({"up", "-n", std::to_string(servers), "--base-port", "0"}, "start a cluster");
    ask({"wait", "--converged", "--timeout", "60s"}, "wait for the cluster");
  } catch (const BenchError&) {
    run({clusterctl_, "down", "--purge", "--name", name_});
    throw;
  }
}

Cluster::~Cluster() {
  if (own_) run({clusterctl_, "down", "--purge", "--name", name_});
}

std::string Cluster::ask(std::vector<std::string> words, const std::string& what) const {
  words.insert(words.begin(), clusterctl_);
  words.insert(words.end(), {"--name", name_});
  const RunResult result = run(words);
  if (result.exit_code != 0) {
    throw BenchError{"clusterctl could not " + what + " (exit code " +
                     std::to_string(result.exit_code) + "; program: " + clusterctl_ + ")."};
  }
  return result.output;
}

std::vector<std::string> Cluster::addresses() const {
  const nlohmann::json status = parse(ask({"status", "-o", "json"}, "tell the status"));
  std::vector<std::string> all;
  for (const auto& server : status.value("servers", nlohmann::json::array())) {
    all.push_back(server.value("address", ""));
  }
  if (all.empty()) throw BenchError{"The cluster \"" + name_ + "\" has no servers."};
  return all;
}

Victim Cluster::primary() const {
  ask({"wait", "--primary", "--timeout", "30s"}, "find a primary");
  const nlohmann::json status = parse(ask({"status", "-o", "json"}, "tell the status"));
  const nlohmann::json primary = status.value("primary", nlohmann::json());
  for (const auto& server : status.value("servers", nlohmann::json::array())) {
    if (!primary.is_string() || server.value("name", "") != primary.get<std::string>()) continue;
    Victim victim;
    victim.name = server.value("name", "");
    victim.address = server.value("address", "");
    victim.pid = server.value("pid", 0);
    if (victim.pid > 1) return victim;
  }
  throw BenchError{"clusterctl status names no primary with a process of this machine."};
}

void Cluster::restart(const std::string& server) const {
  ask({"restart", server}, "restart " + server);
}

void Cluster::wait_converged() const {
  ask({"wait", "--converged", "--timeout", "60s"}, "wait for the cluster to converge");
}

}  // namespace starling::bench
