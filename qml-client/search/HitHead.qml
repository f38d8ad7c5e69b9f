// Where a message was found, and when it was said. No RowLayout: one that is out of sight misses that
// larger text made the time wider.
import QtQuick
import Starling.Theme

Item {
    id: head

    required property string title
    required property string time

    implicitHeight: words.implicitHeight

    Text {
        id: words
        anchors.left: parent.left
        anchors.right: said.left
        anchors.rightMargin: Theme.gapSmall
        text: head.title
        horizontalAlignment: Text.AlignLeft // Whatever its script.
        textFormat: Text.PlainText
        color: Theme.text
        font.pixelSize: Theme.fontBody
        font.weight: Font.DemiBold
        elide: Text.ElideRight
    }
    Text {
        id: said
        anchors.right: parent.right
        anchors.verticalCenter: words.verticalCenter
        text: head.time
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
    }
}
