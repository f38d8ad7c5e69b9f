// What the client believes of the cluster.
#include "sdk/src/view.h"

#include <algorithm>
#include <tuple>

#include "sdk/src/fields.h"
#include "sdk/src/random.h"

namespace starling::sdk {
namespace {

// After this a lost server may be tried again beside the unknown ones.
constexpr milliseconds kLostMemory{2'000};
// No server of one's own cluster for as long as this, and it may have been made anew.
constexpr milliseconds kReplaced{5'000};

auto age_of(const ServerList& list) { return std::tie(list.epoch, list.term, list.version); }

}  // namespace

View::View(std::vector<std::string> seeds, bool discover)
    : seeds_(std::move(seeds)), discover_(discover) {}

bool View::accept(ServerList list) {
  // A server that has just lost its primary keeps the list, without a primary: of two equally old
  // ones the one that names a primary says more.
  const bool says_more =
      have_list_ && age_of(list) == age_of(list_) && list_.primary_id == 0 && list.primary_id != 0;
  if (have_list_ && !says_more && age_of(list) <= age_of(list_)) return false;
  if (have_list_ && list.epoch > list_.epoch) {
    primary_term_ = 0;
    // What was read of the history that has ended is no place in the new one.
    if (token_epoch_ < list.epoch) {
      token_epoch_ = 0;
      token_index_ = 0;
    }
  }
  // An address that is none is never dialled: gRPC might read another target in it.
  std::erase_if(list.servers, [](const Server& server) { return !is_address(server.address); });
  list_ = std::move(list);
  have_list_ = true;
  std::string named;
  for (const Server& server : list_.servers) {
    if (server.id == list_.primary_id && server.id != 0) named = server.address;
  }
  if (list_.term >= primary_term_) {
    if (!named.empty() && (named != primary_ || list_.term > primary_term_)) {
      // News of a reign newer than the loss: it is back.
      if (list_.term > primary_term_) health_[named].lost = false;
      set_primary(named, list_.term);
    } else if (named.empty() && list_.term > primary_term_) {
      set_primary("", list_.term);
    }
  }
  std::erase_if(health_, [this](const auto& entry) {
    return !listed(entry.first) &&
           std::find(seeds_.begin(), seeds_.end(), entry.first) == seeds_.end();
  });
  publish();
  return true;
}

bool View::of_other_cluster(const ServerList& list) const {
  return have_list_ && list.cluster_id != list_.cluster_id;
}

void View::heard_other(const std::string& address, std::uint64_t cluster) {
  others_[address] = cluster;
  if (primary_ == address) set_primary("", primary_term_);
  publish();
}

void View::heard_own(const std::string& address) {
  own_heard_at_ = SteadyClock::now();
  if (others_.erase(address) > 0) publish();
}

bool View::replaced_by(std::uint64_t cluster) const {
  if (SteadyClock::now() - own_heard_at_ < kReplaced) return false;
  return std::all_of(seeds_.begin(), seeds_.end(), [&](const std::string& seed) {
    const auto found = others_.find(seed);
    return found != others_.end() && found->second == cluster;
  });
}

void View::begin_anew() {
  list_ = {};
  have_list_ = false;
  set_primary("", 0);
  health_.clear();
  others_.clear();
  token_epoch_ = 0;
  token_index_ = 0;
  as_of_ms_ = 0;
}

std::vector<std::string> View::others() const {
  std::vector<std::string> all;
  for (const auto& [address, cluster] : others_) all.push_back(address);
  return all;
}

void View::primary_heard(const std::string& address, std::uint64_t id, std::uint64_t term) {
  if (term < primary_term_ || (term == primary_term_ && primary_ == address)) return;
  std::string named = address;
  for (const Server& server : list_.servers) {
    if (server.id == id) named = server.address;
  }
  if (term == primary_term_ && primary_ == named) return;
  set_primary(named, term);
  publish();
}

void View::hint(const std::string& address) {
  if (!is_address(address) || address == primary_ || others_.contains(address)) return;
  if (!primary_.empty() && !health_[primary_].lost) return;
  const auto found = health_.find(address);
  if (found != health_.end() && found->second.lost) return;
  set_primary(address, primary_term_);
  publish();
}

void View::set_primary(std::string address, std::uint64_t term) {
  primary_ = std::move(address);
  primary_term_ = term;
}

void View::mark_live(const std::string& address) {
  Health& health = health_[address];
  health.live = true;
  health.suspect = false;
  health.lost = false;
  health.avoid_until = {};
}

void View::mark_lost(const std::string& address) {
  Health& health = health_[address];
  health.live = false;
  health.suspect = false;
  health.lost = true;
  health.draining = false;
  health.lost_at = SteadyClock::now();
}

void View::avoid(const std::string& address, milliseconds time) {
  health_[address].avoid_until = SteadyClock::now() + time;
}

bool View::listed(const std::string& address) const {
  return std::any_of(list_.servers.begin(), list_.servers.end(),
                     [&](const Server& server) { return server.address == address; });
}

bool View::allowed(const std::string& address) const {
  return discover_ || std::find(seeds_.begin(), seeds_.end(), address) != seeds_.end();
}

std::vector<std::string> View::candidates() const {
  std::vector<std::string> all;
  for (const Server& server : list_.servers) {
    if (allowed(server.address)) all.push_back(server.address);
  }
  for (const std::string& seed : seeds_) {
    if (std::find(all.begin(), all.end(), seed) == all.end()) all.push_back(seed);
  }
  return all;
}

bool View::primary_usable() const {
  if (primary_.empty() || !allowed(primary_) || others_.contains(primary_)) return false;
  const auto found = health_.find(primary_);
  if (found == health_.end()) return true;
  const Health& health = found->second;
  return !health.lost && !health.suspect && !health.draining &&
         health.avoid_until <= SteadyClock::now();
}

int View::penalty(const std::string& address, const std::string& avoid) const {
  int sum = address == avoid ? 4 : 0;
  for (const Server& server : list_.servers) {
    if (server.address == address && server.state == ServerState::kDown) sum += 4;
  }
  if (have_list_ && !listed(address)) sum += 3;  // A seed that may have left the cluster.
  const auto found = health_.find(address);
  if (found == health_.end()) return sum + 2;
  const Health& health = found->second;
  const TimePoint now = SteadyClock::now();
  if (!health.live) sum += 2;
  if (health.suspect) sum += 3;
  if (health.draining) sum += 3;
  if (!health.has_quorum) sum += 1;
  if (health.lost) sum += health.lost_at + kLostMemory > now ? 6 : 2;
  if (health.avoid_until > now) sum += 4;
  return sum;
}

std::string View::pick(const std::string& avoid) {
  if (primary_usable() && primary_ != avoid) return primary_;
  std::string best;
  int best_penalty = 0;
  std::uint64_t equals = 0;
  for (const std::string& address : candidates()) {
    if (others_.contains(address)) continue;
    const int cost = penalty(address, avoid);
    if (best.empty() || cost < best_penalty) {
      best = address;
      best_penalty = cost;
      equals = 1;
    } else if (cost == best_penalty && random_below_or_at(equals++) == 0) {
      best = address;
    }
  }
  return best;
}

std::string View::pick_stream(const std::string& avoid) {
  std::string best;
  int best_penalty = 0;
  for (const std::string& address : candidates()) {
    if (others_.contains(address)) continue;
    // The primary has the most to do already.
    const int cost = 2 * penalty(address, avoid) + (address == primary_ ? 1 : 0);
    if (best.empty() || cost < best_penalty) {
      best = address;
      best_penalty = cost;
    }
  }
  return best;
}

void View::heard(const v1::ResponseHeader& header) {
  const v1::ReadToken& token = header.token();
  if (of_other_history(token.cluster_id(), token.epoch())) return;
  heard(token.epoch(), token.index());
  heard_time(header.time_ms());
}

void View::heard(const Cursor& place) {
  if (!of_other_history(place.cluster, place.epoch)) heard(place.epoch, place.index);
}

// A call that was under way while the cluster was recovered or made anew may answer for the old
// one.
bool View::of_other_history(std::uint64_t cluster, std::uint64_t epoch) const {
  return have_list_ && (epoch < list_.epoch || (cluster != 0 && cluster != list_.cluster_id));
}

void View::heard(std::uint64_t epoch, std::uint64_t index) {
  if (std::tie(epoch, index) > std::tie(token_epoch_, token_index_)) {
    token_epoch_ = epoch;
    token_index_ = index;
  }
}

void View::heard_time(std::int64_t time_ms) { as_of_ms_ = std::max(as_of_ms_, time_ms); }

v1::ReadToken View::token() const {
  v1::ReadToken token;
  token.set_cluster_id(list_.cluster_id);
  token.set_epoch(token_epoch_);
  token.set_index(token_index_);
  return token;
}

void View::publish() {
  MutexLock lock(mutex_);
  shown_list_ = list_;
  shown_have_list_ = have_list_;
  if (have_list_) {
    refusal_.clear();
    unknown_hosts_.clear();
  }
  shown_primary_ = primary_;
  changed_.notify_all();
}

ServerList View::list() const {
  MutexLock lock(mutex_);
  return shown_list_;
}

std::string View::primary() const {
  MutexLock lock(mutex_);
  return shown_primary_;
}

bool View::wait_for_primary(TimePoint deadline) {
  MutexLock lock(mutex_);
  while (shown_primary_.empty() && !closed_ && SteadyClock::now() < deadline) {
    changed_.wait_until(mutex_, deadline);
  }
  return !shown_primary_.empty() && !closed_;
}

bool View::wait_for_list(TimePoint deadline) {
  MutexLock lock(mutex_);
  while (!shown_have_list_ && !closed_ && refusal_.empty() && SteadyClock::now() < deadline) {
    changed_.wait_until(mutex_, deadline);
  }
  return shown_have_list_ && !closed_;
}

void View::close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool View::closed() const {
  MutexLock lock(mutex_);
  return closed_;
}

void View::refuse(std::string why) {
  MutexLock lock(mutex_);
  if (shown_have_list_) return;
  refusal_ = std::move(why);
  changed_.notify_all();
}

void View::host_unknown(const std::string& address) {
  MutexLock lock(mutex_);
  if (!shown_have_list_) unknown_hosts_.insert(address);
}

std::vector<std::string> View::unknown_hosts() const {
  MutexLock lock(mutex_);
  return {unknown_hosts_.begin(), unknown_hosts_.end()};
}

std::string View::refusal() const {
  MutexLock lock(mutex_);
  return refusal_;
}

}  // namespace starling::sdk
