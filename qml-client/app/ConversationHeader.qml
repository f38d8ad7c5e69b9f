// Who the open conversation is with, or which group it is; on a small window also the way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: header

    required property ChatClient client
    property bool narrow: false

    signal membersWanted
    signal clusterWanted
    signal personWanted

    implicitHeight: Theme.barHeight
    color: Theme.window

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.gapSmall
        anchors.rightMargin: Theme.gapLarge
        spacing: Theme.gapSmall

        StIconButton {
            objectName: "backButton"
            visible: header.narrow
            glyph: Icon.Back
            label: qsTr("Back to the conversations")
            onClicked: header.client.closeConversation()
        }
        HeaderButton {
            Layout.fillWidth: true
            client: header.client
            onClicked: header.client.groups.open ? header.membersWanted() : header.personWanted()
        }
        StIconButton {
            objectName: "membersButton"
            visible: header.client.groups.open
            glyph: Icon.People
            label: qsTr("The group and its members")
            onClicked: header.membersWanted()
        }
        StatusPill {
            objectName: "narrowStatusPill"
            Layout.maximumWidth: header.width * 0.45
            visible: header.narrow // The list with its pill is out of sight.
            compact: true
            cluster: header.client.cluster
            onClicked: header.clusterWanted()
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
