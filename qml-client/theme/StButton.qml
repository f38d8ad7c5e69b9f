// A button with words; `subdued` for the one that matters less, `bad` for what cannot be undone.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: button

    property bool subdued: false
    property bool bad: false

    implicitWidth: Math.max(88, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gapLarge
    font.pixelSize: Theme.fontBody
    font.weight: Font.DemiBold
    opacity: enabled ? 1 : 0.55
    Accessible.name: text

    contentItem: Text {
        text: button.text
        textFormat: Text.PlainText
        font: button.font
        color: button.subdued ? (button.bad ? Theme.bad : Theme.accent) : Theme.accentText
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius
        color: button.subdued ? (button.hovered ? Theme.hover : "transparent") : button.bad ? Theme.bad : (button.down ? Theme.accentPressed : Theme.accent)
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.text
    }
}
