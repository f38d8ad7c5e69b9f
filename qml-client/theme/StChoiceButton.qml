// One of StChoice's buttons.
import QtQuick
import QtQuick.Templates as T

T.RadioButton {
    id: button

    required property int index
    required property string modelData

    readonly property StChoiceRow row: parent as StChoiceRow // None while it goes away.

    signal stepWanted(int by)

    objectName: "choice" + index
    width: row === null ? 0 : row.width / row.count
    height: row === null ? 0 : row.height
    leftPadding: Theme.gapTiny
    rightPadding: Theme.gapTiny
    checked: row !== null && row.index === index
    text: modelData
    font.pixelSize: Theme.fontBody
    font.weight: checked ? Font.DemiBold : Font.Normal
    focusPolicy: checked ? Qt.StrongFocus : Qt.ClickFocus // One stop of the Tab key for all.
    Accessible.name: (row === null ? "" : row.label + ": ") + text
    Keys.onLeftPressed: stepWanted(mirrored ? 1 : -1)
    Keys.onRightPressed: stepWanted(mirrored ? -1 : 1)

    contentItem: Text {
        text: button.text
        textFormat: Text.PlainText
        font: button.font
        color: button.checked ? Theme.text : Theme.textSoft
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius - 2
        color: button.checked ? Theme.window : button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : button.checked ? 1 : 0
        border.color: button.visualFocus ? Theme.accent : Theme.line
    }
}
