// The rows of the list of conversations: one Tab stop, the arrows go along it, Enter opens.
import QtQuick
import Starling.Theme

ListView {
    id: list

    signal chosen(var id) // 64 bits

    function openCurrent() {
        const row = currentItem as ConversationDelegate;
        if (row !== null)
            chosen(row.conversationId);
    }
    function step(by) {
        currentIndex = Math.max(0, Math.min(count - 1, currentIndex + by));
        positionViewAtIndex(currentIndex, ListView.Contain);
    }
    function key(event) {
        const page = Math.max(1, Math.floor(height / Theme.scaled(68)) - 1);
        event.accepted = true;
        switch (event.key) {
        case Qt.Key_Return:
        case Qt.Key_Enter:
        case Qt.Key_Space:
            return openCurrent();
        case Qt.Key_Home:
            return step(-count);
        case Qt.Key_End:
            return step(count);
        case Qt.Key_PageUp:
            return step(-page);
        case Qt.Key_PageDown:
            return step(page);
        }
        event.accepted = false;
    }

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: count > 0
    keyNavigationEnabled: true
    highlightFollowsCurrentItem: false
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Conversations; Enter opens one")
    onCurrentIndexChanged: if (activeFocus)
        positionViewAtIndex(currentIndex, ListView.Contain)
    Keys.onPressed: event => list.key(event)
    delegate: ConversationDelegate {
        width: ListView.view.width
        marked: ListView.isCurrentItem && ListView.view.activeFocus
        onClicked: (ListView.view as ConversationRows).chosen(conversationId)
    }
    StScrollBar.vertical: StScrollBar {}
}
