// See signals_platform.h.
#include "server/node/signals_platform.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <cstdlib>

#include "server/node/check.h"
#include "spdlog/spdlog.h"

namespace starling::node {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t set = stop_signals();
  NODE_CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0, "signals can be blocked");
  NODE_CHECK(::signal(SIGPIPE, SIG_IGN) != SIG_ERR, "SIGPIPE can be ignored");
  // A file size limit is a full disk: the write fails, and the node ends with a sentence (R2.6).
  NODE_CHECK(::signal(SIGXFSZ, SIG_IGN) != SIG_ERR, "SIGXFSZ can be ignored");
  thread_ = std::thread([this] { run(); });
}

StopSignals::~StopSignals() {
  end_ = true;
  thread_.join();
}

void StopSignals::wait() {
  MutexLock lock(mutex_);
  while (!requested_ && !woken_) {
    condition_.wait_until(mutex_, std::chrono::steady_clock::now() + kIdleWait);
  }
  woken_ = false;
}

void StopSignals::wake() {
  {
    MutexLock lock(mutex_);
    woken_ = true;
  }
  condition_.notify_all();
}

void StopSignals::run() {
  const sigset_t set = stop_signals();
  const timespec look = {0, 100'000'000};
  while (!end_) {
    const int number = sigtimedwait(&set, nullptr, &look);
    if (number < 0) continue;
    if (requested_) {
      spdlog::warn("a second signal: ending at once");
      spdlog::default_logger()->flush();
      std::_Exit(128 + number);
    }
    spdlog::info("asked to stop by signal {}", number);
    {
      MutexLock lock(mutex_);
      requested_ = true;
    }
    condition_.notify_all();
  }
}

}  // namespace starling::node
