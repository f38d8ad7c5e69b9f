// The way back of a server that the others went on without: they have let it go while it was away
// (R3.4), so that it finds no primary and asks; or they were recovered into a later epoch (R3.6).
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "server/core/core.h"
#include "server/node/sync.h"
#include "server/storage/storage.h"

namespace starling::node {

// Thread contract: start() and stop() by one caller in this order.
class Returner {
 public:
  struct Hooks {
    // The other members as this server knows them, while it counts itself among the members and has
    // found no primary for some time; else empty.
    std::function<std::vector<std::string>()> ask;
    std::function<void(const std::string& sentence)> say;
    // It is so, at this address. Called once; nothing is asked afterwards.
    std::function<void(const std::string& address)> newer_epoch;
  };
  Returner(const storage::Identity& self, std::string address, Hooks hooks);
  ~Returner();

  void start();
  void stop();
  // Somebody at this address said that the cluster is in a later epoch: looks there, soon.
  void look_at(std::string address);

 private:
  void run();
  // The address that somebody spoke from, if any, after at most a look's pause.
  std::string wait();
  bool in_newer_epoch(const std::string& target) const;
  // Whether a cluster with a quorum answers there that does not list this server.
  bool let_go_by(const std::string& target) const;
  void ask_back_in(const std::string& target);

  const storage::Identity self_;
  const std::string address_;
  const Hooks hooks_;
  Mutex mutex_;
  Condition condition_;
  std::string heard_ STARLING_GUARDED_BY(mutex_);
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace starling::node
