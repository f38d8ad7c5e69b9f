// The day that the messages below it are of.
import QtQuick
import Starling.Theme

Item {
    id: separator

    required property string day

    visible: day !== ""
    implicitHeight: visible ? Theme.scaled(44) : 0

    Rectangle {
        anchors.centerIn: parent
        width: label.implicitWidth + 2 * Theme.gap
        height: Theme.scaled(24)
        radius: height / 2
        color: Theme.dayChip

        Text {
            id: label
            anchors.centerIn: parent
            text: separator.day
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            font.weight: Font.Medium
        }
    }
}
