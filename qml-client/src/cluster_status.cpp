// See cluster_status.h.
#include "qml-client/src/cluster_status.h"

#include <QDateTime>

#include "qml-client/src/format.h"

namespace starling_app {
namespace {

constexpr int kPatienceMs = 3'000;  // A cluster that is up answers within a fraction of it.

}  // namespace

ClusterStatus::ClusterStatus(QObject* parent) : QObject(parent) {
  patience_.setSingleShot(true);
  patience_.setInterval(kPatienceMs);
  connect(&patience_, &QTimer::timeout, this, [this] {
    if (state_ != Connecting) return;
    state_ = Offline;
    emit changed();
  });
}

void ClusterStatus::begin() {
  if (!met_) patience_.start();
}

void ClusterStatus::reset() {
  patience_.stop();
  state_ = Connecting;
  primary_.clear();
  last_failover_ms_ = -1;
  servers_.set_list({});
  met_ = false;
  emit changed();
}

QString ClusterStatus::title() const {
  switch (state_) {
    case Connecting:
      return tr("Connecting…");
    case Connected:
      return primary_.isEmpty() ? tr("Connected") : tr("Primary %1").arg(primary_);
    case Switching:
      return tr("Switching server…");
    case ReadOnly:
      return tr("Read-only");
    case Offline:
      return tr("Offline");
  }
  return {};
}

QString ClusterStatus::detail() const {
  if (state_ == Offline && !met_) return tr("still trying");
  if (state_ == ReadOnly || state_ == Offline) return tr("messages wait");
  if (last_failover_ms_ < 0) return {};
  return tr("failover %1").arg(lasting(last_failover_ms_));
}

QString ClusterStatus::explanation() const {
  switch (state_) {
    case Connecting:
      return tr("Looking for a server.");
    case Connected:
      return tr("Connected. The primary orders all messages; the others stand ready.");
    case Switching:
      return tr("The primary is gone. Another server is taking over; messages wait meanwhile.");
    case ReadOnly:
      return tr("Too few servers are up: you can read, and messages wait until more are back.");
    case Offline:
      if (!met_) return tr("No server has answered yet. The app goes on looking for one.");
      return tr("No server can be reached. Messages wait and are sent when one is back.");
  }
  return {};
}

QString ClusterStatus::switched_text() const {
  if (last_failover_ms_ < 0) return {};
  return tr("Now on %1, %2").arg(primary_, lasting(last_failover_ms_));
}

void ClusterStatus::set_watched(bool watched) {
  if (watched == this->watched()) return;
  if (!watch_) watch_ = std::make_unique<ClusterWatch>(servers_);
  watched ? watch_->start() : watch_->stop();
  emit watched_changed();
}

void ClusterStatus::apply(const starling::ClusterEvent& event) {
  using Kind = starling::ClusterEvent::Kind;
  events_.add(event, QDateTime::currentDateTime());
  switch (event.kind) {
    case Kind::kConnected:
      patience_.stop();
      met_ = true;
      state_ = Connected;
      primary_ = QString::fromStdString(event.to);
      break;
    case Kind::kFailoverStarted:
      if (state_ != ReadOnly && state_ != Offline) state_ = Switching;
      break;
    case Kind::kFailedOver:
      state_ = Connected;
      primary_ = QString::fromStdString(event.to);
      last_failover_ms_ = event.ms;
      break;
    case Kind::kServersChanged:
      set_list(event.servers);
      return;
    case Kind::kDegraded:
      if (state_ != Offline) state_ = ReadOnly;
      break;
    case Kind::kDraining:
      return;
  }
  emit changed();
  if (event.kind == Kind::kFailedOver) emit failedOver();
}

void ClusterStatus::set_list(const starling::ServerList& list) {
  servers_.set_list(list);
  for (const starling::Server& server : list.servers) {
    if (server.id != list.primary_id || state_ != Connected) continue;
    primary_ = QString::fromStdString(server.address);
  }
  emit changed();
}

void ClusterStatus::set_reachable(bool reachable) {
  if (state_ != ReadOnly && state_ != Offline) return;
  const State next = reachable ? ReadOnly : Offline;
  if (next == state_) return;
  state_ = next;
  emit changed();
}

}  // namespace starling_app
