// Holds WatchServers open to the primary and to one backup.
#include "sdk/src/watcher.h"

#include <algorithm>
#include <vector>

#include "sdk/src/convert.h"
#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

constexpr milliseconds kFirstMessageTimeout{600};
constexpr milliseconds kProbeTimeout{300};
constexpr milliseconds kMinRetry{20};
constexpr milliseconds kMaxRetry{250};
constexpr milliseconds kSlack{25};  // On top of three beats, for the scheduler.
constexpr int kMissedBeats = 3;
constexpr milliseconds kWithoutQuorum{200};  // Longer than an election takes to be told of.
constexpr std::size_t kSearching = 3;        // Streams tried at once while no server is heard.
constexpr int kUnimplemented = static_cast<int>(grpc::StatusCode::UNIMPLEMENTED);

}  // namespace

Watcher::Watcher(CallHomePtr home, ChannelPool& channels, View& view, std::string client_name,
                 Hooks hooks)
    : home_(std::move(home)),
      channels_(channels),
      view_(view),
      client_name_(std::move(client_name)),
      hooks_(std::move(hooks)) {}

void Watcher::start() {
  rebalance();
  timer_ = home_->loop.after(kTick, [this] { tick(); });
}

void Watcher::close() {
  closed_ = true;
  *alive_ = false;
  home_->loop.cancel(timer_);
  for (auto& [address, slot] : slots_) slot.reader->cancel();
  slots_.clear();
}

void Watcher::tick() {
  if (closed_) return;
  check_stale(SteadyClock::now());
  rebalance();
  hooks_.tick();
  if (!closed_) timer_ = home_->loop.after(kTick, [this] { tick(); });
}

bool Watcher::any_live() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const auto& s) { return s.second.live; });
}

bool Watcher::any_quorum() const {
  return std::any_of(slots_.begin(), slots_.end(), [this](const auto& entry) {
    return entry.second.live && view_.health(entry.first).has_quorum;
  });
}

bool Watcher::may_open(const std::string& address) const {
  if (slots_.contains(address)) return false;
  const auto found = retries_.find(address);
  return found == retries_.end() || found->second.next <= SteadyClock::now();
}

void Watcher::rebalance() {
  if (closed_) return;
  const std::vector<std::string> candidates = view_.candidates();
  const auto known = [&candidates](const std::string& address) {
    return std::find(candidates.begin(), candidates.end(), address) != candidates.end();
  };
  const std::string& primary = view_.primary_address();
  const bool have_primary = !primary.empty() && known(primary);
  if (have_primary && may_open(primary)) open(primary);
  std::set<std::string> kept = hooks_.streaming();
  for (const std::string& address : kept) {
    if (known(address) && may_open(address)) open(address);
  }
  // One live backup; further streams stay until both are settled, since news may come by them
  // first.
  std::vector<std::string> backups;
  for (const auto& [address, slot] : slots_) {
    if (address != primary && slot.live && known(address)) backups.push_back(address);
  }
  const auto settled = slots_.find(primary);
  const bool primary_live = have_primary && settled != slots_.end() && settled->second.live;
  if (backups.empty()) {
    const std::string backup = pick_backup();
    if (!backup.empty()) open(backup);
  }
  if (!any_live()) open_candidates(kSearching);
  // Those that are heard hear no quorum: a partition may have left another side with one.
  const bool quorum = any_quorum();
  if (quorum || !any_live()) quorum_at_ = SteadyClock::now();
  if (SteadyClock::now() - quorum_at_ > kWithoutQuorum) open_candidates(slots_.size() + 1);
  if (!primary_live || backups.empty() || !quorum) return;
  const bool kept_backup = std::any_of(backups.begin(), backups.end(),
                                       [&kept](const auto& one) { return kept.contains(one); });
  if (!kept_backup) {
    const auto well = std::find_if(backups.begin(), backups.end(), [this](const auto& one) {
      return view_.health(one).has_quorum;
    });
    kept.insert(well == backups.end() ? backups.front() : *well);
  }
  kept.insert(primary);
  std::vector<std::string> extra;
  for (const auto& [address, slot] : slots_) {
    if (!kept.contains(address)) extra.push_back(address);
  }
  for (const std::string& address : extra) {
    view_.health(address).live = false;
    close_slot(address);
  }
}

