// One line of the page of keys.
import QtQuick
import QtQuick.Layouts
import Starling.Theme

RowLayout {
    id: line

    required property string what
    required property string keys

    Layout.fillWidth: true
    spacing: Theme.gap
    Accessible.role: Accessible.StaticText
    Accessible.name: what + ": " + keys

    Text {
        Layout.fillWidth: true
        text: line.what
        color: Theme.text
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    StKeys {
        keys: line.keys
    }
}
