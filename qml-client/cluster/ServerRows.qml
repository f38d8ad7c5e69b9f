// The servers, one below the other.
import QtQuick
import Starling.Theme

ListView {
    objectName: "serverList"
    clip: true
    spacing: Theme.gapTiny
    activeFocusOnTab: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: Theme.quick
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Servers")
    delegate: ServerDelegate {
        width: ListView.view.width
    }
    StScrollBar.vertical: StScrollBar {}
}
