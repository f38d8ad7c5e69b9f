// Pictures of a cluster that is killed server by server, and of its return. See
// screenshots_families.h. The servers are real, and so is what the window makes of their end.
#include "qml-client/src/screenshots_families.h"

namespace starling_app {
namespace {

class Night {
 public:
  explicit Night(Photographer& photographer)
      : photographer_(photographer), cluster_(*photographer.client().cluster()) {}

  bool primary_dies() {
    return panel(QStringLiteral("cluster-panel"), 5) &&
           kill_primary(QStringLiteral("failover-switching")) && connected() &&
           photographer_.both(QStringLiteral("failover-now")) &&
           panel(QStringLiteral("failover-panel"), 4) && line_faded() &&
           photographer_.both(QStringLiteral("failover-later"));
  }

  // Of five, three are gone then.
  bool majority_dies() {
    if (!run({QStringLiteral("kill"), QStringLiteral("backup")})) return false;
    photographer_.type("composerField", QStringLiteral("The coffee is on its way ☕"));
    if (!kill_primary(QStringLiteral("failover-typing"))) return false;
    photographer_.click("sendButton");
    photographer_.type(
        "composerField",
        QStringLiteral("Three servers are gone and I can still write. It just waits."));
    photographer_.click("sendButton");
    return state(ClusterStatus::ReadOnly) && photographer_.both(QStringLiteral("read-only")) &&
           panel(QStringLiteral("read-only-panel"), 2) && refused_action();
  }

  bool all_die() {
    for (const QString& server : servers()) {
      if (!run({QStringLiteral("kill"), server})) return false;
    }
    return state(ClusterStatus::Offline) && photographer_.both(QStringLiteral("offline")) &&
           panel(QStringLiteral("offline-panel"), 0) && page_missing();
  }

  bool all_are_back() {
    for (const QString& server : servers()) {
      if (!run({QStringLiteral("restart"), server})) return false;
    }
    if (!connected()) return false;
    photographer_.click("retryPage");
    return photographer_.wait("the page that was missing",
                              [&] { return timeline().count() > 0; }) &&
           photographer_.open("grace") &&
           photographer_.wait("what waited is sent",
                              [&] { return photographer_.client().waiting_text().isEmpty(); }) &&
           photographer_.both(QStringLiteral("failover-back")) &&
           panel(QStringLiteral("failover-back-panel"), 5);
  }

 private:
  static QStringList servers() {
    return {QStringLiteral("n1"), QStringLiteral("n2"), QStringLiteral("n3"), QStringLiteral("n4"),
            QStringLiteral("n5")};
  }

  const TimelineModel& timeline() { return *photographer_.client().timeline(); }

  // What cannot be done while nothing can be written.
  bool refused_action() {
    MessageActions& actions = *photographer_.client().actions();
    actions.react(photographer_.seq_of("Already written"), QStringLiteral("👍"));
    const bool taken = photographer_.wait("the refusal", [&] {
      return !actions.error().isEmpty();
    }) && photographer_.both(QStringLiteral("action-error"));
    actions.clearError();
    return taken;
  }

  // A conversation that cannot be loaded.
  bool page_missing() {
    photographer_.client().openConversation(photographer_.id_of("noor"));
    return photographer_.wait("the error", [&] { return !timeline().notice().isEmpty(); }) &&
           photographer_.both(QStringLiteral("page-error"));
  }

  bool run(const QStringList& words) { return photographer_.clusterctl(words); }

  bool state(ClusterStatus::State wanted) {
    return photographer_.wait("the state of the cluster",
                              [&] { return cluster_.state() == wanted; });
  }
  bool connected() { return state(ClusterStatus::Connected); }

  bool line_faded() {
    const QObject* line = photographer_.item("failoverLine");
    return line != nullptr && photographer_.wait("the line has faded", [&] {
      return line->property("opacity").toDouble() == 0;
    });
  }

  // Kills the primary and takes the picture `during` while the app looks for the next one.
  bool kill_primary(const QString& during) {
    bool grabbed = false;
    bool photographed = false;
    const auto watch = QObject::connect(&cluster_, &ClusterStatus::changed, &cluster_, [&] {
      if (grabbed || cluster_.state() != ClusterStatus::Switching) return;
      grabbed = true;
      photographed = photographer_.both_now(during);
    });
    const bool killed = run({QStringLiteral("kill"), QStringLiteral("primary")}) &&
                        photographer_.wait("the loss is noticed", [&] { return grabbed; });
    QObject::disconnect(watch);
    return killed && photographed;
  }

  bool panel(const QString& name, int answering) {
    return take_cluster_panel(photographer_, answering, [&] { return photographer_.both(name); });
  }

  Photographer& photographer_;
  ClusterStatus& cluster_;
};

}  // namespace

bool take_cluster_panel(Photographer& photographer, int answering,
                        const std::function<bool()>& picture) {
  const ServersModel& model = *photographer.client().cluster()->servers();
  if (!photographer.open_panel("clusterPanel")) return false;
  const bool told = photographer.wait("every server was asked", [&] {
    int up = 0;
    int silent = 0;
    for (int row = 0; row < model.count(); ++row) {
      const auto text = [&](int role) { return model.data(model.index(row), role).toString(); };
      up += text(ServersModel::TermTextRole).isEmpty() ? 0 : 1;
      silent += text(ServersModel::StateTextRole) == QStringLiteral("no answer") ? 1 : 0;
    }
    return (answering == kAllServers || up == answering) && up + silent == model.count();
  });
  return told && picture() && photographer.close_panel("clusterPanel");
}

bool take_failover_pictures(Photographer& photographer) {
  if (!photographer.may_kill()) return true;
  Night night(photographer);
  return night.primary_dies() && night.majority_dies() && night.all_die() && night.all_are_back();
}

}  // namespace starling_app
