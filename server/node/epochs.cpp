// See epochs.h. What makes a recovery safe against a crash is its order: the identity names the new
// epoch first, so that the members of the old one and this server never hear one another again
// (R3.2); only then the log gets the configuration that makes it the only voter.
#include "server/node/epochs.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "server/node/check.h"
#include "server/transport/probe.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

constexpr auto kProbeTime = std::chrono::milliseconds(500);
constexpr auto kProbePause = std::chrono::milliseconds(100);

bool failed(const storage::Status& status, std::string& error) {
  if (!status.ok()) error = status.message();
  return !status.ok();
}

// The entry with which the epoch begins: this server votes alone.
bool begin_with_this_server(const StartRequest& request, Opened& out, std::string& error) {
  core::Restored found;
  if (failed(out.log->restore(out.store->applied_index(), found), error)) return false;
  core::Configuration alone;
  alone.members.push_back({out.identity.id, request.address, true});
  const bool there = !found.configurations.empty() &&
                     found.configurations.back().first == found.last_index &&
                     found.configurations.back().second == alone;
  if (there) return true;
  const core::Term last_term =
      found.term_runs.empty() ? found.base_term : found.term_runs.back().second;
  core::Entry entry;
  entry.term = std::max(out.vote->value().term, last_term) + 1;
  entry.index = found.last_index + 1;
  entry.kind = core::EntryKind::kConfiguration;
  entry.stamp_ms = found.last_stamp_ms;
  entry.data = core::encode(alone);
  if (failed(out.vote->write({entry.term, out.identity.id}), error)) return false;
  core::PersistEntries batch;
  batch.accepting_term = entry.term;
  batch.entries.push_back(std::make_shared<const core::Entry>(std::move(entry)));
  return !failed(out.log->append({batch}), error);
}

}  // namespace

bool recover(const StartRequest& request, Opened& out, std::string& error) {
  storage::Identity& identity = out.identity;
  NODE_CHECK(!identity.joining, "a server that has not joined has nothing to recover");
  if (identity.recovering && request.recover != 0 && request.recover != identity.epoch) {
    error = fmt::format(
        "--recover {} cannot be: the data directory {} has begun epoch {} and not finished that. "
        "Start this server with --recover {} first",
        request.recover, request.data, identity.epoch, identity.epoch);
    return false;
  }
  if (!identity.recovering) {
    if (request.recover == 0) return true;
    if (request.recover == identity.epoch) {
      spdlog::info("epoch {} has begun already: --recover is not needed any more", identity.epoch);
      return true;
    }
    if (request.recover < identity.epoch) {
      error = fmt::format("--recover {} cannot be: the data directory {} is of epoch {} already",
                          request.recover, request.data, identity.epoch);
      return false;
    }
    identity.epoch = request.recover;
    identity.recovering = true;
    identity.address = request.address;
    if (failed(out.directory->write_identity(identity), error)) return false;
  }
  if (!begin_with_this_server(request, out, error)) return false;
  identity.recovering = false;
  if (failed(out.directory->write_identity(identity), error)) return false;
  spdlog::warn("epoch {} begins: this server {:016x} goes on alone with all that its log holds",
               identity.epoch, identity.id);
  return true;
}

std::optional<NewerEpoch> find_newer_epoch(const std::vector<std::string>& targets,
                                           const storage::Identity& self, core::Epoch least) {
  std::vector<transport::ProbeResult> found(targets.size());
  std::vector<std::thread> askers;
  const auto deadline = std::chrono::steady_clock::now() + kProbeTime;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    askers.emplace_back([&, i] {
      if (!transport::probe_server(targets[i], deadline, found[i])) found[i] = {};
    });
  }
  for (std::thread& asker : askers) asker.join();
  least = std::max(least, self.epoch + 1);
  std::optional<NewerEpoch> newest;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (found[i].cluster != self.cluster || found[i].epoch < least) continue;
    if (newest && newest->epoch > found[i].epoch) continue;
    if (!newest || newest->epoch < found[i].epoch) newest = NewerEpoch{found[i].epoch, {}};
    std::vector<std::string>& addresses = newest->addresses;
    addresses.insert(found[i].has_quorum ? addresses.begin() : addresses.end(), targets[i]);
  }
  return newest;
}

std::optional<NewerEpoch> find_wanted_epoch(const StartRequest& request,
                                            const storage::Identity& self,
                                            std::chrono::steady_clock::time_point deadline) {
  storage::Identity before;
  before.cluster = self.wanted_cluster;
  for (;;) {
    auto found = find_newer_epoch(request.join, before, self.least_epoch);
    const bool stopped = request.stop != nullptr && *request.stop;
    if (found || stopped || std::chrono::steady_clock::now() >= deadline) return found;
    std::this_thread::sleep_for(kProbePause);
  }
}

}  // namespace starling::node
