// The icon in the desktop's tray: how many messages are unread, and a menu. Only where the desktop
// has a tray. Lives on the GUI thread, under a QApplication.
#pragma once

#include <QAction>
#include <QIcon>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace starling_app {

// The app's own icon, with a badge of that number when it is not 0; more than 99 is "99+".
QIcon app_icon(int unread = 0);

class Tray : public QObject {
  Q_OBJECT

 public:
  explicit Tray(QObject* parent = nullptr);

  static bool available() { return QSystemTrayIcon::isSystemTrayAvailable(); }
  void show() { icon_.show(); }
  void set_unread(int unread);
  QString tool_tip() const { return icon_.toolTip(); }
  QMenu& menu() { return menu_; }
  bool eventFilter(QObject* watched, QEvent* event) override;

 signals:
  void openWanted();
  void muteWanted(bool muted);
  void quitWanted();

 private:
  void retranslate();

  QMenu menu_;
  QAction* open_;
  QAction* mute_;
  QAction* quit_;
  QSystemTrayIcon icon_;
  int unread_ = -1;
};

}  // namespace starling_app
