// What one can do to a message, where it was asked for.
import QtQuick
import Starling.Client
import Starling.Theme

StPopup {
    id: menu

    required property MessageActions actions
    required property ComposeModel compose
    required property TimelineModel timeline

    property var seq: 0 // 64 bits
    property var outboxId: 0
    property var replyTo: 0
    property int messageState: TimelineModel.Incoming
    property string body: ""
    property bool isDeleted: false
    property bool canEdit: false
    property bool canDelete: false
    property int editCount: 0
    property var links: []
    property point place: Qt.point(0, 0) // Where it opens if there is room.

    signal historyWanted(var seq)
    signal cancelWanted(var outboxId)
    signal resendWanted(var outboxId)

    // `row`: what it is about; the place is in the parent's coordinates.
    function show(row, where) {
        seq = row.seq;
        outboxId = row.outboxId;
        replyTo = row.replyTo;
        messageState = row.messageState;
        body = row.body;
        isDeleted = row.isDeleted;
        canEdit = row.canEdit;
        canDelete = row.canDelete;
        editCount = row.editCount;
        links = row.links;
        place = where;
        open();
    }

    objectName: "messageMenu"
    x: Math.round(Math.max(Theme.gapSmall, Math.min(place.x, parent.width - width - Theme.gapSmall)))
    y: Math.round(Math.max(Theme.gapSmall, Math.min(place.y, parent.height - height - Theme.gapSmall)))
    padding: Theme.gapTiny
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    onOpened: (contentItem as MessageMenuItems).begin()

    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
        border.width: 1
        border.color: Theme.line
    }
    contentItem: MessageMenuItems {
        actions: menu.actions
        compose: menu.compose
        timeline: menu.timeline
        seq: menu.seq
        outboxId: menu.outboxId
        replyTo: menu.replyTo
        messageState: menu.messageState
        body: menu.body
        isDeleted: menu.isDeleted
        canEdit: menu.canEdit
        canDelete: menu.canDelete
        editCount: menu.editCount
        links: menu.links
        onHistoryWanted: seq => menu.historyWanted(seq)
        onCancelWanted: outboxId => menu.cancelWanted(outboxId)
        onResendWanted: outboxId => menu.resendWanted(outboxId)
        onCloseWanted: menu.close()
    }
}
