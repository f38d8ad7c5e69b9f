// Conversations on the left, the open one on the right; one of them at a time when it is narrow.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Composer
import Starling.Conversations
import Starling.People
import Starling.Theme
import Starling.Timeline

Item {
    id: page

    required property ChatClient client

    readonly property bool narrow: width < Theme.narrow
    readonly property bool chatting: client.chatting

    function openPeople() {
        people.open();
    }

    RowLayout {
        anchors.fill: parent
        spacing: 0

        ConversationList {
            Layout.fillHeight: true
            Layout.fillWidth: page.narrow
            Layout.preferredWidth: 312
            visible: !page.narrow || !page.chatting
            client: page.client
            onPeopleWanted: page.openPeople()
        }
        Rectangle {
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            visible: !page.narrow
            color: Theme.line
        }
        ColumnLayout {
            visible: page.chatting
            spacing: 0

            ConversationHeader {
                Layout.fillWidth: true
                client: page.client
                narrow: page.narrow
            }
            TimelineView {
                Layout.fillWidth: true
                Layout.fillHeight: true
                timeline: page.client.timeline
                onCancelWanted: outboxId => page.client.cancelMessage(outboxId)
            }
            Composer {
                id: composer
                Layout.fillWidth: true
                client: page.client
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !page.narrow && !page.chatting
            color: Theme.canvas

            Text {
                anchors.centerIn: parent
                text: qsTr("Choose a conversation, or press Ctrl+N to find people")
                color: Theme.textSoft
                font.pixelSize: Theme.fontBody
            }
        }
    }
    Connections {
        target: page.client
        function onCurrentChanged() {
            if (page.chatting)
                composer.takeFocus();
        }
    }
    PeoplePanel {
        id: people
        client: page.client
        width: Math.min(400, page.width - 2 * Theme.gapLarge)
        height: Math.min(520, page.height - 2 * Theme.gapHuge)
        x: Math.round((page.width - width) / 2)
        y: Math.round((page.height - height) / 2)
    }
    Shortcut {
        sequence: "Ctrl+N"
        onActivated: page.openPeople()
    }
}
