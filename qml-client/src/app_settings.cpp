// See app_settings.h.
#include "qml-client/src/app_settings.h"

#include <QStringList>
#include <algorithm>

namespace starling_app {
namespace {

constexpr int kUsualFont = 100;

const QStringList& languages() {
  static const QStringList known = {QStringLiteral("en"), QStringLiteral("de")};
  return known;
}

}  // namespace

AppSettings::AppSettings(const QString& file, QObject* parent)
    : QObject(parent), store_(file, QSettings::IniFormat) {}

// Words, not numbers: the file can be read and written by people.
AppSettings::Theme AppSettings::theme() const {
  const QString word = store_.value(QStringLiteral("theme")).toString();
  if (word == u"light") return LightTheme;
  return word == u"dark" ? DarkTheme : SystemTheme;
}

void AppSettings::set_theme(Theme theme) {
  if (theme == this->theme()) return;
  put("theme", theme == LightTheme  ? QStringLiteral("light")
               : theme == DarkTheme ? QStringLiteral("dark")
                                    : QStringLiteral("system"));
  emit theme_changed();
}

int AppSettings::font_scale() const {
  bool number = false;
  const int percent = store_.value(QStringLiteral("font_scale"), kUsualFont).toInt(&number);
  return number && percent >= kSmallestFont && percent <= kLargestFont ? percent : kUsualFont;
}

void AppSettings::set_font_scale(int percent) {
  percent = std::clamp(percent, kSmallestFont, kLargestFont);
  if (percent == font_scale()) return;
  put("font_scale", percent);
  emit font_scale_changed();
}

QString AppSettings::language() const {
  const QString code = store_.value(QStringLiteral("language")).toString();
  return languages().contains(code) ? code : QString();
}

void AppSettings::set_language(const QString& language) {
  const QString known = languages().contains(language) ? language : QString();
  if (known == this->language()) return;
  put("language", known);
  emit language_changed();
}

void AppSettings::set_enter_sends(bool on) {
  if (on == enter_sends()) return;
  put("enter_sends", on);
  emit enter_sends_changed();
}

void AppSettings::set_notifications(bool on) {
  if (on == notifications()) return;
  put("notifications", on);
  emit notifications_changed();
}

void AppSettings::set_notification_text(bool on) {
  if (on == notification_text()) return;
  put("notification_text", on);
  emit notification_text_changed();
}

void AppSettings::set_close_to_tray(bool on) {
  if (on == close_to_tray()) return;
  put("close_to_tray", on);
  emit close_to_tray_changed();
}

void AppSettings::set_stay_logged_in(bool on) {
  if (on == stay_logged_in()) return;
  put("stay_logged_in", on);
  emit stay_logged_in_changed();
}

QString AppSettings::servers() const {
  // A list where somebody has written commas by hand.
  return store_.value(QStringLiteral("servers")).toStringList().join(u',');
}

void AppSettings::set_servers(const QString& servers) {
  if (servers == this->servers()) return;
  put("servers", servers);
  emit servers_changed();
}

QRect AppSettings::window() const { return store_.value(QStringLiteral("window")).toRect(); }

void AppSettings::set_window(const QRect& window, bool maximized) {
  if (window == this->window() && maximized == window_maximized()) return;
  put("window", window);
  put("window_maximized", maximized);
}

bool AppSettings::flag(const char* key, bool usual) const {
  const QString word = store_.value(QLatin1String(key)).toString();
  if (word == u"true") return true;
  return word == u"false" ? false : usual;
}

void AppSettings::put(const char* key, const QVariant& value) {
  store_.setValue(QLatin1String(key), value);
  store_.sync();
  const QString sentence =
      store_.status() == QSettings::NoError
          ? QString()
          : tr("The settings cannot be kept: %1 cannot be written.").arg(store_.fileName());
  if (sentence == error_) return;
  error_ = sentence;
  emit error_changed();
}

}  // namespace starling_app
