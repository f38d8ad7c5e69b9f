// The panel of one's own account, open at one of its tabs.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property AccountDesk account

    signal logOutWanted

    objectName: "accountPanel"
    wantedWidth: 460
    wantedHeight: 600
    onOpened: (contentItem as AccountForm).begin()

    contentItem: AccountForm {
        account: panel.account
        onCloseWanted: panel.close()
        onLogOutWanted: panel.logOutWanted()
    }
}
