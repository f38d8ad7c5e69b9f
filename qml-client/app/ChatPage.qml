// Conversations on the left, the open one on the right; one of them at a time when it is narrow.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Composer
import Starling.Conversations
import Starling.Groups
import Starling.People
import Starling.Theme
import Starling.Timeline

Item {
    id: page

    required property ChatClient client
    required property AppSettings settings

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
            onClusterWanted: cluster.open()
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
                onMembersWanted: members.open()
                onClusterWanted: cluster.open()
            }
            TimelineView {
                Layout.fillWidth: true
                Layout.fillHeight: true
                timeline: page.client.timeline
                actions: page.client.actions
                compose: page.client.compose
                onCancelWanted: outboxId => page.client.cancelMessage(outboxId)

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
        function onOpened() {
            composer.takeFocus();
        }
    }
    PeoplePanel {
        id: people
        place: page
        client: page.client
        onGroupWanted: newGroup.open()
    }
    NewGroupDialog {
        id: newGroup
        place: page
        client: page.client
    }
    MembersPanel {
        id: members
        place: page
        client: page.client
    }
    ClusterPanel {
        id: cluster
        place: page
        cluster: page.client.cluster
    }
    Shortcut {
        sequence: "Ctrl+N"
        onActivated: page.openPeople()
    }
}
