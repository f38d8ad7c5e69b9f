// One tab of StTabs; the arrows go on to the next one.
import QtQuick
import QtQuick.Templates as T

T.TabButton {
    id: tab

    signal stepWanted(int by)

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.scaled(34)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    font.pixelSize: Theme.fontBody
    font.weight: checked ? Font.DemiBold : Font.Normal
    focusPolicy: checked ? Qt.StrongFocus : Qt.ClickFocus // One stop of the Tab key for all.
    Accessible.role: Accessible.PageTab
    Accessible.name: text
    Keys.onLeftPressed: stepWanted(mirrored ? 1 : -1)
    Keys.onRightPressed: stepWanted(mirrored ? -1 : 1)

    contentItem: Text {
        text: tab.text
        textFormat: Text.PlainText
        font: tab.font
        color: tab.checked ? Theme.text : Theme.textSoft
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: Theme.radius
        color: tab.checked ? Theme.selected : tab.hovered ? Theme.hover : "transparent"
        border.width: tab.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
}