std::string Watcher::pick_backup() const {
  // One attempt at a time is enough beside a primary that is heard.
  std::vector<std::string> choice;
  std::size_t opening = 0;
  for (const auto& [address, slot] : slots_) {
    if (address != view_.primary_address() && !slot.live) ++opening;
  }
  if (opening >= 1) return "";
  for (const bool want_well : {true, false}) {
    for (const std::string& address : view_.candidates()) {
      if (address == view_.primary_address() || !may_open(address)) continue;
      const auto failed = retries_.find(address);
      const bool well = failed == retries_.end() || failed->second.failures == 0;
      if (well == want_well) choice.push_back(address);
    }
    if (!choice.empty()) return choice[random_below_or_at(choice.size() - 1)];
  }
  return "";
}

void Watcher::open_candidates(std::size_t most) {
  std::vector<std::string> choice;
  for (const std::string& address : view_.candidates()) {
    if (may_open(address)) choice.push_back(address);
  }
  std::stable_sort(choice.begin(), choice.end(), [this](const auto& a, const auto& b) {
    const auto left = retries_.find(a);
    const auto right = retries_.find(b);
    return (left == retries_.end() ? 0 : left->second.failures) <
           (right == retries_.end() ? 0 : right->second.failures);
  });
  for (const std::string& address : choice) {
    if (slots_.size() >= most) return;
    open(address);
  }
}

void Watcher::open(const std::string& address) {
  Slot slot;
  slot.opened_at = SteadyClock::now();
  slot.heard_at = slot.opened_at;
  slot.reader = std::make_shared<Reader>(
      home_, [this, address](v1::WatchServersResponse& message) { heard(address, message); },
      [this, address](const Failure& failure) { ended(address, failure); });
  const EndpointPtr endpoint = channels_.get(address);
  v1::WatchServersRequest request;
  request.set_client(client_name_);
  slot.reader->start([&](auto* context, auto* reactor) {
    endpoint->cluster->async()->WatchServers(context, &request, reactor);
  });
  slots_[address] = std::move(slot);
}

void Watcher::close_slot(const std::string& address) {
  const auto found = slots_.find(address);
  if (found == slots_.end()) return;
  found->second.reader->cancel();
  slots_.erase(found);
}

void Watcher::heard(const std::string& address, const v1::WatchServersResponse& message) {
  const auto found = slots_.find(address);
  if (found == slots_.end()) return;
  Slot& slot = found->second;
  if (message.has_servers()) {
    ServerList list = from_wire(message.servers());
    if (view_.of_other_cluster(list) && !adopt(address, list)) return;
  }
  slot.heard_at = SteadyClock::now();
  slot.probed = false;
  if (message.beat_interval_ms() > 0) slot.interval = milliseconds(message.beat_interval_ms());
  const bool first = !slot.live;
  slot.live = true;
  if (first) retries_.erase(address);
  Health& health = view_.health(address);
  if (message.role() == v1::ROLE_PRIMARY && message.has_quorum()) health.led_at = slot.heard_at;
  const bool was_well = health.live && !health.suspect && !health.lost && !health.draining;
  const bool started_draining = message.draining() && !health.draining;
  health.has_quorum = message.has_quorum();
  health.draining = message.draining();
  view_.mark_live(address);
  view_.heard_own(address);
  view_.heard_time(message.time_ms());
  const bool listed = message.has_servers() && view_.accept(from_wire(message.servers()));
  if (message.role() == v1::ROLE_PRIMARY) {
    view_.primary_heard(address, message.server_id(), message.term());
  }
  slot.reader->read();  // Reuses the message: nothing of it is looked at from here on.
  hooks_.news(listed);
  if (started_draining) hooks_.draining(address);
  if (listed || !was_well || started_draining) hooks_.changed();
  if (first || listed) rebalance();
}

