// The servers of the cluster and what they are.
import QtQuick
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.Popup {
    id: popup

    required property ClusterStatus cluster

    width: 280
    height: implicitContentHeight + 2 * padding
    padding: Theme.gapLarge

    contentItem: Column {
        spacing: Theme.gapSmall

        Text {
            width: popup.availableWidth
            text: popup.cluster.explanation
            wrapMode: Text.Wrap
            color: Theme.text
            font.pixelSize: Theme.fontSmall
        }
        Repeater {
            model: popup.cluster.servers
            delegate: Text {
                required property string modelData
                text: modelData
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
        border.width: 1
        border.color: Theme.line
    }
}
