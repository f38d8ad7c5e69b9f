// A row of the timeline: the day above it, the sender's picture beside it, the bubble, and for a
// message that failed the reason and a way out.
import QtQuick
import Starling.Client
import Starling.Theme

Item {
    id: row

    required property var outboxId // 64 bits
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

    signal cancelWanted(var outboxId)

    implicitHeight: separator.implicitHeight + (firstOfGroup ? Theme.gapSmall : 3) + bubble.height + (failure.visible ? failure.height + Theme.gapTiny : 0)

    DaySeparator {
        id: separator
        anchors.left: parent.left
        anchors.right: parent.right
        day: row.day
    }
    StAvatar {
        visible: !row.own && row.lastOfGroup
        size: Theme.avatarSmall
        x: row.side
        anchors.bottom: bubble.bottom
        initials: row.initials
        colorIndex: row.colorIndex
    }
    MessageBubble {
        id: bubble
        objectName: "messageBubble"
        x: row.own ? row.width - width - row.side : row.side + row.pictureRoom
        y: separator.implicitHeight + (row.firstOfGroup ? Theme.gapSmall : 3)
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
    }
    Text {
        id: failure
        visible: row.messageState === TimelineModel.Failed
        anchors.right: bubble.right
        anchors.top: bubble.bottom
        anchors.topMargin: Theme.gapTiny
        width: Math.min(implicitWidth, row.width - 2 * row.side)
        text: qsTr("Not sent: %1 <a href=\"x\">Remove</a>").arg(row.errorText)
        textFormat: Text.StyledText
        linkColor: Theme.accent
        color: Theme.bad
        font.pixelSize: Theme.fontSmall
        wrapMode: Text.Wrap
        onLinkActivated: row.cancelWanted(row.outboxId)
    }
}
