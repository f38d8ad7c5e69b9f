// One person whom the account blocks, and the way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Item {
    id: row

    required property string name
    required property string displayName
    required property string initials
    required property int colorIndex

    signal unblockWanted

    implicitHeight: Theme.scaled(52)
    Accessible.role: Accessible.ListItem
    Accessible.name: displayName

    RowLayout {
        anchors.fill: parent
        spacing: Theme.gap

        StAvatar {
            size: Theme.avatarMiddle
            initials: row.initials
            colorIndex: row.colorIndex
        }
        ColumnLayout {
            spacing: 1
            Text {
                Layout.fillWidth: true
                text: row.displayName
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.text
                font.pixelSize: Theme.fontBody
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: row.name
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
        StButton {
            objectName: "unblock"
            subdued: true
            text: qsTr("Unblock")
            Accessible.name: Sentences.spoken(qsTr("Unblock %1"), [row.displayName])
            onClicked: row.unblockWanted()
        }
    }
}
