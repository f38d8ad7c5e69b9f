// Back to the newest message, with how many have come meanwhile.
import QtQuick
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.Button {
    id: button

    required property int count
    readonly property bool floats: true // Over the messages, which one can scroll away from below it.

    objectName: "jumpButton"
    implicitWidth: Theme.scaled(42)
    implicitHeight: Theme.scaled(42)
    Accessible.name: count > 0 ? qsTr("To the newest message, %1 new").arg(count) : qsTr("To the newest message")

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: Theme.scaled(18)
            height: width
            name: Icon.Down
            color: Theme.textSoft
        }
    }
    background: Rectangle {
        radius: width / 2
        color: button.hovered ? Theme.hover : Theme.raised
        border.width: button.visualFocus ? 2 : 1
        border.color: button.visualFocus ? Theme.accent : Theme.line
    }
    StBadge {
        anchors.horizontalCenter: parent.horizontalCenter
        y: -height / 2
        count: button.count
    }
}
