// A row of tabs, one Tab stop; it scrolls when there is no room.
import QtQuick
import QtQuick.Templates as T

T.TabBar {
    id: bar

    required property list<string> titles
    required property string label

    function step(by) {
        currentIndex = Math.max(0, Math.min(count - 1, currentIndex + by));
        itemAt(currentIndex).forceActiveFocus(Qt.TabFocusReason);
    }

    implicitHeight: Theme.scaled(34)
    spacing: Theme.gapTiny
    Accessible.role: Accessible.PageTabList
    Accessible.name: label

    contentItem: ListView {
        model: bar.contentModel
        currentIndex: bar.currentIndex
        orientation: ListView.Horizontal
        spacing: bar.spacing
        boundsBehavior: Flickable.StopAtBounds
        flickableDirection: Flickable.AutoFlickIfNeeded
        highlightMoveDuration: 0
        clip: true
    }

    Repeater {
        model: bar.titles

        StTab {
            required property string modelData

            text: modelData
            onStepWanted: by => bar.step(by)
        }
    }
}
