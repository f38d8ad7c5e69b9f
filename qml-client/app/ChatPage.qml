// Conversations on the left, the open one on the right; one of them at a time when it is narrow.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Composer
import Starling.Conversations
import Starling.Theme
import Starling.Timeline

Item {
    id: page

    required property ChatClient client
    required property AppSettings settings

    readonly property bool narrow: width < Theme.narrow
    readonly property bool chatting: client.chatting

    // What no item has taken: Esc leaves the conversation, and letters go into the message.
    function key(event) {
        if (!chatting)
            return;
        if (event.key === Qt.Key_Escape) {
            client.closeConversation();
            list.takeFocus();
            event.accepted = true;
        } else if (event.text.length === 1 && event.text >= " " && !(event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier))) {
            composer.typeIn(event.text);
            event.accepted = true;
        }
    }

    Keys.onPressed: event => page.key(event)

    RowLayout {
        anchors.fill: parent
        spacing: 0

        ConversationList {
            id: list
            Layout.fillHeight: true
            Layout.fillWidth: page.narrow
            Layout.preferredWidth: Math.min(Theme.scaled(312), page.width * 0.4)
            visible: !page.narrow || !page.chatting
            client: page.client
            onPaletteWanted: panels.openPalette()
            onWanted: action => panels.act(action)
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
                onMembersWanted: panels.openMembers()
                onPersonWanted: panels.openPerson(page.client.currentName, page.client.currentTitle)
                onClusterWanted: panels.act(AppAction.Cluster)
            }
            TimelineView {
                Layout.fillWidth: true
                Layout.fillHeight: true
                timeline: page.client.timeline
                actions: page.client.actions
                compose: page.client.compose
                onCancelWanted: outboxId => page.client.cancelMessage(outboxId)
                onResendWanted: outboxId => page.client.resendMessage(outboxId)

                FailoverLine {
                    anchors.horizontalCenter: parent.horizontalCenter
                    anchors.top: parent.top
                    anchors.topMargin: Theme.gap
                    width: Math.min(implicitWidth, parent.width - 2 * Theme.gap)
                    cluster: page.client.cluster
                }
            }
            Composer {
                id: composer
                Layout.fillWidth: true
                client: page.client
                enterSends: page.settings.enterSends
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: !page.narrow && !page.chatting
            color: Theme.canvas

            StEmpty {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.gapHuge
                glyph: Icon.Bird
                text: qsTr("Choose a conversation")
                detail: qsTr("Ctrl+K jumps anywhere, Ctrl+N finds people, F1 shows all keys.")
            }
        }
    }
    Connections {
        target: page.client
        function onOpened() {
            composer.takeFocus();
        }
    }
    ChatPanels {
        id: panels
        anchors.fill: parent
        client: page.client
        settings: page.settings
    }
    Shortcut {
        sequence: "Ctrl+K"
        onActivated: panels.openPalette()
    }
    Shortcut {
        sequence: "Ctrl+N"
        onActivated: panels.act(AppAction.NewConversation)
    }
    Shortcut {
        sequence: "Ctrl+,"
        onActivated: panels.act(AppAction.Settings)
    }
    Shortcut {
        sequences: ["F1", "Ctrl+/"]
        onActivated: panels.act(AppAction.Keys)
    }
    Shortcut {
        sequence: "Ctrl+F"
        onActivated: panels.openSearch(page.chatting)
    }
    Shortcut {
        sequence: "Alt+Down"
        onActivated: page.client.step(1)
    }
    Shortcut {
        sequence: "Alt+Up"
        onActivated: page.client.step(-1)
    }
}
