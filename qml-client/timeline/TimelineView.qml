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
    signal resendWanted(var outboxId)

    function menuAt(row, place) {
        menu.show(row, row.mapToItem(view, place));
    }
    // What the keyboard does to the message that one is at.
    function key(event) {
        const row = list.currentItem as MessageDelegate;
        if (toEnds(event) || row === null)
            return;
        if (row.failed)
            return failedKey(event, row);
        if (!row.open)
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

    // One that was refused: Enter tries again, Del takes it away.
    function failedKey(event, row) {
        event.accepted = true;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            resendWanted(row.outboxId);
        else if (event.key === Qt.Key_Delete)
            cancelWanted(row.outboxId);
        else
            event.accepted = false;
    }
    function toEnds(event) {
        const page = Math.max(40, list.height - 60);
        event.accepted = true;
        switch (event.key) {
        case Qt.Key_End:
            toNewest();
            break;
        case Qt.Key_Home:
            list.following = false;
            list.currentIndex = list.count - 1;
            list.positionViewAtEnd();
            break;
        case Qt.Key_PageUp:
            list.scroll(-page);
            break;
        case Qt.Key_PageDown:
            list.scroll(page);
            break;
        default:
            event.accepted = false;
        }
        return event.accepted;
    }
    function toNewest() {
        timeline.toNewest();
        list.following = true;
        list.currentIndex = 0;
        list.positionViewAtBeginning();
    }

    color: Theme.canvas

    StRows {
        id: list
        objectName: "timelineList"
        anchors.fill: parent
        model: view.timeline
        verticalLayoutDirection: ListView.BottomToTop
        cacheBuffer: 800
        highlightFollowsCurrentItem: false // It would scroll at every new message.
        Accessible.name: qsTr("Messages; Enter opens what can be done with one")
        Keys.onPressed: event => view.key(event)
        onCurrentIndexChanged: if (activeFocus)
            positionViewAtIndex(currentIndex, ListView.Contain)

        // The newest message stays in sight unless one has scrolled away from it.
        property bool following: true
        onFollowingChanged: view.timeline.atNewest = following
        function scroll(by) {
            const top = originY;
            const bottom = originY + contentHeight - height;
            following = false;
            contentY = Math.max(Math.min(top, bottom), Math.min(bottom, contentY + by));
            following = atNewest;
        }
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
            onTouched: () => list.currentIndex = index
            onMenuWanted: place => view.menuAt(row, place)
            onJumpWanted: seq => view.timeline.jumpTo(seq)
            onHistoryWanted: seq => history.show(seq)
            onReacted: (seq, emoji) => view.actions.react(seq, emoji)
            onCancelWanted: outboxId => view.cancelWanted(outboxId)
            onResendWanted: outboxId => view.resendWanted(outboxId)
            onLinkWanted: url => view.actions.openLink(url)
        }
    }
    StEmpty {
        objectName: "timelineState"
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.gapHuge
        visible: view.timeline.count === 0 && view.timeline.notice === ""
        glyph: view.timeline.loaded ? Icon.Bird : Icon.Clock
        text: view.timeline.loaded ? qsTr("No messages yet") : qsTr("Loading messages…")
        detail: view.timeline.loaded ? qsTr("Say hello.") : ""
    }
    Rectangle {
        objectName: "olderLoading"
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.gap
        visible: view.timeline.loading && view.timeline.count > 0 && list.atYBeginning
        width: older.implicitWidth + 2 * Theme.gap
        height: Theme.scaled(26)
        radius: height / 2
        color: Theme.dayChip

        Text {
            id: older
            anchors.centerIn: parent
            text: qsTr("Loading older messages…")
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
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
    JumpButton {
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gapLarge
        visible: !list.following && view.timeline.count > 0
        count: view.timeline.newer
        onClicked: view.toNewest()
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
