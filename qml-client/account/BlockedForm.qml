// Whom the account blocks.
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
        text: qsTr("Whom you block can neither write to you directly nor add you to groups. They are not told.")
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
    }
    StRows {
        id: list
        objectName: "blockedList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.gapTiny
        model: form.account.blocked
        Accessible.name: qsTr("Blocked people")
        delegate: BlockedDelegate {
            width: ListView.view.width - Theme.gapSmall
            onUnblockWanted: () => form.account.unblock(name)
        }
        StEmpty {
            anchors.centerIn: parent
            width: parent.width
            visible: list.count === 0
            glyph: Icon.Block
            text: form.account.blockedLoading ? qsTr("Asking the servers…") : qsTr("You block nobody")
            detail: form.account.blockedLoading ? "" : qsTr("A person’s profile has the button for it.")
        }
    }
}
