// See cluster_watch.h.
#include "qml-client/src/cluster_watch.h"

#include <QPointer>
#include <chrono>
#include <string>

namespace starling_app {
namespace {

constexpr int kRoundMs = 1'000;
constexpr std::chrono::milliseconds kPatience{300};  // One that runs here answers in a few.

}  // namespace

ClusterWatch::ClusterWatch(ServersModel& servers) : servers_(servers) {
  timer_.setInterval(kRoundMs);
  connect(&timer_, &QTimer::timeout, this, &ClusterWatch::ask_all);
}

ClusterWatch::~ClusterWatch() { *stopped_ = true; }

void ClusterWatch::start() {
  if (active()) return;
  *stopped_ = false;
  timer_.start();
  ask_all();
}

void ClusterWatch::stop() {
  if (!active()) return;
  *stopped_ = true;
  timer_.stop();
  servers_.forget_statuses();
}

void ClusterWatch::ask_all() {
  if (waiting_ > 0) return;
  for (const std::string& address : servers_.addresses()) ask(address);
}

void ClusterWatch::ask(const std::string& address) {
  const QPointer<ClusterWatch> self(this);
  const bool taken = worker_.run([self, address, stopped = stopped_] {
    if (*stopped) {
      return to_gui(self, [](ClusterWatch& watch) { --watch.waiting_; });
    }
    const auto status = starling::admin::status(address, kPatience);
    to_gui(self, [address, status](ClusterWatch& watch) {
      --watch.waiting_;
      if (watch.active()) watch.servers_.apply_status(address, status);
    });
  });
  if (taken) ++waiting_;
}

}  // namespace starling_app
