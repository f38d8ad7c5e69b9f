// A desktop's notification service on a bus of its own, and what it was asked for.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QVariantMap>
#include <functional>
#include <vector>

namespace starling_app {

// Runs the event loop until `there`; false after ten seconds.
bool run_until(const std::function<bool()>& there);

// A dbus-daemon that nobody else knows; it ends with the object.
class PrivateBus {
 public:
  PrivateBus();
  ~PrivateBus();
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;

  QDBusConnection connect(const QString& name);  // Not connected when there is no daemon.

 private:
  QProcess daemon_;
  QString address_;
  QStringList names_;
};

class FakeNotifications : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

 public:
  struct Asked {
    uint replaces = 0;
    uint id = 0;
    QString summary;
    QString body;
    QStringList actions;
  };

  explicit FakeNotifications(const QDBusConnection& bus);
  ~FakeNotifications() override;

  std::vector<Asked> asked;
  std::vector<uint> closed;

 public slots:
  uint Notify(const QString& app, uint replaces, const QString& icon, const QString& summary,
              const QString& body, const QStringList& actions, const QVariantMap& hints,
              int timeout);
  void CloseNotification(uint id);

 signals:
  void ActionInvoked(uint id, const QString& action);
  void NotificationClosed(uint id, uint reason);

 private:
  QDBusConnection bus_;
  uint last_ = 0;
};

}  // namespace starling_app
