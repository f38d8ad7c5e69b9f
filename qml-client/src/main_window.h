// Loads the window's QML for a ChatClient and the settings, in their language and where it was. The
// engine goes before them: QML never sees one that is gone.
#pragma once

#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QString>

#include "qml-client/src/app_language.h"
#include "qml-client/src/app_settings.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/local_cluster.h"

namespace starling_app {

class MainWindow : public QObject {
 public:
  // `language`: in place of the one that is set; `reverse`: from right to left whatever it is;
  // `clusterctl`: the program that starts servers on this computer.
  MainWindow(ChatClient& client, AppSettings& settings, const QString& language = {},
             bool reverse = false, const QString& clusterctl = LocalCluster::find_program());
  ~MainWindow() override;

  // None when the QML could not be loaded; what was wrong is on stderr.
  QQuickWindow* window() const { return window_; }
  LocalCluster& local_cluster() { return local_; }

 private:
  void speak();
  static bool mirrored();
  void place();  // Where it was, as far as today's screens have that.

  ChatClient& client_;
  AppSettings& settings_;
  const QString given_language_;
  const bool reverse_;
  AppLanguage language_;
  LocalCluster local_;
  QQmlApplicationEngine engine_;
  QQuickWindow* window_ = nullptr;
};

}  // namespace starling_app
