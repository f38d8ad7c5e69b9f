// Pictures of a cluster that is killed server by server. See screenshots_families.h.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

// Kills the primary and takes the picture `during` while the app looks for the next one.
bool kill_primary(Photographer& photographer, const QString& during) {
  const ClusterStatus& cluster = *photographer.client().cluster();
  bool grabbed = false;
  const auto watch = QObject::connect(&cluster, &ClusterStatus::changed, &cluster, [&] {
    if (grabbed || cluster.state() != ClusterStatus::Switching) return;
    grabbed = photographer.grab(during);
  });
  const bool settled =
      photographer.clusterctl({QStringLiteral("kill"), QStringLiteral("primary")}) &&
      photographer.wait("the new primary", [&] {
        return cluster.state() == ClusterStatus::Connected && cluster.last_failover_ms() >= 0;
      });
  QObject::disconnect(watch);
  return settled;
}

bool without_majority(Photographer& photographer) {
  const ClusterStatus& cluster = *photographer.client().cluster();
  // Of five, with the primary that is gone already: three, and that is the majority.
  for (int more = 0; more < 2; ++more) {
    if (!photographer.clusterctl({QStringLiteral("kill"), QStringLiteral("backup")})) return false;
  }
  photographer.type("composerField", QStringLiteral("The coffee is on its way ☕"));
  photographer.click("sendButton");
  photographer.type("composerField",
                    QStringLiteral("Three servers are gone and I can still write. It just waits."));
  photographer.click("sendButton");
  if (!photographer.wait("read-only", [&] { return cluster.state() == ClusterStatus::ReadOnly; }) ||
      !photographer.shot(QStringLiteral("read-only"))) {
    return false;
  }
  for (const char* server : {"n1", "n2", "n3", "n4", "n5"}) {  // Those that are left.
    if (!photographer.clusterctl({QStringLiteral("kill"), QString::fromLatin1(server)}))
      return false;
  }
  return photographer.wait("offline", [&] { return cluster.state() == ClusterStatus::Offline; }) &&
         photographer.both(QStringLiteral("offline"));
}

}  // namespace

bool take_failover_pictures(Photographer& photographer) {
  if (!photographer.may_kill()) return true;
  return kill_primary(photographer, QStringLiteral("switching")) &&
         photographer.shot(QStringLiteral("failed-over")) && without_majority(photographer);
}

}  // namespace starling_app
