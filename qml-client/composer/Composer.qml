// Writing a message: Enter sends, Shift+Enter begins a new line.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

Rectangle {
    id: composer

    required property ChatClient client

    function send() {
        if (client.sendMessage(field.text))
            field.clear();
    }
    function takeFocus() {
        field.forceActiveFocus();
    }

    implicitHeight: column.implicitHeight + 2 * Theme.gapSmall
    color: Theme.window

    Connections {
        target: composer.client
        function onSendRefused(text) {
            if (field.length === 0)
                field.text = text;
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
        RowLayout {
            spacing: Theme.gapSmall

            Flickable {
                id: scroll
                Layout.fillWidth: true
                Layout.preferredHeight: Math.min(field.implicitHeight, 140)
                contentHeight: field.implicitHeight
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                T.TextArea.flickable: T.TextArea {
                    id: field
                    objectName: "composerField"
                    implicitHeight: Math.max(Theme.controlHeight, contentHeight + topPadding + bottomPadding)
                    topPadding: 10
                    bottomPadding: 10
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
                    Keys.onReturnPressed: event => {
                        event.accepted = !(event.modifiers & Qt.ShiftModifier);
                        if (event.accepted)
                            composer.send();
                    }
                    Keys.onEnterPressed: composer.send()

                    Text {
                        x: field.leftPadding
                        y: field.topPadding
                        visible: field.length === 0 && field.preeditText === ""
                        text: qsTr("Write a message")
                        color: Theme.textFaint
                        font: field.font
                    }
                    background: Rectangle {
                        radius: Theme.radius
                        color: Theme.field
                    }
                }
            }
            StIconButton {
                objectName: "sendButton"
                Layout.alignment: Qt.AlignBottom
                Layout.bottomMargin: 2
                glyph: Icon.Send
                label: qsTr("Send")
                tint: Theme.accent
                enabled: field.length > 0
                onClicked: composer.send()
            }
        }
    }
}
