// The message that another one answers; a click goes there.
import QtQuick
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.AbstractButton {
    id: quote

    required property string sender
    required property string body

    implicitWidth: Math.max(name.implicitWidth, words.implicitWidth) + Theme.gap + Theme.gapSmall
    implicitHeight: column.implicitHeight + 2 * Theme.gapTiny
    focusPolicy: Qt.NoFocus // The menu has it too: the list stays in focus.
    Accessible.role: Accessible.Link
    Accessible.name: Sentences.spoken(qsTr("Answers %1: %2"), [sender, body])

    Column {
        id: column
        x: Theme.gap
        y: Theme.gapTiny
        width: quote.width - Theme.gap - Theme.gapSmall

        Text {
            id: name
            width: parent.width
            text: quote.sender
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontSmall
            font.weight: Font.DemiBold
            elide: Text.ElideRight
        }
        Text {
            id: words
            width: parent.width
            text: quote.body === "" ? "…" : quote.body
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            elide: Text.ElideRight
            maximumLineCount: 1
        }
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: Theme.quote

        Rectangle {
            x: 4
            y: 5
            width: 3
            height: parent.height - 10
            radius: 1.5
            color: Theme.accent
        }
    }
}