// True when that cluster has taken the place of the one this client knew; else its server is left.
bool Watcher::adopt(const std::string& address, const ServerList& list) {
  view_.heard_other(address, list.cluster_id);
  if (view_.replaced_by(list.cluster_id)) {
    view_.begin_anew();
    return true;
  }
  close_slot(address);
  give_up(address);
  return false;
}

void Watcher::ended(const std::string& address, const Failure& failure) {
  const auto found = slots_.find(address);
  if (found == slots_.end()) return;
  slots_.erase(found);
  if (static_cast<int>(failure.code) == kUnimplemented && !failure.typed) {
    not_starling_.insert(address);
    const std::vector<std::string> all = view_.candidates();
    if (std::all_of(all.begin(), all.end(),
                    [this](const std::string& one) { return not_starling_.contains(one); })) {
      hooks_.refused("What answers there is not a Starling server.");
    }
  }
  if (unknown_host(failure)) view_.host_unknown(address);
  give_up(address);
}

void Watcher::backoff_for(const std::string& address) {
  Retry& retry = retries_[address];
  const milliseconds delay = kMinRetry + backoff(retry.failures, kMinRetry, kMaxRetry);
  retry.next = SteadyClock::now() + delay;
  retry.failures = std::min(retry.failures + 1, 20);
  if (retries_.size() <= view_.candidates().size()) return;
  std::erase_if(retries_, [this](const auto& entry) {
    const std::vector<std::string> all = view_.candidates();
    return std::find(all.begin(), all.end(), entry.first) == all.end();
  });
}

// The stream is gone, or the server does not answer: others are asked from now on.
void Watcher::give_up(const std::string& address) {
  backoff_for(address);
  view_.mark_lost(address);
  hooks_.lost(address);
  rebalance();
  hooks_.changed();
}

void Watcher::check_stale(TimePoint now) {
  std::vector<std::string> silent;
  std::vector<std::string> mute;
  for (auto& [address, slot] : slots_) {
    if (!slot.live) {
      if (now - slot.opened_at > kFirstMessageTimeout) mute.push_back(address);
      continue;
    }
    if (slot.interval.count() == 0 || slot.probing) continue;
    const auto patience = kMissedBeats * slot.interval + kSlack;
    if (now - slot.heard_at <= patience) continue;
    // Alive by its own word, yet the stream is silent: the stream is what is broken.
    (slot.probed ? mute : silent).push_back(address);
  }
  for (const std::string& address : mute) {
    close_slot(address);
    give_up(address);
  }
  for (const std::string& address : silent) probe(address);
}

void Watcher::probe(const std::string& address) {
  Slot& slot = slots_[address];
  slot.probing = true;
  view_.health(address).suspect = true;
  struct Probe {
    grpc::ClientContext context;
    v1::HealthCheckRequest request;
    v1::HealthCheckResponse response;
    EndpointPtr endpoint;
  };
  auto probe = std::make_shared<Probe>();
  probe->endpoint = channels_.get(address);
  probe->context.set_deadline(std::chrono::system_clock::now() + kProbeTimeout);
  home_->calls.add();
  auto done = [this, owner = probe, address, home = home_,
               alive = alive_](const grpc::Status& status) mutable {
    hand_over(home, [this, owner = std::move(owner), address, alive, status] {
      if (*alive) probe_answered(address, status);
    });
  };
  probe->endpoint->cluster->async()->HealthCheck(&probe->context, &probe->request, &probe->response,
                                                 std::move(done));
  hooks_.changed();
}

void Watcher::probe_answered(const std::string& address, const grpc::Status& status) {
  const auto found = slots_.find(address);
  if (found == slots_.end() || !found->second.probing) return;
  found->second.probing = false;
  if (status.ok()) {
    found->second.heard_at = SteadyClock::now();
    found->second.probed = true;
    view_.mark_live(address);
    hooks_.changed();
    return;
  }
  close_slot(address);
  give_up(address);
}

}  // namespace starling::sdk
