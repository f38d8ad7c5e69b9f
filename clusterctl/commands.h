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
int run_restart_all(const Options& options);  // One after another; the cluster serves meanwhile.
int run_recover(const Options& options);
int run_join(const Options& options);
int run_leave(const Options& options);
int run_transfer(const Options& options);
int run_isolate(const Options& options);
int run_partition(const Options& options);
int run_slow(const Options& options);
int run_heal(const Options& options);
int run_logs(const Options& options);
int run_demo(const Options& options);

// A cluster that exists, by its name. With the lock nobody else changes it meanwhile.
struct OpenCluster {
  std::unique_ptr<FileLock> lock;
  Cluster cluster;
  // Of open_or_create: nothing of it was there before, or what it was before this call.
  bool fresh = false;
  Manifest before;
};
OpenCluster open_for_change(const Options& options);
Cluster open_for_reading(const Options& options);

// Where a registered cluster was whose directory is there no more.
std::optional<std::string> gone_dir(const std::string& name);

// The cluster that `up` shall work on: its directory made and locked when it is new.
OpenCluster open_or_create(const Options& options);

// As up does it: starts what does not run and waits until all of it votes. A cluster that is not
// founded yet comes up whole or not at all; of one that is, each server does for itself.
struct BroughtUp {
  std::vector<std::string> started;
  std::map<std::string, std::string> failed;  // Server and reason.
};
BroughtUp bring_up(Cluster& cluster, int count);

// Enough voters answer, and yet there is no quorum: it may be made at this very moment, and its
// result is the better answer.
Survey patient_survey(const Manifest& manifest);

// A member that the manifest does not list: somebody started it by hand.
struct Outsider {
  Server member;
  std::optional<admin::ServerStatus> answer;
};
// Throws unless the majority is lost as far as anybody who answers knows, and nobody is left who
// may go on without being seen.
void check_recoverable(const Manifest& manifest, const Survey& now,
                       const std::vector<Outsider>& outsiders);

// Throws, with what to do about it, when the server's process has ended.
void must_run(const Manifest& manifest, const ServerEntry& server);

// One line for people, or the object for programs.
void print_outcome(const Options& options, const std::string& line, nlohmann::ordered_json object);

}  // namespace starling::ctl
