// What the app can do beside chatting, one list for the menu, the palette and the page of keys.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QString>
#include <vector>

namespace starling_app {

class AppAction : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Names actions")

 public:
  enum Action {
    NewConversation,
    NewGroup,
    SearchMessages,
    Account,
    Settings,
    SwitchTheme,
    Cluster,
    Keys,
    LogOut
  };
  Q_ENUM(Action)

  struct Described {
    Action action;
    QString title;
    QString keys;  // As QKeySequence reads them; empty: none.
  };
  // In the order of a menu.
  static std::vector<Described> all();
};

}  // namespace starling_app
