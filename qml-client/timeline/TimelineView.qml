// The messages of the open conversation. It fills from the bottom; older pages come as one scrolls
// up, and newer ones on the way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Rectangle {
    id: view

    required property TimelineModel timeline

    signal cancelWanted(var outboxId)

    color: Theme.canvas

    ListView {
        id: list
        objectName: "timelineList"
        anchors.fill: parent
        clip: true
        model: view.timeline
        verticalLayoutDirection: ListView.BottomToTop
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 800

        // The newest message stays in sight unless one has scrolled away from it.
        property bool following: true
        function follow() {
            if (following)
                positionViewAtBeginning();
        }
        readonly property bool atNewest: atYEnd && !view.timeline.detached
        onAtNewestChanged: if (atNewest)
            following = true
        readonly property bool loadingNewer: view.timeline.loadingNewer
        onLoadingNewerChanged: later.restart()
        onAtYEndChanged: later.restart()
        onMovementEnded: following = atNewest
        onCountChanged: later.restart()
        onHeightChanged: later.restart()
        onContentHeightChanged: later.restart()

        Timer {
            id: later // Once for all that changes in one turn.
            interval: 0
            onTriggered: {
                list.follow();
                if (list.atYEnd)
                    view.timeline.fetchNewer();
            }
        }

        header: Item {
            width: 1
            height: Theme.gap
        }
        footer: Item {
            width: 1
            height: Theme.gap
        }
        delegate: MessageDelegate {
            width: ListView.view.width
            onCancelWanted: outboxId => view.cancelWanted(outboxId)
        }
        StScrollBar.vertical: StScrollBar {}
    }
    Text {
        anchors.centerIn: parent
        visible: view.timeline.loaded && view.timeline.count === 0
        text: qsTr("No messages yet. Say hello.")
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
    }
    ColumnLayout {
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.gap
        width: Math.min(420, parent.width - 2 * Theme.gapLarge)
        visible: view.timeline.notice !== ""
        spacing: Theme.gapTiny

        StNotice {
            Layout.fillWidth: true
            text: view.timeline.notice
        }
        StButton {
            Layout.alignment: Qt.AlignHCenter
            text: qsTr("Try again")
            onClicked: view.timeline.retryPage()
        }
    }
}
