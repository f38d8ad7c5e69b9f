// The messages of the open conversation. It fills from the bottom; older pages come as one scrolls
// up, and newer ones on the way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Rectangle {
    id: view

    required property TimelineModel timeline
    required property MessageActions actions
    required property ComposeModel compose

    signal cancelWanted(var outboxId)

    function menuAt(row, place) {
        menu.show(row, row.mapToItem(view, place));
    }
    // What the keyboard does to the message that one is at.
    function key(event) {
        const row = list.currentItem as MessageDelegate;
        if (row === null || !row.open)
            return;
        event.accepted = true;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Menu || event.key === Qt.Key_Space)
            menuAt(row, row.middle());
        else if (event.matches(StandardKey.Copy))
            actions.copy(row.seq);
        else if (event.key === Qt.Key_R && !row.isDeleted)
            compose.beginReply(row.seq);
        else if (event.key === Qt.Key_E && row.canEdit)
            compose.beginEdit(row.seq);
        else if (event.key === Qt.Key_Delete && row.canDelete)
            actions.erase(row.seq);
        else
            event.accepted = false;
    }

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
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightFollowsCurrentItem: false // It would scroll at every new message.
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages; Enter opens what can be done with one")
        Keys.onPressed: event => view.key(event)
        onCurrentIndexChanged: if (activeFocus)
            positionViewAtIndex(currentIndex, ListView.Contain)

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
            id: row
            width: ListView.view.width
            marked: ListView.isCurrentItem && ListView.view.activeFocus
            onMenuWanted: place => view.menuAt(row, place)
            onJumpWanted: seq => view.timeline.jumpTo(seq)
            onHistoryWanted: seq => history.show(seq)
            onReacted: (seq, emoji) => view.actions.react(seq, emoji)
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
    StNotice {
        objectName: "actionError"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gap
        width: Math.min(420, parent.width - 2 * Theme.gapLarge)
        text: view.actions.error

        TapHandler {
            onTapped: view.actions.clearError()
        }
    }
    Connections {
        target: view.actions
        function onJumped(row) {
            list.following = false;
            list.currentIndex = row;
            list.positionViewAtIndex(row, ListView.Center);
            const there = list.itemAtIndex(row) as MessageDelegate;
            if (there !== null)
                there.flash();
        }
    }
    MessageMenu {
        id: menu
        actions: view.actions
        compose: view.compose
        timeline: view.timeline
        onHistoryWanted: seq => history.show(seq)
    }
    HistoryPopup {
        id: history
        place: view
        actions: view.actions
    }
}
