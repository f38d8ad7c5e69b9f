// Writing a message: Enter sends and Shift+Enter begins a new line, or Ctrl+Enter sends and Enter
// begins one, as is set; '@' names somebody, the arrow up in an empty field edits one's last message,
// Esc leaves an edit or an answer.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Rectangle {
    id: composer

    required property ChatClient client
    required property bool enterSends

    readonly property ComposeModel compose: client.compose

    function send() {
        client.sendMessage(field.text);
    }
    function typeIn(text) {
        field.insert(text);
        field.takeFocus();
    }
    function takeFocus() {
        field.takeFocus();
    }
    function key(event) {
        event.accepted = mentions.visible && mentionKey(event.key) || plainKey(event);
    }
    function mentionKey(key) {
        switch (key) {
        case Qt.Key_Down:
            mentions.step(1);
            return true;
        case Qt.Key_Up:
            mentions.step(-1);
            return true;
        case Qt.Key_Return:
        case Qt.Key_Enter:
        case Qt.Key_Tab:
            mentions.take();
            return true;
        case Qt.Key_Escape:
            compose.dismiss();
            return true;
        }
        return false;
    }
    // False: the field takes it as a new line.
    function enterKey(modifiers) {
        const control = (modifiers & Qt.ControlModifier) !== 0;
        if (!control && (!enterSends || (modifiers & Qt.ShiftModifier)))
            return false;
        send();
        return true;
    }
    function plainKey(event) {
        switch (event.key) {
        case Qt.Key_Return:
        case Qt.Key_Enter:
            return enterKey(event.modifiers);
        case Qt.Key_Up:
            return field.length === 0 && compose.editLast();
        case Qt.Key_Tab:
        case Qt.Key_Backtab:
            field.leave(event.key === Qt.Key_Tab);
            return true;
        case Qt.Key_Escape:
            if (compose.mode === ComposeModel.Plain)
                return false;
            compose.cancel();
            return true;
        }
        return false;
    }

    implicitHeight: column.implicitHeight + 2 * Theme.gapSmall
    color: Theme.window

    Connections {
        target: composer.client
        function onSendRefused(text) {
            if (field.length === 0)
                field.replace(text, text.length);
        }
    }
    Connections {
        target: composer.compose
        function onTextReplaced(text, cursor) {
            field.replace(text, cursor);
        }
        function onFocusWanted() {
            field.takeFocus();
        }
    }
    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.gapLarge
        anchors.rightMargin: Theme.gap
        spacing: Theme.gapSmall

        StNotice {
            objectName: "sendError"
            Layout.fillWidth: true
            text: composer.client.sendError
        }
        StNotice {
            objectName: "waitingNotice"
            Layout.fillWidth: true
            visible: text !== "" && composer.client.cluster.state !== ClusterStatus.Connected
            bad: false
            text: composer.client.waitingText
        }
        MentionRows {
            id: mentions
            Layout.fillWidth: true
            people: composer.compose.suggestions
            onChosen: name => composer.compose.complete(name)
        }
        QuoteBar {
            Layout.fillWidth: true
            visible: composer.compose.mode !== ComposeModel.Plain
            compose: composer.compose
        }
        RowLayout {
            spacing: Theme.gapSmall

            ComposerField {
                id: field
                Layout.fillWidth: true
                Layout.preferredHeight: wantedHeight
                onKeyPressed: event => composer.key(event)
                onTyped: (text, cursor) => composer.compose.typed(text, cursor)
            }
            StIconButton {
                objectName: "sendButton"
                Layout.alignment: Qt.AlignBottom
                Layout.bottomMargin: 2
                glyph: composer.compose.mode === ComposeModel.Edit ? Icon.Check : Icon.Send
                label: composer.compose.mode === ComposeModel.Edit ? qsTr("Save the change") : qsTr("Send")
                tint: Theme.accent
                enabled: field.length > 0
                onClicked: composer.send()
            }
        }
    }
}
