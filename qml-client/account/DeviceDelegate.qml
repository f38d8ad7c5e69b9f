// One log-in of the account, and its end.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Item {
    id: row

    required property var sessionId // 64 bits
    required property string device
    required property string since
    required property bool isCurrent

    signal endWanted

    implicitHeight: line.implicitHeight + 2 * Theme.gapSmall
    Accessible.role: Accessible.ListItem
    Accessible.name: (isCurrent ? Sentences.spoken(qsTr("%1, this device"), [device]) : device) + ", " + since

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: row.isCurrent ? Theme.selected : "transparent"
    }
    RowLayout {
        id: line
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gapSmall
        spacing: Theme.gap

        Icon {
            Layout.preferredWidth: Theme.scaled(22)
            Layout.preferredHeight: Theme.scaled(22)
            name: Icon.Device
            color: row.isCurrent ? Theme.accent : Theme.textSoft
        }
        ColumnLayout {
            spacing: 1
            Text {
                Layout.fillWidth: true
                text: row.device
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.text
                font.pixelSize: Theme.fontBody
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: row.isCurrent ? qsTr("This device · %1").arg(row.since) : row.since
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
        StButton {
            objectName: "endSession"
            visible: !row.isCurrent
            subdued: true
            text: qsTr("Log out")
            Accessible.name: Sentences.spoken(qsTr("Log out %1"), [row.device])
            onClicked: row.endWanted()
        }
    }
}
