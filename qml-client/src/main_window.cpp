// See main_window.h.
#include "qml-client/src/main_window.h"

#include <QFont>
#include <QFontInfo>
#include <QGuiApplication>
#include <QScreen>
#include <QVariantMap>
#include <QtQml/QQmlExtensionPlugin>

#include "qml-client/src/window_place.h"

// Static QML modules: named here, or the linker drops them.
Q_IMPORT_QML_PLUGIN(Starling_ClientPlugin)
Q_IMPORT_QML_PLUGIN(Starling_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Starling_ClusterPlugin)
Q_IMPORT_QML_PLUGIN(Starling_AccountPlugin)
Q_IMPORT_QML_PLUGIN(Starling_SettingsPlugin)
Q_IMPORT_QML_PLUGIN(Starling_PalettePlugin)
Q_IMPORT_QML_PLUGIN(Starling_LoginPlugin)
Q_IMPORT_QML_PLUGIN(Starling_ConversationsPlugin)
Q_IMPORT_QML_PLUGIN(Starling_GroupsPlugin)
Q_IMPORT_QML_PLUGIN(Starling_PeoplePlugin)
Q_IMPORT_QML_PLUGIN(Starling_TimelinePlugin)
Q_IMPORT_QML_PLUGIN(Starling_ComposerPlugin)
Q_IMPORT_QML_PLUGIN(Starling_AppPlugin)

namespace starling_app {
namespace {

// An emoji is in colour, also one that some font of letters has in black and white. Behind the
// font of letters: the one of emoji has digits of its own.
void prefer_coloured_emoji() {
  QFont font = QGuiApplication::font();
  font.setFamilies({QFontInfo(font).family(), QStringLiteral("Noto Color Emoji")});
  QGuiApplication::setFont(font);
}

}  // namespace

MainWindow::MainWindow(ChatClient& client, AppSettings& settings, const QString& language,
                       bool reverse, const QString& clusterctl)
    : client_(client),
      settings_(settings),
      given_language_(language),
      reverse_(reverse),
      local_(clusterctl) {
  speak();
  prefer_coloured_emoji();
  engine_.addImportPath(QStringLiteral("qrc:/qt/qml"));
  engine_.setInitialProperties({{QStringLiteral("client"), QVariant::fromValue(&client)},
                                {QStringLiteral("settings"), QVariant::fromValue(&settings)},
                                {QStringLiteral("local"), QVariant::fromValue(&local_)},
                                {QStringLiteral("mirrored"), mirrored()}});
  engine_.load(QUrl(QStringLiteral("qrc:/qt/qml/Starling/App/Main.qml")));
  if (engine_.rootObjects().isEmpty()) return;
  window_ = qobject_cast<QQuickWindow*>(engine_.rootObjects().constFirst());
  place();
  connect(&settings, &AppSettings::language_changed, this, [this] {
    speak();
    window_->setProperty("mirrored", mirrored());
    engine_.retranslate();
    client_.retranslate();
  });
}

MainWindow::~MainWindow() {
  if (window_ == nullptr) return;
  // Not visibility(): a window that was closed is a hidden one by now.
  const bool maximized = window_->windowStates().testFlag(Qt::WindowMaximized);
  // What a maximized window goes back to is what was kept before.
  settings_.set_window(maximized ? settings_.window() : window_->geometry(), maximized);
}

void MainWindow::speak() {
  language_.use(given_language_.isEmpty() ? settings_.language() : given_language_);
  if (reverse_) QGuiApplication::setLayoutDirection(Qt::RightToLeft);
}

bool MainWindow::mirrored() { return QGuiApplication::layoutDirection() == Qt::RightToLeft; }

void MainWindow::place() {
  QList<QRect> screens;
  for (const QScreen* screen : QGuiApplication::screens()) screens << screen->availableGeometry();
  const QRect wanted = window_place(settings_.window(), screens);
  if (!wanted.isEmpty()) window_->setGeometry(wanted);
  if (settings_.window_maximized()) window_->showMaximized();
}

}  // namespace starling_app
