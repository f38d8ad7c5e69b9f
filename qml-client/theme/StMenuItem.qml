// A line of a menu; up and down go on to the next one.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.Button {
    id: item

    property bool bad: false
    property string keys: "" // That do the same.

    implicitWidth: Math.max(180, implicitContentWidth + leftPadding + rightPadding)
    implicitHeight: Theme.scaled(34)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    font.pixelSize: Theme.fontBody
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: RowLayout {
        spacing: Theme.gapHuge

        Text {
            Layout.fillWidth: true
            text: item.text
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            font: item.font
            color: item.bad ? Theme.bad : Theme.text
            verticalAlignment: Text.AlignVCenter
            elide: Text.ElideRight
        }
        StKeys {
            visible: item.keys !== ""
            keys: item.keys
        }
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: item.hovered || item.activeFocus ? Theme.hover : "transparent"
    }
}
