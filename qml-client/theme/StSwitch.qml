// Something that is on or off, with a line that says what comes of it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.Switch {
    id: button

    property string detail: ""

    implicitWidth: 240
    implicitHeight: Math.max(Theme.controlHeight, implicitContentHeight + topPadding + bottomPadding)
    topPadding: Theme.gapTiny
    bottomPadding: Theme.gapTiny
    leftPadding: mirrored ? Theme.scaled(40) + Theme.gap : 0 // Where the switch is.
    rightPadding: mirrored ? 0 : Theme.scaled(40) + Theme.gap
    opacity: enabled ? 1 : 0.55
    Accessible.name: text
    Accessible.description: detail

    contentItem: ColumnLayout {
        spacing: 2

        Text {
            Layout.fillWidth: true
            text: button.text
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontBody
            wrapMode: Text.Wrap
        }
        Text {
            Layout.fillWidth: true
            visible: text !== ""
            text: button.detail
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            wrapMode: Text.Wrap
        }
    }
    indicator: Rectangle {
        x: button.mirrored ? 0 : button.width - width
        y: Math.round((button.height - height) / 2)
        implicitWidth: Theme.scaled(40)
        implicitHeight: Theme.scaled(22)
        radius: height / 2
        color: button.checked ? Theme.accent : Theme.track
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.text

        Rectangle {
            x: 3 + button.visualPosition * (parent.width - width - 6)
            y: 3
            width: parent.height - 6
            height: width
            radius: height / 2
            color: button.checked ? Theme.accentText : Theme.knob
        }
    }
}
