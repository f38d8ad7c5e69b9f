// See fake_notifications.h.
#include "tests/qml/fake_notifications.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <utility>

namespace starling_app {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

bool run_until(const std::function<bool()>& there) {
  QElapsedTimer timer;
  timer.start();
  while (!there() && timer.elapsed() < kPatienceMs) {
    QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
  }
  return there();
}

PrivateBus::PrivateBus() {
  daemon_.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--session"), QStringLiteral("--nofork"),
                 QStringLiteral("--nopidfile"), QStringLiteral("--print-address")});
  EXPECT_TRUE(daemon_.waitForStarted(kPatienceMs)) << "dbus-daemon is not installed";
  while (!daemon_.canReadLine() && daemon_.waitForReadyRead(kPatienceMs)) {
  }
  address_ = QString::fromUtf8(daemon_.readLine()).trimmed();
}

PrivateBus::~PrivateBus() {
  for (const QString& name : std::as_const(names_)) QDBusConnection::disconnectFromBus(name);
  daemon_.kill();
  daemon_.waitForFinished(kPatienceMs);
}

QDBusConnection PrivateBus::connect(const QString& name) {
  names_.append(name);
  return QDBusConnection::connectToBus(address_, name);
}

FakeNotifications::FakeNotifications(const QDBusConnection& bus) : bus_(bus) {
  EXPECT_TRUE(
      bus_.registerObject(QStringLiteral("/org/freedesktop/Notifications"), this,
                          QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
  EXPECT_TRUE(bus_.registerService(QStringLiteral("org.freedesktop.Notifications")));
}

FakeNotifications::~FakeNotifications() {
  bus_.unregisterService(QStringLiteral("org.freedesktop.Notifications"));
  bus_.unregisterObject(QStringLiteral("/org/freedesktop/Notifications"));
}

uint FakeNotifications::Notify(const QString&, uint replaces, const QString&,
                               const QString& summary, const QString& body,
                               const QStringList& actions, const QVariantMap&, int) {
  const uint id = replaces != 0 ? replaces : ++last_;
  asked.push_back({replaces, id, summary, body, actions});
  return id;
}

void FakeNotifications::CloseNotification(uint id) { closed.push_back(id); }

}  // namespace starling_app
