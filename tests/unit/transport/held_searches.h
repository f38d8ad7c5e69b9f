// Searches that take as long as a test wants.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "server/search/index.h"

namespace starling::transport {

// Thread contract: every call is thread-safe.
class HeldSearches {
 public:
  // While it holds, searches go on without an end, unless nobody wants them.
  void hold(bool hold) { held_.store(hold); }
  int begun() const { return begun_.load(); }
  int stopped() const { return stopped_.load(); }

  // What a search begins with; false when it was stopped.
  bool pass(const search::Request& request) {
    ++begun_;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (held_.load() && std::chrono::steady_clock::now() < end) {
      if (request.unwanted()) {
        ++stopped_;
        return false;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

 private:
  std::atomic<bool> held_{false};
  std::atomic<int> begun_{0};
  std::atomic<int> stopped_{0};
};

}  // namespace starling::transport
