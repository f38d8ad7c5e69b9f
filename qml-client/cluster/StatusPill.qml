// Which server is the primary, whether writes go through, how long the last failover took. A click
// asks for the panel of the cluster.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.Button {
    id: pill

    required property ClusterStatus cluster
    property bool compact: false // One word where there is no room; a click tells the rest.

    readonly property string whole: cluster.detail === "" ? cluster.title : cluster.title + " · " + cluster.detail
    readonly property color light: {
        switch (cluster.state) {
        case ClusterStatus.Connected:
            return Theme.good;
        case ClusterStatus.Offline:
            return Theme.bad;
        default:
            return Theme.warn;
        }
    }

    objectName: "statusPill"
    text: !compact ? whole : cluster.state === ClusterStatus.Connected ? qsTr("Connected") : cluster.title
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.scaled(30)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    Accessible.name: whole
    Accessible.description: cluster.explanation

    contentItem: RowLayout {
        spacing: Theme.gapSmall

        Rectangle {
            Layout.preferredWidth: Theme.scaled(8)
            Layout.preferredHeight: Theme.scaled(8)
            radius: height / 2
            color: pill.light
        }
        Text {
            Layout.fillWidth: true
            text: pill.text
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        radius: height / 2
        color: pill.hovered ? Theme.hover : Theme.raised
        border.width: 1
        border.color: pill.visualFocus ? Theme.accent : Theme.line
    }
}
