// What the status pill shows: which server is the primary, whether writes go through, and how long
// the last failover took. Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QObject>
#include <QQmlEngine>
#include <QString>
#include <QStringList>
#include <QTimer>

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
  Q_PROPERTY(QStringList servers READ servers NOTIFY changed)

 public:
  enum State { Connecting, Connected, Switching, ReadOnly, Offline };
  Q_ENUM(State)

  explicit ClusterStatus(QObject* parent = nullptr);

  State state() const { return state_; }
  QString primary() const { return primary_; }
  // Of the last failover; -1 before the first one.
  qint64 last_failover_ms() const { return last_failover_ms_; }
  QString title() const;        // "Primary 127.0.0.1:5102", "Switching server…"
  QString detail() const;       // "last failover 18 ms"; empty when there is nothing to add.
  QString explanation() const;  // A sentence for the tool tip and the banner.
  QStringList servers() const { return servers_; }  // "127.0.0.1:5101 · primary"

  // The search for a first server begins: Connecting, and Offline when none answers soon.
  void begin();
  void apply(const starling::ClusterEvent& event);
  void set_list(const starling::ServerList& list);
  // Whether any server answers reads; asked for while there is no majority.
  void set_reachable(bool reachable);

 signals:
  void changed();

 private:
  State state_ = Connecting;
  QString primary_;
  qint64 last_failover_ms_ = -1;
  QStringList servers_;
  QTimer patience_;
  bool met_ = false;  // A server has answered once.
};

}  // namespace starling_app
