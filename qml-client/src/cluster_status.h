// What the status pill shows: which server is the primary, whether writes go through, and how long
// the last failover took. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QString>
#include <QTimer>
#include <memory>

#include "qml-client/src/cluster_events.h"
#include "qml-client/src/cluster_watch.h"
#include "qml-client/src/servers_model.h"
#include "starling/types.h"

namespace starling_app {

class ClusterStatus : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to ChatClient")
  Q_PROPERTY(State state READ state NOTIFY changed)
  Q_PROPERTY(QString primary READ primary NOTIFY changed)
  Q_PROPERTY(QString title READ title NOTIFY changed)
  Q_PROPERTY(QString detail READ detail NOTIFY changed)
  Q_PROPERTY(QString explanation READ explanation NOTIFY changed)
  Q_PROPERTY(QString switchedText READ switched_text NOTIFY changed)
  Q_PROPERTY(bool watched READ watched WRITE set_watched NOTIFY watched_changed)
  Q_PROPERTY(starling_app::ServersModel* servers READ servers CONSTANT)
  Q_PROPERTY(starling_app::ClusterEvents* events READ events CONSTANT)

 public:
  enum State { Connecting, Connected, Switching, ReadOnly, Offline };
  Q_ENUM(State)

  explicit ClusterStatus(QObject* parent = nullptr);

  State state() const { return state_; }
  QString primary() const { return primary_; }
  // Of the last failover; -1 before the first one.
  qint64 last_failover_ms() const { return last_failover_ms_; }
  QString title() const;          // "Primary 127.0.0.1:5102", "Switching server…"
  QString detail() const;         // "failover 18 ms"; empty when there is nothing to add.
  QString explanation() const;    // A sentence for the tool tip and the banner.
  QString switched_text() const;  // "Now on 127.0.0.1:5103, 38 ms"; empty before a failover.
  // While watched, every server is asked for its status once a second.
  bool watched() const { return watch_ && watch_->active(); }
  void set_watched(bool watched);
  ServersModel* servers() { return &servers_; }
  ClusterEvents* events() { return &events_; }

  // The search for a first server begins: Connecting, and Offline when none answers soon.
  void begin();
  void reset();  // Before other servers.
  void apply(const starling::ClusterEvent& event);
  void set_list(const starling::ServerList& list);
  // Whether any server answers reads; asked for while there is no majority.
  void set_reachable(bool reachable);

 signals:
  void changed();
  void watched_changed();
  void failedOver();  // switchedText is of now.

 private:
  State state_ = Connecting;
  QString primary_;
  qint64 last_failover_ms_ = -1;
  ServersModel servers_;
  ClusterEvents events_;
  std::unique_ptr<ClusterWatch> watch_;  // Made when somebody watches first.
  QTimer patience_;
  bool met_ = false;  // A server has answered once.
};

}  // namespace starling_app
