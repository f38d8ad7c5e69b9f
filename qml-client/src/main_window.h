// Loads the window's QML for a ChatClient and the settings. The engine goes before them: QML never
// sees one that is gone.
#pragma once

#include <QQmlApplicationEngine>
#include <QQuickWindow>

#include "qml-client/src/app_settings.h"
#include "qml-client/src/chat_client.h"

namespace starling_app {

class MainWindow {
 public:
  MainWindow(ChatClient& client, AppSettings& settings);

  // None when the QML could not be loaded; what was wrong is on stderr.
  QQuickWindow* window() const { return window_; }

 private:
  QQmlApplicationEngine engine_;
  QQuickWindow* window_ = nullptr;
};

}  // namespace starling_app
