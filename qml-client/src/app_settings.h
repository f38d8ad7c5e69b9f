// What a person has set in this app, kept in one file: looks, keys, notifications, language. Each
// change is written at once. Lives on the GUI thread.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QRect>
#include <QSettings>
#include <QString>

namespace starling_app {

class AppSettings : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Made by the program")
  Q_PROPERTY(Theme theme READ theme WRITE set_theme NOTIFY theme_changed)
  // In percent, kSmallestFont to kLargestFont.
  Q_PROPERTY(int fontScale READ font_scale WRITE set_font_scale NOTIFY font_scale_changed)
  Q_PROPERTY(int smallestFont READ smallest_font CONSTANT)
  Q_PROPERTY(int largestFont READ largest_font CONSTANT)
  // False: Ctrl+Enter sends, and Enter begins a new line.
  Q_PROPERTY(bool enterSends READ enter_sends WRITE set_enter_sends NOTIFY enter_sends_changed)
  Q_PROPERTY(
      bool notifications READ notifications WRITE set_notifications NOTIFY notifications_changed)
  // Whether a notification says what was written, and not only by whom.
  Q_PROPERTY(bool notificationText READ notification_text WRITE set_notification_text NOTIFY
                 notification_text_changed)
  // "en", "de"; empty: the system's.
  Q_PROPERTY(QString language READ language WRITE set_language NOTIFY language_changed)
  // The window's button hides it, and the tray keeps the app.
  Q_PROPERTY(
      bool closeToTray READ close_to_tray WRITE set_close_to_tray NOTIFY close_to_tray_changed)
  // The session is kept for the next start.
  Q_PROPERTY(
      bool stayLoggedIn READ stay_logged_in WRITE set_stay_logged_in NOTIFY stay_logged_in_changed)
  // Where to look for servers, with commas; empty: nobody has said yet.
  Q_PROPERTY(QString servers READ servers WRITE set_servers NOTIFY servers_changed)
  // A sentence when the file takes nothing: what is set holds until the app ends.
  Q_PROPERTY(QString error READ error NOTIFY error_changed)

 public:
  enum Theme { SystemTheme, LightTheme, DarkTheme };  // As Theme.Mode of the QML.
  Q_ENUM(Theme)
  static constexpr int kSmallestFont = 80;
  static constexpr int kLargestFont = 200;

  // `file` need not be there yet; what it holds that makes no sense counts as not set.
  explicit AppSettings(const QString& file, QObject* parent = nullptr);

  Theme theme() const;
  int font_scale() const;
  int smallest_font() const { return kSmallestFont; }
  int largest_font() const { return kLargestFont; }
  bool enter_sends() const { return flag("enter_sends", true); }
  bool notifications() const { return flag("notifications", true); }
  bool notification_text() const { return flag("notification_text", true); }
  QString language() const;
  bool close_to_tray() const { return flag("close_to_tray", false); }
  bool stay_logged_in() const { return flag("stay_logged_in", true); }
  QString servers() const;
  QRect window() const;  // Empty: none is kept.
  bool window_maximized() const { return flag("window_maximized", false); }
  QString error() const { return error_; }

  void set_theme(Theme theme);
  void set_font_scale(int percent);
  void set_enter_sends(bool on);
  void set_notifications(bool on);
  void set_notification_text(bool on);
  void set_language(const QString& language);
  void set_close_to_tray(bool on);
  void set_stay_logged_in(bool on);
  void set_servers(const QString& servers);
  void set_window(const QRect& window, bool maximized);

 signals:
  void theme_changed();
  void font_scale_changed();
  void enter_sends_changed();
  void notifications_changed();
  void notification_text_changed();
  void language_changed();
  void close_to_tray_changed();
  void stay_logged_in_changed();
  void servers_changed();
  void error_changed();

 private:
  bool flag(const char* key, bool usual) const;
  void put(const char* key, const QVariant& value);

  QSettings store_;
  QString error_;
};

}  // namespace starling_app
