// Who reacted how; a click adds one's own, or takes it back.
import QtQuick
import QtQuick.Templates as T
import Starling.Theme

Flow {
    id: chips

    required property var reactions // A list of {emoji, count, mine}.

    signal toggled(string emoji)

    spacing: Theme.gapTiny
    visible: repeater.count > 0

    Repeater {
        id: repeater
        model: chips.reactions

        delegate: T.AbstractButton {
            id: chip

            required property var modelData

            objectName: "reactionChip"
            implicitWidth: implicitContentWidth + 2 * Theme.gapSmall
            implicitHeight: Theme.scaled(24)
            focusPolicy: Qt.NoFocus // The menu has it too: the list stays in focus.
            Accessible.role: Accessible.CheckBox
            Accessible.checkable: true
            Accessible.checked: modelData.mine
            Accessible.name: modelData.emoji + " " + modelData.count
            onClicked: () => chips.toggled(modelData.emoji)

            contentItem: Text {
                text: chip.modelData.emoji + " " + chip.modelData.count
                textFormat: Text.PlainText
                color: Theme.text
                font.pixelSize: Theme.fontSmall
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
            }
            background: Rectangle {
                radius: height / 2
                color: chip.modelData.mine ? Theme.selected : Theme.window
                border.width: chip.visualFocus ? 2 : 1
                border.color: chip.modelData.mine || chip.visualFocus ? Theme.accent : Theme.line
            }
        }
    }
}
