// Which server took over and how long that took, said quietly for a few seconds.
import QtQuick
import Starling.Client
import Starling.Theme

Rectangle {
    id: line

    required property ClusterStatus cluster

    objectName: "failoverLine"
    implicitWidth: label.implicitWidth + 2 * Theme.gap
    implicitHeight: 26
    radius: height / 2
    color: Theme.dayChip
    opacity: 0
    visible: opacity > 0
    Accessible.role: Accessible.StaticText
    Accessible.name: label.text

    Text {
        id: label
        anchors.centerIn: parent
        width: Math.min(implicitWidth, line.width - 2 * Theme.gap)
        text: line.cluster.switchedText
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        elide: Text.ElideRight
    }
    SequentialAnimation {
        id: telling

        PropertyAction {
            target: line
            property: "opacity"
            value: 1
        }
        PauseAnimation {
            duration: 6000
        }
        NumberAnimation {
            target: line
            property: "opacity"
            to: 0
            duration: 1500
        }
    }
    Connections {
        target: line.cluster
        function onFailedOver() {
            telling.restart();
        }
    }
}
