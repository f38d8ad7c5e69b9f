// A few words that do something, in a line of text.
import QtQuick
import QtQuick.Templates as T

T.AbstractButton {
    id: link

    implicitWidth: implicitContentWidth
    implicitHeight: implicitContentHeight
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Text {
        text: link.text
        textFormat: Text.PlainText
        color: Theme.accent
        font.pixelSize: Theme.fontSmall
        font.weight: Font.DemiBold
        font.underline: link.hovered || link.visualFocus
    }
    HoverHandler {
        cursorShape: Qt.PointingHandCursor
    }
}
