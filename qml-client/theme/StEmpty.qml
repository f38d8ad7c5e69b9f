// What stands where a list has nothing to show: a sign, a line, and what one can do about it.
import QtQuick
import Starling.Client

Column {
    id: empty

    required property int glyph
    required property string text
    property string detail: ""

    spacing: Theme.gapSmall
    Accessible.role: Accessible.StaticText
    Accessible.name: detail === "" ? text : text + ". " + detail

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: Theme.scaled(56)
        height: width
        radius: width / 2
        color: Theme.field

        Icon {
            anchors.centerIn: parent
            width: Theme.scaled(24)
            height: width
            name: empty.glyph
            color: Theme.textSoft
        }
    }
    Text {
        width: empty.width
        text: empty.text
        textFormat: Text.PlainText
        color: Theme.text
        font.pixelSize: Theme.fontBody
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
    Text {
        width: empty.width
        visible: text !== ""
        text: empty.detail
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        Accessible.ignored: true
    }
}
