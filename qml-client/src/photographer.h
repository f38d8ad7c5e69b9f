// Takes the pictures of --screenshots: the real window of one ChatClient, steered by the names that
// the QML gives its items. What it waits for has a deadline; a failure is said on stderr. Lives on
// the GUI thread.
#pragma once

#include <QImage>
#include <QString>
#include <QStringList>
#include <functional>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/main_window.h"
#include "qml-client/src/options.h"

namespace starling_app {

class Photographer {
 public:
  // Is shown every picture with its name while the window still shows the same.
  using Viewer =
      std::function<void(const QString& name, QQuickWindow& window, const QImage& image)>;
  enum Theme { Light = AppSettings::LightTheme, Dark = AppSettings::DarkTheme };

  // `data`: the directory of the app's own files; a clusterctl is made there, which starts nothing.
  Photographer(const Options& options, const QString& data, Viewer viewer);

  bool good() const { return main_.window() != nullptr; }
  bool may_kill() const { return !options_.cluster.isEmpty(); }
  ChatClient& client() { return client_; }
  const LocalCluster& local_cluster() { return main_.local_cluster(); }
  void let_clusterctl_fail();  // The one that starts nothing, until then, says why.
  AppSettings& settings() { return settings_; }
  QQuickWindow& window() { return *main_.window(); }

  // Runs the window until `there`. False after twenty seconds, which is said with `what`.
  bool wait(const char* what, const std::function<bool()>& there);
  void settle();  // Until every animation has ended.

  // As the window is at this moment. NAME-150 where the display draws at 150 percent.
  bool grab(const QString& name);
  bool shot(const QString& name);  // Once it has settled.
  bool both(const QString& name);  // In light, and in dark as NAME-dark. The theme is light then.
  bool both_now(const QString& name);  // As it is at this moment: no event is handled meanwhile.
  bool dark(const QString& name);      // In dark only.
  void theme(Theme theme) { settings_.set_theme(static_cast<AppSettings::Theme>(theme)); }

  void mirror(bool mirrored);  // From right to left, whatever the language.

  QObject* item(const char* name);  // nullptr, and it is said.
  void click(const char* name);
  void type(const char* name, const QString& text);
  void press(Qt::Key key);
  bool open_panel(const char* name);
  bool close_panel(const char* name);

  // Of the conversation of that other side's name, or that group's title; 0, and it is said: none.
  qint64 id_of(const char* name);
  bool open(const char* name);       // Waits for messages.
  qint64 seq_of(const char* words);  // Of the newest message of the window that begins so; or 0.

  // Runs clusterctl on the cluster that may be hurt.
  bool clusterctl(QStringList words);

 private:
  const Options& options_;
  const QString clusterctl_;
  const Viewer viewer_;
  ChatClient client_;
  AppSettings settings_;
  MainWindow main_;
};

}  // namespace starling_app
