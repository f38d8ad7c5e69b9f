// What the panel of the cluster holds.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: view

    required property ClusterStatus cluster

    signal closeWanted

    function takeFocus() {
        servers.forceActiveFocus();
    }

    spacing: Theme.gap

    RowLayout {
        spacing: Theme.gapSmall

        Text {
            Layout.fillWidth: true
            text: qsTr("Cluster")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
        }
        StIconButton {
            objectName: "clusterClose"
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: view.closeWanted()
        }
    }
    Text {
        Layout.fillWidth: true
        text: view.cluster.explanation
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
    }
    ServerRows {
        id: servers
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.preferredHeight: contentHeight // Less where there is no room: it scrolls.
        Layout.maximumHeight: contentHeight
        visible: count > 0
        model: view.cluster.servers
    }
    RowLayout {
        Layout.topMargin: Theme.gapSmall
        spacing: Theme.gapSmall

        Text {
            Layout.fillWidth: true
            text: qsTr("What happened")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontBody
            font.weight: Font.DemiBold
        }
        StButton {
            objectName: "copyEvents"
            subdued: true
            enabled: view.cluster.events.count > 0
            text: qsTr("Copy")
            Accessible.description: qsTr("Copies what happened as text")
            onClicked: view.cluster.events.copy()
        }
    }
    EventRows {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: Theme.scaled(48)
        model: view.cluster.events

        Text {
            anchors.centerIn: parent
            visible: view.cluster.events.count === 0
            text: qsTr("Nothing yet")
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontBody
        }
    }
}
