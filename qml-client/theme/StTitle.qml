// The first line of a panel: what it is, and the way out.
import QtQuick
import QtQuick.Layouts
import Starling.Client

RowLayout {
    id: line

    required property string text

    signal closeWanted

    Text {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.avatarMiddle // As the button: no place of its own to lose.
        verticalAlignment: Text.AlignVCenter
        text: line.text
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.text
        font.pixelSize: Theme.fontTitle
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    StIconButton {
        glyph: Icon.Close
        label: qsTr("Close")
        onClicked: line.closeWanted()
    }
}
