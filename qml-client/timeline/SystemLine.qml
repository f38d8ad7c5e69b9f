// What somebody did to the group, said quietly in the middle.
import QtQuick
import Starling.Theme

Item {
    id: line

    required property string sentence

    implicitHeight: label.implicitHeight + 2 * Theme.gapTiny

    Text {
        id: label
        anchors.centerIn: parent
        width: Math.min(implicitWidth, line.width - 2 * Theme.gapHuge)
        text: line.sentence
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
}
