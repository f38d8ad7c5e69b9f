// A round button with an icon; `label` is what it is called.
import QtQuick
import QtQuick.Templates as T
import Starling.Client

T.Button {
    id: button

    required property int glyph
    required property string label
    property color tint: Theme.textSoft

    implicitWidth: Theme.avatarMiddle
    implicitHeight: Theme.avatarMiddle
    opacity: enabled ? 1 : 0.4
    Accessible.name: label

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: Theme.scaled(18)
            height: width
            name: button.glyph
            color: button.tint
            mirrored: button.mirrored
        }
    }
    background: Rectangle {
        radius: width / 2
        color: button.down || button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
}
