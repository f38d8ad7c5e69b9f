// The left pane: one's own name, the conversations, the status pill.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: pane

    required property ChatClient client

    signal peopleWanted
    signal clusterWanted

    color: Theme.sidebar

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.barHeight
            Layout.leftMargin: Theme.gapLarge
            Layout.rightMargin: Theme.gapSmall
            spacing: Theme.gapSmall

            StAvatar {
                size: Theme.avatarSmall
                initials: pane.client.initials
                colorIndex: pane.client.colorIndex
            }
            Text {
                Layout.fillWidth: true
                text: pane.client.displayName
                textFormat: Text.PlainText
                color: Theme.text
                font.pixelSize: Theme.fontTitle
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            StIconButton {
                objectName: "peopleButton"
                glyph: Icon.Plus
                label: qsTr("New conversation")
                tint: Theme.accent
                onClicked: pane.peopleWanted()
            }
            StIconButton {
                objectName: "logOutButton"
                glyph: Icon.Exit
                label: qsTr("Log out")
                onClicked: pane.client.logOut()
            }
        }
        ConversationRows {
            id: list
            objectName: "conversationList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            model: pane.client.conversations
            onChosen: id => pane.client.openConversation(id)

            ColumnLayout {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.gapHuge
                visible: pane.client.conversations.loaded && list.count === 0
                spacing: Theme.gap

                Text {
                    Layout.fillWidth: true
                    text: qsTr("No conversations yet")
                    color: Theme.textSoft
                    font.pixelSize: Theme.fontBody
                    horizontalAlignment: Text.AlignHCenter
                }
                StButton {
                    Layout.alignment: Qt.AlignHCenter
                    text: qsTr("Find people")
                    onClicked: pane.peopleWanted()
                }
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
            onClicked: pane.clusterWanted()
        }
    }
}
