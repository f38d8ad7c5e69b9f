// The text that is written; it grows up to six lines or so.
import QtQuick
import QtQuick.Templates as T
import Starling.Theme

Flickable {
    id: scroll

    readonly property int length: field.length
    readonly property string text: field.text
    readonly property real wantedHeight: Math.min(field.implicitHeight, Theme.scaled(140))

    signal keyPressed(var event)
    signal typed(string text, int cursor)

    function replace(text, cursor) {
        field.text = text;
        field.cursorPosition = cursor;
    }
    function insert(text) {
        field.insert(field.cursorPosition, text);
    }
    function leave(forward) {
        field.nextItemInFocusChain(forward).forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason);
    }
    function takeFocus() {
        field.forceActiveFocus();
    }

    contentHeight: field.implicitHeight
    clip: true
    boundsBehavior: Flickable.StopAtBounds

    T.TextArea.flickable: T.TextArea {
        id: field
        objectName: "composerField"
        implicitHeight: Math.max(Theme.controlHeight, contentHeight + topPadding + bottomPadding)
        topPadding: Theme.scaled(10)
        bottomPadding: Theme.scaled(10)
        leftPadding: Theme.gap
        rightPadding: Theme.gap
        wrapMode: TextEdit.Wrap
        textFormat: TextEdit.PlainText
        color: Theme.text
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentText
        font.pixelSize: Theme.fontBody
        selectByMouse: true
        Accessible.name: qsTr("Message")
        Keys.onPressed: event => scroll.keyPressed(event)
        onTextChanged: scroll.typed(text, cursorPosition)
        onCursorPositionChanged: scroll.typed(text, cursorPosition)

        Text {
            x: field.leftPadding
            y: field.topPadding
            visible: field.length === 0 && field.preeditText === ""
            text: qsTr("Write a message")
            textFormat: Text.PlainText
            color: Theme.textFaint
            font: field.font
        }
        background: Rectangle {
            radius: Theme.radius
            color: Theme.field
        }
    }
}
