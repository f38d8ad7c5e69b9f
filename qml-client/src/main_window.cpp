// See main_window.h.
#include "qml-client/src/main_window.h"

#include <QVariantMap>
#include <QtQml/QQmlExtensionPlugin>

// Static QML modules: named here, or the linker drops them.
Q_IMPORT_QML_PLUGIN(Starling_ClientPlugin)
Q_IMPORT_QML_PLUGIN(Starling_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Starling_ClusterPlugin)
Q_IMPORT_QML_PLUGIN(Starling_LoginPlugin)
Q_IMPORT_QML_PLUGIN(Starling_ConversationsPlugin)
Q_IMPORT_QML_PLUGIN(Starling_GroupsPlugin)
Q_IMPORT_QML_PLUGIN(Starling_PeoplePlugin)
Q_IMPORT_QML_PLUGIN(Starling_TimelinePlugin)
Q_IMPORT_QML_PLUGIN(Starling_ComposerPlugin)
Q_IMPORT_QML_PLUGIN(Starling_AppPlugin)

namespace starling_app {

MainWindow::MainWindow(ChatClient& client, AppSettings& settings) {
  engine_.addImportPath(QStringLiteral("qrc:/qt/qml"));
  engine_.setInitialProperties({{QStringLiteral("client"), QVariant::fromValue(&client)},
                                {QStringLiteral("settings"), QVariant::fromValue(&settings)}});
  engine_.load(QUrl(QStringLiteral("qrc:/qt/qml/Starling/App/Main.qml")));
  if (!engine_.rootObjects().isEmpty()) {
    window_ = qobject_cast<QQuickWindow*>(engine_.rootObjects().constFirst());
  }
}

}  // namespace starling_app
