// clusterctl join, leave and transfer: what changes the members and the primacy.
#include <algorithm>
#include <filesystem>

#include "clusterctl/commands.h"
#include "clusterctl/failure.h"
#include "clusterctl/render.h"

namespace starling::ctl {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kJoinTimeout{60};
constexpr std::chrono::seconds kChangeTimeout{30};
constexpr std::chrono::seconds kTransferTimeout{10};
// A server that was resumed or restarted just now is soon counted as up.
constexpr std::chrono::seconds kStatePatience{2};

// What starlingd would refuse, in words that fit clusterctl.
void check_allowed(const Manifest& manifest, const ServerEntry& server) {
  const auto address = parse_address(server.address);
  if (!address || is_loopback(address->host)) return;
  const auto& flags = manifest.flags;
  if (std::find(flags.begin(), flags.end(), "--insecure") != flags.end()) return;
  throw Failure(kFailed, address->host +
                             " is beyond loopback, and there is no TLS: anybody there could read "
                             "and write. If that network is trusted, allow it with: " +
                             manifest.command("up --insecure"));
}

// Only the joiner counts: another server may well be down meanwhile.
void wait_until_voter(Cluster& cluster, const std::string& name, Clock::time_point deadline) {
  while (true) {
    const Survey now = survey(cluster.manifest());
    cluster.learn(now);
    const auto* view = now.find(name);
    const Server* member = now.listed(view->entry.address);
    if (now.primary && member != nullptr && member->voter && view->answer) return;
    if (view->process == ProcessState::kExited) {
      throw Failure(kFailed, cluster.ended_text(name, "joining"));
    }
    if (Clock::now() >= deadline) {
      throw Failure(now.quorum_ok ? kFailed : kNoQuorum, name + " did not become a voter in time");
    }
    pause_between_polls();
  }
}

// Puts the server's directory aside; empty when it had none.
std::string put_aside(const Manifest& manifest, const std::string& server) {
  if (!fs::exists(manifest.server_dir(server))) return "";
  std::string aside;
  for (int n = 1; aside.empty() || fs::exists(manifest.dir + "/" + aside); ++n) {
    aside = server + ".left-" + std::to_string(n);
  }
  std::error_code error;
  fs::rename(manifest.server_dir(server), manifest.dir + "/" + aside, error);
  if (error) throw Failure(kFailed, "cannot put its data aside: " + error.message());
  return aside;
}

// Nothing is accepted while a primary tries to hand over: a target that cannot take it is refused
// before.
void check_target(const Manifest& manifest, const ServerEntry& target) {
  must_run(manifest, target);
  if (process_state(target.process) != ProcessState::kPaused) return;
  throw Failure(kFailed, target.name + " is paused; resume it first: " +
                             manifest.command("resume " + target.name));
}

// The primary's word on the target: nothing while it may soon be better, else the id to ask for.
std::optional<std::uint64_t> transferable(const Manifest& manifest, const Survey& now,
                                          const ServerEntry& target, bool patient) {
  const Server* member = now.listed(target.address);
  if (member == nullptr) throw Failure(kFailed, target.name + " is not a member");
  if (!member->voter) throw Failure(kFailed, target.name + " does not vote yet");
  if (member->state == ServerState::kUp) return member->id;
  if (patient) return std::nullopt;
  throw Failure(kFailed, target.name + " is not up in the list of " + now.primary->entry.name +
                             ", the primary; look at: " + manifest.command("status"));
}

// Out of the list of whoever is primary then.
void take_out(Cluster& cluster, const ServerEntry& leaving, std::uint64_t id) {
  const auto deadline = Clock::now() + kChangeTimeout;
  const Survey now = cluster.wait_for_primary(deadline);
  auto left = admin::leave(now.primary->entry.address, id, kChangeTimeout);
  if (!left.ok()) throw Failure(kFailed, leaving.name + " cannot leave: " + left.error().message);
  while (true) {
    const Survey after = cluster.wait_for_primary(deadline);
    const auto& listed = after.list.servers;
    if (std::none_of(listed.begin(), listed.end(), [id](auto& one) { return one.id == id; }))
      return;
    if (Clock::now() >= deadline) throw Failure(kFailed, leaving.name + " is still in the list");
    pause_between_polls();
  }
}

}  // namespace

