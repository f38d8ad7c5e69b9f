// Which server took over and how long that took, said quietly for a few seconds.
import QtQuick
import Starling.Client
import Starling.Theme

Rectangle {
    id: line

    required property ClusterStatus cluster
    readonly property bool floats: true // Over the messages, which one can scroll away from below it.

    objectName: "failoverLine"
    implicitWidth: label.implicitWidth + 2 * Theme.gap
    implicitHeight: Theme.scaled(26)
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
    Timer {
        id: telling
        interval: 7000
        onTriggered: fading.start()
    }
    NumberAnimation {
        id: fading
        target: line
        property: "opacity"
        to: 0
        duration: Theme.gentle
    }
    Connections {
        target: line.cluster
        function onFailedOver() {
            fading.stop();
            line.opacity = 1;
            telling.restart();
        }
    }
}
