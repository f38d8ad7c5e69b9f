// Some lines of text; `label` is what it is called, shown inside until something is typed. Tab goes on.
import QtQuick
import QtQuick.Templates as T

T.TextArea {
    id: area

    required property string label

    implicitWidth: 220
    implicitHeight: Math.max(Theme.scaled(84), contentHeight + topPadding + bottomPadding)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    topPadding: Theme.scaled(10)
    bottomPadding: Theme.scaled(10)
    wrapMode: TextEdit.Wrap
    textFormat: TextEdit.PlainText
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.fontBody
    selectByMouse: true
    Accessible.name: label
    KeyNavigation.priority: KeyNavigation.BeforeItem
    Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    Text {
        x: area.leftPadding
        y: area.topPadding
        width: area.width - 2 * x
        visible: area.length === 0 && area.preeditText === ""
        text: area.label
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textFaint
        font: area.font
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.field
        border.width: area.activeFocus ? 2 : 0
        border.color: Theme.accent
    }
}
