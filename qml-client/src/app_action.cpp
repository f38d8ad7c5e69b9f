// See app_action.h.
#include "qml-client/src/app_action.h"

namespace starling_app {

std::vector<AppAction::Described> AppAction::all() {
  return {{NewConversation, tr("New conversation"), QStringLiteral("Ctrl+N")},
          {NewGroup, tr("New group"), {}},
          {SearchMessages, tr("Search messages"), QStringLiteral("Ctrl+F")},
          {Account, tr("Your account"), {}},
          {Settings, tr("Settings"), QStringLiteral("Ctrl+,")},
          {SwitchTheme, tr("Switch between light and dark"), {}},
          {Cluster, tr("Servers of the cluster"), {}},
          {Keys, tr("Keys"), QStringLiteral("F1")},
          {LogOut, tr("Log out"), {}}};
}

}  // namespace starling_app
