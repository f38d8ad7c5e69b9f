// What the app does outside its window: notifications, the icon in the tray, and the window's close
// button, which hides it when the settings and a tray say so. Lives on the GUI thread, under a
// QApplication; goes before the client, the settings and the window.
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QQuickWindow>
#include <memory>

#include "qml-client/src/app_settings.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/notifier.h"
#include "qml-client/src/tray.h"

namespace starling_app {

class Desktop : public QObject {
  Q_OBJECT

 public:
  // `tray`: whether the desktop has one.
  Desktop(ChatClient& client, const AppSettings& settings, QQuickWindow& window,
          const QDBusConnection& bus, bool tray);

  Tray* tray() { return tray_.get(); }  // nullptr: there is none.
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void message(const starling::Message& message);
  void follow_conversation();
  void raise();

  ChatClient& client_;
  const AppSettings& settings_;
  QQuickWindow& window_;
  Notifier notifier_;
  std::unique_ptr<Tray> tray_;
};

}  // namespace starling_app
