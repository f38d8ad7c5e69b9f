// The day that the messages below it are of.
import QtQuick
import Starling.Theme

Item {
    id: separator

    required property string day

    visible: day !== ""
    implicitHeight: visible ? 44 : 0

    Rectangle {
        anchors.centerIn: parent
        width: label.implicitWidth + 2 * Theme.gap
        height: 24
        radius: 12
        color: Theme.dayChip

        Text {
            id: label
            anchors.centerIn: parent
            text: separator.day
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            font.weight: Font.Medium
        }
    }
}
