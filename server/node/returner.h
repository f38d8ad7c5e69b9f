// The way back of a server that the others have let go while it was away (R3.4): it finds no
// primary, and asks whether the cluster goes on without it.
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
  };
  Returner(const storage::Identity& self, std::string address, Hooks hooks);
  ~Returner();

  void start();
  void stop();

 private:
  void run();
  // Whether a cluster with a quorum answers there that does not list this server.
  bool let_go_by(const std::string& target) const;
  void ask_back_in(const std::string& target);

  const storage::Identity self_;
  const std::string address_;
  const Hooks hooks_;
  Mutex mutex_;
  Condition condition_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace starling::node