int run_join(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  ServerEntry& server = cluster.add_server(options.address);
  const std::string name = server.name;
  cluster.check_address_free(server);
  check_allowed(manifest, server);
  const auto deadline = Clock::now() + kJoinTimeout;
  try {
    cluster.start(server);
    cluster.wait_until_serving(server, deadline);
    wait_until_voter(cluster, name, deadline);
  } catch (const Failure& failure) {
    cluster.stop(std::vector<std::string>{name});
    const bool forgotten = cluster.forget_if_no_member(name);
    save_manifest(manifest);
    std::string sentence = failure.what() + ("\n" + name);
    if (forgotten) {
      sentence += " is no member; nothing is left of it";
    } else {
      sentence += " is stopped; try it again with: " + manifest.command("restart " + name) +
                  ", or take it out with: " + manifest.command("leave " + name);
    }
    throw Failure(failure.exit_code(), sentence);
  }
  save_manifest(manifest);
  print_outcome(options, name + " joined as " + server.address,
                {{"server", name},
                 {"address", server.address},
                 {"id", hex(server.id)},
                 {"pid", server.process.pid}});
  return kDone;
}

int run_leave(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  auto& manifest = cluster.manifest();
  const ServerEntry leaving = cluster.resolve(options.server);
  if (manifest.servers.size() == 1) {
    throw Failure(kFailed, leaving.name + " is the only server; end the cluster with: " +
                               manifest.command("down"));
  }
  const Survey now = cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  // What it was before its data was lost goes too, and first.
  for (const auto& server : now.former()) {
    if (server.address == leaving.address) take_out(cluster, leaving, server.id);
  }
  if (const Server* member = now.listed(leaving.address); member != nullptr) {
    take_out(cluster, leaving, member->id);
  }
  cluster.stop(std::vector<std::string>{leaving.name});
  const std::string aside = put_aside(manifest, leaving.name);
  const std::string data = aside.empty() ? "" : manifest.dir + "/" + aside;
  if (!aside.empty()) manifest.kept_aside.push_back(aside);
  std::erase_if(manifest.servers, [&](const auto& s) { return s.name == leaving.name; });
  manifest.faults.forget(leaving.name);
  save_manifest(manifest);
  print_outcome(
      options,
      leaving.name + " left; " + (data.empty() ? "it had no data" : "its data is in " + data),
      {{"server", leaving.name},
       {"address", leaving.address},
       {"id", leaving.id == 0 ? "" : hex(leaving.id)},
       {"data", data}});
  return kDone;
}

int run_transfer(const Options& options) {
  auto opened = open_for_change(options);
  auto& cluster = opened.cluster;
  const auto& manifest = cluster.manifest();
  const ServerEntry target = cluster.resolve(options.server);
  const auto begun = Clock::now();
  std::string refused;
  std::string before;
  while (true) {
    check_target(manifest, target);
    const Survey now = cluster.wait_for_primary(begun + kPrimaryTimeout);
    if (before.empty()) before = now.primary->entry.name;
    if (now.primary->entry.name == target.name) break;
    const bool patient = Clock::now() < begun + kStatePatience;
    const auto id = transferable(manifest, now, target, patient);
    if (id) {
      auto moved = admin::transfer(now.primary->entry.address, *id, kTransferTimeout);
      if (!moved.ok()) refused = moved.error().message;
      break;
    }
    pause_between_polls();
  }
  const Survey now = cluster.wait_for_primary(Clock::now() + kPrimaryTimeout);
  if (now.primary->entry.name != target.name) {
    throw Failure(kFailed, "the primacy stays with " + now.primary->entry.name +
                               (refused.empty() ? "" : ": " + refused));
  }
  save_manifest(manifest);
  print_outcome(
      options, target.name + " is the primary, term " + std::to_string(now.primary->answer->term),
      {{"primary", target.name}, {"before", before}, {"term", now.primary->answer->term}});
  return kDone;
}

}  // namespace starling::ctl
