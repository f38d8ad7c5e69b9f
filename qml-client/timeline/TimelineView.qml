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

    // As an object with signals, which the linter does not know a list model to be.
    readonly property var rows: timeline

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
        // A key that is held takes one message away, not those that come to its place.
        if (event.key === Qt.Key_Delete && event.isAutoRepeat)
            return;
        if (!row.open)
            return;
        if (!row.stored)
            return waitingKey(event, row);
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

    // One that is not stored: Del takes it back, and Enter tries again what was refused, once for
    // each time that it is pressed.
    function waitingKey(event, row) {
        const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
        event.accepted = true;
        if (enter && row.failed) {
            if (!event.isAutoRepeat)
                resendWanted(row.outboxId);
        } else if (enter || event.key === Qt.Key_Menu || event.key === Qt.Key_Space)
            menuAt(row, row.middle());
        else if (event.matches(StandardKey.Copy))
            actions.copyText(row.body);
        else if (event.key === Qt.Key_Delete && !row.cancelling)
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
        list.target = -1;
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
        // Rows beyond the screen are made before one gets there. Who is at the newest messages and does
        // not move needs none: each message that comes would make and unmake some.
        readonly property int reach: 800
        cacheBuffer: following && !moving ? 0 : reach
        highlightFollowsCurrentItem: false // It would scroll at every new message.
        Accessible.name: qsTr("Messages; Enter opens what can be done with one")
        Keys.onPressed: event => {
            stepping = event.key === Qt.Key_Up || event.key === Qt.Key_Down;
            stepped.restart();
            view.key(event);
        }
        property bool stepping: false // By the arrows, and not by rows that come or go.
        Timer {
            id: stepped
            interval: 0
            onTriggered: list.stepping = false
        }
        onCurrentIndexChanged: if (stepping) {
            target = -1;
            positionViewAtIndex(currentIndex, ListView.Contain);
        }

        // The newest message stays in sight unless one has scrolled away from it.
        property bool following: true
        onFollowingChanged: view.timeline.atNewest = following
        // The row that one was led to, which stays in the middle until one moves: a conversation that
        // opens there has no height yet.
        property int target: -1
        property bool dark: false // It has not been lit.
        property bool resized: false
        function lead(index) {
            following = false;
            currentIndex = index;
            target = index;
            dark = true;
            center();
        }
        function center() {
            if (target < 0 || height <= 0)
                return;
            positionViewAtIndex(target, ListView.Center);
            const there = dark ? itemAtIndex(target) as MessageDelegate : null;
            if (there === null)
                return;
            dark = false;
            there.flash();
            following = atNewest; // So near to the end that it goes no further.
        }
        onMovementStarted: target = -1
        function scroll(by) {
            target = -1;
            const top = originY;
            const bottom = originY + contentHeight - height;
            following = false;
            contentY = Math.max(Math.min(top, bottom), Math.min(bottom, contentY + by));
            following = atNewest;
        }
        function follow() {
            if (following && !moving)
                positionViewAtBeginning();
        }
        // Where a row is after others have come, or gone: -1 when it is one of those.
        function moved(index, first, change) {
            if (index < first)
                return index;
            return change < 0 && index < first - change ? -1 : index + change;
        }
        // A list of Qt goes to a neighbour when the row that one is at goes: a key meant for what was
        // there would be done to another message.
        function unmark(first, last) {
            const row = currentItem as MessageDelegate;
            if (row !== null && row.index >= first && row.index <= last)
                currentIndex = -1;
        }
        function shift(first, change) {
            held = moved(held, first, change);
            target = moved(target, first, change);
        }
        // What comes below pushes up what is in sight, if the row that it comes below is, too: that
        // one is held where it stands until all of it is there.
        property int held: -1
        property real heldTop: 0
        function hold(index) {
            const there = following || held >= 0 ? null : itemAtIndex(index);
            if (there === null)
                return;
            heldTop = there.mapToItem(list, 0, 0).y;
            if (heldTop < height && heldTop + there.height > 0)
                held = index;
        }
        function release() {
            if (held < 0)
                return;
            const index = held;
            held = -1;
            positionViewAtIndex(index, ListView.Beginning);
            const there = itemAtIndex(index);
            if (there !== null)
                contentY += there.mapToItem(list, 0, 0).y - heldTop;
        }
        // Soon one is at the end of what is here.
        readonly property bool nearEnd: originY + contentHeight - contentY - height < reach
        onNearEndChanged: later.restart()
        readonly property bool atNewest: atYEnd && !view.timeline.detached
        onAtNewestChanged: if (atNewest)
            following = true
        readonly property bool loadingNewer: view.timeline.loadingNewer
        onLoadingNewerChanged: later.restart()
        onAtYEndChanged: later.restart()
        onMovementEnded: following = atNewest
        onCountChanged: later.restart()
        onHeightChanged: {
            resized = true;
            later.restart();
        }
        onContentHeightChanged: later.restart()

        Timer {
            id: later // Once for all that changes in one turn.
            interval: 0
            onTriggered: {
                list.follow();
                if (list.resized)
                    list.center();
                list.resized = false;
                if (!list.nearEnd || !view.timeline.detached)
                    return;
                list.forceLayout(); // With what has just come, it may be far.
                if (list.nearEnd)
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
    Connections {
        target: view.rows
        function onRowsAboutToBeInserted(parent, first, last) {
            list.hold(first);
        }
        function onRowsInserted(parent, first, last) {
            list.shift(first, last - first + 1);
        }
        function onRowsAboutToBeRemoved(parent, first, last) {
            list.unmark(first, last);
        }
        function onRowsRemoved(parent, first, last) {
            list.shift(first, first - last - 1);
        }
        function onRowsMoved(parent, first, last, destination, place) {
            list.shift(first, -1);
            list.shift(place - 1, 1);
        }
        function onModelReset() { // Another conversation: it begins at its newest message.
            list.held = list.target = -1;
            list.following = true;
        }
        function onStatus_changed() {
            list.release();
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
        readonly property bool floats: true
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
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
    }
    ColumnLayout {
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.gap
        width: Math.min(Theme.scaled(420), parent.width - 2 * Theme.gapLarge)
        visible: view.timeline.notice !== ""
        spacing: Theme.gapTiny
        readonly property bool floats: true

        StNotice {
            Layout.fillWidth: true
            text: view.timeline.notice
        }
        StButton {
            objectName: "retryPage"
            Layout.alignment: Qt.AlignHCenter
            text: qsTr("Try again")
            onClicked: view.timeline.retryPage()
        }
    }
    StNotice {
        objectName: "actionError"
        readonly property bool floats: true // Over the messages; a click takes it away.
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.gap
        width: Math.min(Theme.scaled(420), parent.width - 2 * Theme.gapLarge)
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
            list.lead(row);
        }
    }
    MessageMenu {
        id: menu
        actions: view.actions
        compose: view.compose
        timeline: view.timeline
        onHistoryWanted: seq => history.show(seq)
        onCancelWanted: outboxId => view.cancelWanted(outboxId)
        onResendWanted: outboxId => view.resendWanted(outboxId)
    }
    HistoryPopup {
        id: history
        place: view
        actions: view.actions
    }
}
