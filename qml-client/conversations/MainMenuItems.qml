// The lines of the main menu.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: items

    signal chosen(int action) // Of AppAction.

    function begin() {
        first.forceActiveFocus(Qt.PopupFocusReason);
    }

    spacing: 0

    StMenuItem {
        id: first
        objectName: "menuAccount"
        Layout.fillWidth: true
        text: qsTr("Your account")
        onClicked: items.chosen(AppAction.Account)
    }
    StMenuItem {
        objectName: "menuGroup"
        Layout.fillWidth: true
        text: qsTr("New group")
        onClicked: items.chosen(AppAction.NewGroup)
    }
    StMenuItem {
        objectName: "menuSettings"
        Layout.fillWidth: true
        text: qsTr("Settings")
        keys: "Ctrl+,"
        onClicked: items.chosen(AppAction.Settings)
    }
    StMenuItem {
        objectName: "menuCluster"
        Layout.fillWidth: true
        text: qsTr("Servers of the cluster")
        onClicked: items.chosen(AppAction.Cluster)
    }
    StMenuItem {
        objectName: "menuKeys"
        Layout.fillWidth: true
        text: qsTr("Keys")
        keys: "F1"
        onClicked: items.chosen(AppAction.Keys)
    }
    StMenuItem {
        objectName: "logOutButton"
        Layout.fillWidth: true
        text: qsTr("Log out")
        onClicked: items.chosen(AppAction.LogOut)
    }
}
