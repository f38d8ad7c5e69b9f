// Loads the window's QML for a ChatClient. The engine goes before the client: QML never sees a
// client that is gone.
#pragma once

#include <QQmlApplicationEngine>
#include <QQuickWindow>

#include "qml-client/src/chat_client.h"

namespace starling_app {

class MainWindow {
 public:
  explicit MainWindow(ChatClient& client);

  // None when the QML could not be loaded; what was wrong is on stderr.
  QQuickWindow* window() const { return window_; }

 private:
  QQmlApplicationEngine engine_;
  QQuickWindow* window_ = nullptr;
};

}  // namespace starling_app
