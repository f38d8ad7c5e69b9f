// The left pane: oneself and the menu, the conversations, the status pill.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: pane

    required property ChatClient client

    signal paletteWanted
    signal wanted(int action) // Of AppAction.

    function takeFocus() {
        list.forceActiveFocus();
    }

    color: Theme.sidebar

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        ListHeader {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.barHeight
            Layout.leftMargin: Theme.gapSmall
            Layout.rightMargin: Theme.gapSmall
            client: pane.client
            onPaletteWanted: pane.paletteWanted()
            onWanted: action => pane.wanted(action)
        }
        ConversationRows {
            id: list
            objectName: "conversationList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            model: pane.client.conversations
            onChosen: id => pane.client.openConversation(id)

            ListState {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.gapHuge
                visible: list.count === 0
                client: pane.client
                onPeopleWanted: pane.wanted(AppAction.NewConversation)
            }
        }
        StNotice {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.gap
            Layout.rightMargin: Theme.gap
            Layout.topMargin: Theme.gapSmall
            text: pane.client.error
        }
        StatusPill {
            Layout.maximumWidth: pane.width - 2 * Theme.gap
            Layout.margins: Theme.gap
            cluster: pane.client.cluster
            onClicked: pane.wanted(AppAction.Cluster)
        }
    }
}
