// Where the account is logged in.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AccountDesk account

    spacing: Theme.gap

    Text {
        Layout.fillWidth: true
        text: qsTr("Each log-in counts as a device. One that you do not know should go, and the password with it.")
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
    }
    StRows {
        id: list
        objectName: "deviceList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.gapTiny
        model: form.account.sessions
        Accessible.name: qsTr("Devices")
        delegate: DeviceDelegate {
            width: ListView.view.width - Theme.gapSmall
            onEndWanted: () => form.account.endSession(sessionId)
        }
        Text {
            anchors.centerIn: parent
            visible: list.count === 0 && form.account.sessionsLoading
            text: qsTr("Asking the servers…")
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontBody
        }
    }
}
