// Holds WatchServers open to the primary, to one backup and to whoever carries an event stream: the
// beats of one that is cut off say so, its silent event stream does not. A stream's beats are the
// standing health check; a broken stream is a dead process, a silent one is asked once more by a
// real HealthCheck.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "sdk/src/calls.h"
#include "sdk/src/channels.h"
#include "sdk/src/view.h"
#include "starling/v1/cluster.pb.h"

namespace starling::sdk {

// Everything runs on the loop's thread.
class Watcher {
 public:
  struct Hooks {
    std::function<void()> tick;                        // Every kTick.
    std::function<std::set<std::string>()> streaming;  // The servers that carry event streams.
    std::function<void(const std::string&)> lost;      // The process is gone, or hangs.
    std::function<void()> changed;                     // The view may pick differently now.
    std::function<void(bool listed)> news;  // A message: the primary or the list may be new.
    std::function<void(const std::string&)> draining;
    std::function<void(std::string)> refused;  // Nothing given is a Starling server.
  };
  static constexpr milliseconds kTick{50};

  Watcher(CallHomePtr home, ChannelPool& channels, View& view, std::string client_name,
          Hooks hooks);

  void start();
  void close();
  // A server is in doubt from elsewhere: opens or replaces streams at once.
  void rebalance();
  bool any_live() const;
  // A server that is heard and that hears a quorum.
  bool any_quorum() const;

 private:
  using Reader = StreamReader<v1::WatchServersResponse>;
  struct Slot {
    std::shared_ptr<Reader> reader;
    TimePoint opened_at{};
    TimePoint heard_at{};
    milliseconds interval{0};
    bool live = false;     // The first message came.
    bool probing = false;  // A HealthCheck is under way.
    bool probed = false;   // One succeeded since the last beat.
  };
  struct Retry {
    int failures = 0;
    TimePoint next{};
  };

  void tick();
  void open(const std::string& address);
  void close_slot(const std::string& address);
  void heard(const std::string& address, const v1::WatchServersResponse& message);
  bool adopt(const std::string& address, const ServerList& list);
  void ended(const std::string& address, const Failure& failure);
  void check_stale(TimePoint now);
  void probe(const std::string& address);
  void probe_answered(const std::string& address, const grpc::Status& status);
  void give_up(const std::string& address);
  void backoff_for(const std::string& address);
  std::string pick_backup() const;
  void open_candidates(std::size_t most);
  bool may_open(const std::string& address) const;

  const CallHomePtr home_;
  ChannelPool& channels_;
  View& view_;
  const std::string client_name_;
  const Hooks hooks_;
  std::map<std::string, Slot> slots_;
  std::map<std::string, Retry> retries_;
  std::set<std::string> not_starling_;
  TimePoint quorum_at_ = SteadyClock::now();  // When one was last heard of.
  Loop::TimerId timer_ = 0;
  bool closed_ = false;
  // Probes under way outlive nothing: their answers look here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace starling::sdk
