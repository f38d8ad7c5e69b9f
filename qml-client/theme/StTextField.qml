// A line of text; `label` is what it is called, shown inside until something is typed.
import QtQuick
import QtQuick.Templates as T

T.TextField {
    id: field

    required property string label
    property bool wrong: false
    property bool quiet: false // Part of something that shows the focus itself.

    implicitWidth: 220
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.fontBody
    selectByMouse: true
    Accessible.name: label

    Text {
        anchors.fill: parent
        anchors.leftMargin: field.leftPadding
        anchors.rightMargin: field.rightPadding
        visible: field.length === 0 && field.preeditText === ""
        text: field.label
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textFaint
        font: field.font
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius
        color: field.quiet ? "transparent" : Theme.field
        border.width: field.quiet ? 0 : field.activeFocus || field.wrong ? 2 : 0
        border.color: field.wrong ? Theme.bad : Theme.accent
    }
}
