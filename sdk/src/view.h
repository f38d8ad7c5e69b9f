// What the client believes of the cluster: the newest server list, who the primary is, and how each
// server does as seen from here. Decides where the next attempt goes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sdk/src/loop.h"
#include "sdk/src/thread_annotations.h"
#include "starling/result.h"
#include "starling/types.h"
#include "starling/v1/chat.pb.h"

namespace starling::sdk {

// One server as this client sees it.
struct Health {
  bool live = false;      // A watch stream to it is open and beats.
  bool suspect = false;   // It missed beats; a health check is under way.
  bool lost = false;      // Its stream broke, or the check failed.
  bool draining = false;  // It said so.
  bool has_quorum = true;
  TimePoint lost_at{};
  std::optional<TimePoint> led_at;  // Its last beat as a primary that hears a majority.
  TimePoint avoid_until{};          // An attempt there failed just now.
};

// Lives on the loop's thread, except for what is said to be safe from any.
class View {
 public:
  View(std::vector<std::string> seeds, bool discover);

  // True when the list is newer than the one held, by (epoch, term, version).
  bool accept(ServerList list);
  // What a server of another cluster tells is not for this client: its address is dialled for news
  // only. When no server of its own cluster has been heard for a while, and all the addresses that
  // the user named are of one other cluster, then that one has been made in its place: the view
  // begins anew with it, which is what a new client would do.
  bool of_other_cluster(const ServerList& list) const;
  void heard_other(const std::string& address, std::uint64_t cluster);
  void heard_own(const std::string& address);
  bool replaced_by(std::uint64_t cluster) const;
  void begin_anew();
  // Addresses where another cluster answers.
  std::vector<std::string> others() const;

  // A server said of itself that it is the primary of `term`.
  void primary_heard(const std::string& address, std::uint64_t id, std::uint64_t term);
  // A refusal named the primary: believed while no better is known.
  void hint(const std::string& address);

  Health& health(const std::string& address) { return health_[address]; }
  void mark_live(const std::string& address);
  void mark_lost(const std::string& address);
  void avoid(const std::string& address, milliseconds time);

  // All that may be dialled for news: the listed servers, then the seeds.
  std::vector<std::string> candidates() const;
  bool listed(const std::string& address) const;
  const std::string& primary_address() const { return primary_; }
  bool primary_usable() const;
  std::uint64_t epoch() const { return list_.epoch; }
  // The primary when it is known and well, else the best of the others (a backup forwards). Never
  // empty but while only servers of another cluster are known; not `avoid` when there is another.
  std::string pick(const std::string& avoid = "");
  // For event streams: a backup that is well, else the primary.
  std::string pick_stream(const std::string& avoid = "");

  // What was heard of the history: the token that later reads carry (P6), and replicated time
  // (R4.1).
  void heard(const v1::ResponseHeader& header);
  void heard(const Cursor& place);
  void heard_time(std::int64_t time_ms);
  v1::ReadToken token() const;
  std::int64_t as_of_ms() const { return as_of_ms_; }

  // From any thread.
  ServerList list() const STARLING_EXCLUDES(mutex_);
  std::string primary() const STARLING_EXCLUDES(mutex_);
  // False when none was known by the deadline, or the view was closed.
  bool wait_for_primary(TimePoint deadline) STARLING_EXCLUDES(mutex_);
  // False as well while there is a refusal.
  bool wait_for_list(TimePoint deadline) STARLING_EXCLUDES(mutex_);
  // Wakes those who wait.
  void close() STARLING_EXCLUDES(mutex_);
  bool closed() const STARLING_EXCLUDES(mutex_);
  // Why there is no use in waiting for a first server; until one tells its list all the same.
  void refuse(std::string why) STARLING_EXCLUDES(mutex_);
  std::string refusal() const STARLING_EXCLUDES(mutex_);
  // Addresses whose host name nobody knows: a slip, most likely.
  void host_unknown(const std::string& address) STARLING_EXCLUDES(mutex_);
  std::vector<std::string> unknown_hosts() const STARLING_EXCLUDES(mutex_);

 private:
  bool allowed(const std::string& address) const;
  int penalty(const std::string& address, const std::string& avoid) const;
  void set_primary(std::string address, std::uint64_t term);
  void publish() STARLING_EXCLUDES(mutex_);
  bool of_other_history(std::uint64_t cluster, std::uint64_t epoch) const;
  void heard(std::uint64_t epoch, std::uint64_t index);

  const std::vector<std::string> seeds_;
  const bool discover_;
  ServerList list_;
  bool have_list_ = false;
  std::string primary_;
  std::uint64_t primary_term_ = 0;
  std::map<std::string, Health> health_;
  std::map<std::string, std::uint64_t> others_;  // Address -> the cluster that answers there.
  TimePoint own_heard_at_{};
  std::uint64_t token_epoch_ = 0;
  std::uint64_t token_index_ = 0;
  std::int64_t as_of_ms_ = 0;

  mutable Mutex mutex_;
  CondVar changed_;
  ServerList shown_list_ STARLING_GUARDED_BY(mutex_);
  std::string shown_primary_ STARLING_GUARDED_BY(mutex_);
  std::string refusal_ STARLING_GUARDED_BY(mutex_);
  std::set<std::string> unknown_hosts_ STARLING_GUARDED_BY(mutex_);
  bool shown_have_list_ STARLING_GUARDED_BY(mutex_) = false;
  bool closed_ STARLING_GUARDED_BY(mutex_) = false;
};

}  // namespace starling::sdk
