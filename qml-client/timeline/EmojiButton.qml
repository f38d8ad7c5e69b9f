// One emoji of the picker; the arrows go on to the next one.
import QtQuick
import QtQuick.Templates as T
import Starling.Theme

T.Button {
    id: button

    required property string emoji

    implicitWidth: Theme.scaled(34)
    implicitHeight: Theme.scaled(34)
    Accessible.name: qsTr("React with %1").arg(emoji)
    Keys.onRightPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onLeftPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Text {
        text: button.emoji
        textFormat: Text.PlainText
        font.pixelSize: Theme.fontEmoji
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: button.hovered || button.activeFocus ? Theme.hover : "transparent"
    }
}
