// The commands of clusterctl. Each prints its outcome and returns an exit code, or throws Failure.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "clusterctl/cluster.h"
#include "clusterctl/options.h"

namespace starling::ctl {

int run_command(const Options& options);

int run_up(const Options& options);
int run_down(const Options& options);
int run_status(const Options& options);
int run_wait(const Options& options);
int run_kill(const Options& options);
int run_pause(const Options& options);
int run_resume(const Options& options);
int run_restart(const Options& options);
int run_join(const Options& options);
int run_leave(const Options& options);
int run_transfer(const Options& options);
int run_logs(const Options& options);
int run_demo(const Options& options);

// A cluster that exists, by its name. With the lock nobody else changes it meanwhile.
struct OpenCluster {
  std::unique_ptr<FileLock> lock;
  Cluster cluster;
};
OpenCluster open_for_change(const Options& options);
Cluster open_for_reading(const Options& options);

// The cluster that `up` shall work on: made, registered and locked when it is new.
OpenCluster open_or_create(const Options& options);

// As up does it: starts what does not run and waits until all of it votes. Servers that this call
// started are stopped again when it fails. Returns the names of those it started.
std::vector<std::string> bring_up(Cluster& cluster, int count);

// One line for people, or the object for programs.
void print_outcome(const Options& options, const std::string& line, nlohmann::ordered_json object);

}  // namespace starling::ctl
