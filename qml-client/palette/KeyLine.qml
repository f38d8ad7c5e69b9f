// One line of the page of keys.
import QtQuick
import QtQuick.Layouts
import Starling.Theme

Item {
    id: line

    required property string what
    required property string keys

    Layout.fillWidth: true
    implicitWidth: 240
    implicitHeight: Math.max(words.implicitHeight, caps.implicitHeight)
    Accessible.role: Accessible.StaticText
    Accessible.name: what + ": " + keys

    Text {
        id: words
        anchors.left: parent.left
        anchors.right: caps.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        text: line.what
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.text
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    StKeys {
        id: caps
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        keys: line.keys
    }
}
