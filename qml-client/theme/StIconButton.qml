// A round button with an icon; `label` is what it is called.
import QtQuick
import QtQuick.Templates as T
import Starling.Client

T.Button {
    id: button

    required property int glyph
    required property string label
    property color tint: Theme.textSoft

    implicitWidth: 36
    implicitHeight: 36
    opacity: enabled ? 1 : 0.4
    Accessible.name: label

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: 18
            height: 18
            name: button.glyph
            color: button.tint
        }
    }
    background: Rectangle {
        radius: width / 2
        color: button.down || button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
}
