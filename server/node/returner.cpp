// See returner.h.
#include "server/node/returner.h"

#include <algorithm>
#include <utility>

#include "server/transport/join_client.h"
#include "server/transport/probe.h"

namespace starling::node {
namespace {

constexpr auto kLook = std::chrono::milliseconds(1'000);
constexpr auto kProbe = std::chrono::milliseconds(500);
constexpr auto kAsk = std::chrono::seconds(5);

}  // namespace

Returner::Returner(const storage::Identity& self, std::string address, Hooks hooks)
    : self_(self), address_(std::move(address)), hooks_(std::move(hooks)) {}

Returner::~Returner() { stop(); }

void Returner::start() {
  thread_ = std::thread([this] { run(); });
}

void Returner::stop() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
  }
  condition_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Returner::look_at(std::string address) {
  {
    MutexLock lock(mutex_);
    heard_ = std::move(address);
  }
  condition_.notify_all();
}

std::string Returner::wait() {
  MutexLock lock(mutex_);
  const SteadyTime until = std::chrono::steady_clock::now() + kLook;
  while (!stop_ && heard_.empty() && std::chrono::steady_clock::now() < until) {
    condition_.wait_until(mutex_, until);
  }
  return std::exchange(heard_, {});
}

bool Returner::in_newer_epoch(const std::string& target) const {
  transport::ProbeResult found;
  return transport::probe_server(target, std::chrono::steady_clock::now() + kProbe, found) &&
         found.cluster == self_.cluster && found.epoch > self_.epoch;
}

void Returner::run() {
  while (!stop_) {
    const std::string heard = wait();
    if (!heard.empty() && !stop_ && in_newer_epoch(heard)) {
      hooks_.say("the cluster goes on in a later epoch at " + heard);
      hooks_.newer_epoch(heard);
      return;
    }
    for (const std::string& target : hooks_.ask()) {
      if (stop_) return;
      if (!let_go_by(target)) continue;
      ask_back_in(target);
      break;
    }
  }
}

bool Returner::let_go_by(const std::string& target) const {
  transport::ProbeResult found;
  if (!transport::probe_server(target, std::chrono::steady_clock::now() + kProbe, found)) {
    return false;
  }
  const auto& listed = found.servers.servers;
  return found.cluster == self_.cluster && found.epoch == self_.epoch && found.has_quorum &&
         std::none_of(listed.begin(), listed.end(), [this](const transport::ListedServer& server) {
           return server.id == self_.id;
         });
}

void Returner::ask_back_in(const std::string& target) {
  hooks_.say("the cluster goes on without this server: asking " + target + " to take it in again");
  transport::JoinRequest ask;
  ask.targets = {target};
  ask.id = self_.id;
  ask.address = address_;
  ask.returning = true;
  ask.cluster = self_.cluster;
  ask.epoch = self_.epoch;
  ask.deadline = std::chrono::steady_clock::now() + kAsk;
  ask.stop = &stop_;
  // The header comes once the change has committed; the log itself comes the usual way.
  bool taken = false;
  transport::JoinCallbacks callbacks;
  callbacks.on_header = [&](const transport::ServerList& list, core::Index) {
    taken = list.cluster == self_.cluster;
    return false;
  };
  callbacks.on_entries = [](const std::vector<core::EntryPtr>&) { return false; };
  std::string error;
  (void)transport::join_network(ask, callbacks, error);  // Stopped by the callback above.
  hooks_.say(taken ? "the cluster has taken this server in again, as a learner first"
                   : "the cluster has not taken this server in again: " + error);
}

}  // namespace starling::node
