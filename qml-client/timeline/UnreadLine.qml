// Where what was unread begins.
import QtQuick
import Starling.Theme

Item {
    id: line

    implicitHeight: visible ? Theme.scaled(36) : 0
    Accessible.role: Accessible.StaticText
    Accessible.name: label.text

    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        height: 1
        color: Theme.accent
        opacity: 0.5
    }
    Rectangle {
        anchors.centerIn: parent
        width: label.implicitWidth + 2 * Theme.gap
        height: Theme.scaled(22)
        radius: height / 2
        color: Theme.selected

        Text {
            id: label
            anchors.centerIn: parent
            text: qsTr("New messages")
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: Theme.fontSmall
            font.weight: Font.DemiBold
        }
    }
}
