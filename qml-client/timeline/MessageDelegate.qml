// A row of the timeline: the day above it, then a system message, or the sender's picture, the
// bubble, what others made of it, and for a message that failed the reason and a way out.
import QtQuick
import Starling.Client
import Starling.Theme

Item {
    id: row

    required property int index
    required property var seq // 64 bits
    required property var outboxId
    required property var replyTo
    required property int kind
    required property string systemText
    required property string replySender
    required property string replyBody
    required property bool edited
    required property int editCount
    required property var reactions
    required property bool hidden
    required property bool mentionsMe
    required property bool unreadAbove
    required property var links // A list of {start, length, url}.
    required property bool canEdit
    required property bool canDelete
    required property string body
    required property string sender
    required property string time
    required property string stateText
    required property string errorText
    required property string day
    required property string initials
    required property int messageState
    required property int colorIndex
    required property bool own
    required property bool isDeleted
    required property bool firstOfGroup
    required property bool lastOfGroup

    readonly property int side: Theme.gapLarge
    readonly property int pictureRoom: Theme.avatarSmall + Theme.gapSmall

    readonly property bool mirrored: Theme.mirrored
    readonly property bool atRight: own !== mirrored

    readonly property bool system: kind === TimelineModel.System
    readonly property bool open: !system && !hidden && (seq > 0 || outboxId > 0) // There is something to do with it.
    readonly property bool stored: open && seq > 0
    readonly property bool failed: messageState === TimelineModel.Failed
    readonly property bool cancelling: messageState === TimelineModel.Cancelling
    property bool marked: false

    signal cancelWanted(var outboxId)
    signal resendWanted(var outboxId)
    signal linkWanted(string url)
    signal touched // One has clicked into its words.
    signal menuWanted(point place)
    signal jumpWanted(var seq)
    signal historyWanted(var seq)
    signal reacted(var seq, string emoji)

    // Where the bubble stands, for a menu that the keyboard opens.
    function middle() {
        return Qt.point(bubble.x + bubble.width / 2, bubble.y + bubble.height / 2);
    }
    function below(item) {
        return item.visible ? item.height + Theme.gapTiny : 0;
    }
    function flash() {
        flashing.restart();
    }

    implicitHeight: {
        if (hidden)
            return head;
        const top = head + above;
        if (system)
            return top + line.implicitHeight;
        return top + bubble.height + below(chips) + below(failure) + below(doubt);
    }
    readonly property int head: separator.implicitHeight + unread.implicitHeight
    readonly property int above: firstOfGroup ? Theme.gapSmall : 3

    SystemLine {
        id: line
        objectName: "systemLine"
        visible: row.system && !row.hidden
        y: row.head + row.above
        width: row.width
        sentence: row.systemText
    }
    Rectangle {
        id: light
        anchors.fill: parent
        color: Theme.selected
        opacity: 0

        // It stands, then goes quickly.
        SequentialAnimation {
            id: flashing

            PropertyAction {
                target: light
                property: "opacity"
                value: 1
            }
            PauseAnimation {
                duration: Theme.linger
            }
            NumberAnimation {
                target: light
                property: "opacity"
                to: 0
                duration: Theme.quick
            }
        }
    }
    DaySeparator {
        id: separator
        anchors.left: parent.left
        anchors.right: parent.right
        day: row.day
    }
    UnreadLine {
        id: unread
        objectName: "unreadLine"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: separator.bottom
        anchors.leftMargin: row.side
        anchors.rightMargin: row.side
        visible: row.unreadAbove
    }
    StAvatar {
        visible: !row.own && row.lastOfGroup && bubble.visible
        size: Theme.avatarSmall
        x: row.mirrored ? row.width - width - row.side : row.side
        anchors.bottom: bubble.bottom
        initials: row.initials
        colorIndex: row.colorIndex
    }
    MessageBubble {
        id: bubble
        objectName: "messageBubble"

        readonly property int inset: row.own ? row.side : row.side + row.pictureRoom

        visible: !row.system && !row.hidden
        x: row.atRight ? row.width - width - inset : inset
        y: row.head + row.above
        width: implicitWidth
        height: implicitHeight
        maximumWidth: Math.min(Theme.bubbleWidth, row.width - 2 * row.side - row.pictureRoom - Theme.gapHuge)
        body: row.body
        sender: row.sender
        time: row.time
        stateText: row.stateText
        messageState: row.messageState
        colorIndex: row.colorIndex
        own: row.own
        isDeleted: row.isDeleted
        showSender: !row.own && row.firstOfGroup
        answers: row.replyTo > 0
        replySender: row.replySender
        replyBody: row.replyBody
        edited: row.edited
        mentionsMe: row.mentionsMe
        marked: row.marked
        links: row.links
        onLinkClicked: url => row.linkWanted(url)
        onTouched: row.touched()
        onQuoteClicked: row.jumpWanted(row.replyTo)
        onEditedClicked: row.historyWanted(row.seq)

        TapHandler {
            acceptedButtons: Qt.RightButton
            gesturePolicy: TapHandler.ReleaseWithinBounds
            enabled: row.open
            onTapped: eventPoint => row.menuWanted(bubble.mapToItem(row, eventPoint.position))
        }
        TapHandler {
            enabled: row.open
            acceptedDevices: PointerDevice.TouchScreen
            onLongPressed: row.menuWanted(row.middle())
        }
    }
    ReactionChips {
        id: chips
        width: bubble.maximumWidth
        layoutDirection: row.own ? Qt.RightToLeft : Qt.LeftToRight // LayoutMirroring turns it round.
        anchors.top: bubble.bottom
        anchors.topMargin: Theme.gapTiny
        x: row.atRight ? row.width - width - bubble.inset : bubble.inset
        visible: bubble.visible && row.reactions.length > 0
        reactions: row.reactions
        onToggled: emoji => row.reacted(row.seq, emoji)
    }
    FailureLine {
        id: failure
        visible: row.failed && bubble.visible
        x: row.mirrored ? row.side : row.width - width - row.side
        anchors.top: bubble.bottom
        anchors.topMargin: Theme.gapTiny
        width: Math.min(wanted, row.width - 2 * row.side)
        reason: row.errorText
        onResendWanted: row.resendWanted(row.outboxId)
        onRemoveWanted: row.cancelWanted(row.outboxId)
    }
    Text {
        id: doubt
        objectName: "cancellingLine"
        visible: row.cancelling && bubble.visible
        x: row.mirrored ? row.side : row.width - width - row.side
        anchors.top: bubble.bottom
        anchors.topMargin: Theme.gapTiny
        width: Math.min(implicitWidth, row.width - 2 * row.side)
        text: row.stateText
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        wrapMode: Text.Wrap
        Accessible.ignored: true // The bubble says it.
    }
}
