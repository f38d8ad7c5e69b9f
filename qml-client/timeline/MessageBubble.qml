// One message: what it answers, the words, the time, and for one's own how far it has come.
import QtQuick
import Starling.Client
import Starling.Theme

Rectangle {
    id: bubble

    required property string body
    required property string sender
    required property string time
    required property string stateText
    required property int messageState
    required property int colorIndex
    required property bool own
    required property bool isDeleted
    required property bool showSender
    required property bool answers
    required property string replySender
    required property string replyBody
    required property bool edited
    required property bool mentionsMe
    required property var links // A list of {start, length, url}.
    required property bool marked // One is at it with the keyboard.
    required property real maximumWidth

    signal quoteClicked
    signal editedClicked
    signal linkClicked(string url)
    signal touched

    // The address at a place of the words; empty: none.
    function linkAt(x, y) {
        const at = words.positionAt(x, y);
        const there = words.positionToRectangle(at);
        if (Math.abs(there.x - x) > Theme.fontHuge || y < there.y || y > there.y + there.height)
            return "";
        for (const link of links) {
            if (at >= link.start && at <= link.start + link.length)
                return link.url;
        }
        return "";
    }

    readonly property bool mirrored: Theme.mirrored
    readonly property int padding: Theme.gap - 1
    readonly property real room: maximumWidth - 2 * padding
    // As wide as the longest line that is shown, which a wrapped text knows after it was laid out.
    readonly property real wanted: Math.max(beside ? words.contentWidth + meta.width + Theme.gap : Math.max(words.contentWidth, meta.width), name.visible ? name.implicitWidth : 0, answers ? Math.min(quote.implicitWidth, 320) : 0)
    // The time stands beside the last line when there is room, else below it.
    readonly property bool beside: words.lineCount === 1 && words.implicitWidth + meta.width + Theme.gap <= room
    readonly property int stateIcon: {
        switch (messageState) {
        case TimelineModel.Queued:
        case TimelineModel.Cancelling:
            return Icon.Clock;
        case TimelineModel.Sent:
            return Icon.Sending;
        case TimelineModel.Replicated:
            return Icon.Check;
        case TimelineModel.Delivered:
        case TimelineModel.Read:
            return Icon.ChecksTwo;
        case TimelineModel.Failed:
            return Icon.Warning;
        default:
            return Icon.None;
        }
    }

    implicitWidth: Math.min(maximumWidth, Math.ceil(wanted) + 2 * padding)
    implicitHeight: column.height + 2 * (padding - 3)
    radius: Theme.radiusLarge
    color: own ? Theme.bubbleOwn : Theme.bubbleOther
    border.width: marked ? 2 : mentionsMe ? 1 : 0
    border.color: Theme.accent
    Accessible.role: Accessible.StaticText
    Accessible.name: sender + ", " + time + ": " + body + (edited ? ". " + qsTr("Edited") : "") + (stateText === "" ? "" : ". " + stateText)

    Column {
        id: column
        x: bubble.padding
        y: bubble.padding - 3
        width: bubble.width - 2 * bubble.padding
        spacing: bubble.answers ? Theme.gapTiny : 2

        Text {
            id: name
            anchors.left: parent.left // The right side where everything is mirrored.
            visible: bubble.showSender
            width: Math.min(implicitWidth, bubble.room)
            text: bubble.sender
            textFormat: Text.PlainText
            color: Theme.nameColors[bubble.colorIndex]
            font.pixelSize: Theme.fontName
            font.weight: Font.DemiBold
            elide: Text.ElideRight
        }
        MessageQuote {
            id: quote
            visible: bubble.answers
            width: column.width
            sender: bubble.replySender
            body: bubble.replyBody
            onClicked: bubble.quoteClicked()
        }
        TextEdit {
            id: words
            // Beside the edge where its lines begin: it is wider than a bubble that wraps.
            x: (lineCount > 1 ? effectiveHorizontalAlignment === TextEdit.AlignRight : bubble.mirrored) ? column.width - width : 0
            width: Math.min(Math.ceil(implicitWidth), bubble.room) // Not the bubble's own, which follows from it.
            text: bubble.body
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            readOnly: true
            selectByMouse: true
            onActiveFocusChanged: if (activeFocus)
                bubble.touched()
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentText
            color: bubble.isDeleted ? Theme.textSoft : Theme.text
            font.pixelSize: Theme.fontBody
            font.italic: bubble.isDeleted
            Accessible.ignored: true // The bubble has the words.

            HoverHandler {
                id: over
                readonly property bool link: hovered && bubble.links.length > 0 && bubble.linkAt(point.position.x, point.position.y) !== ""
                cursorShape: link ? Qt.PointingHandCursor : Qt.IBeamCursor
            }
            TapHandler {
                enabled: bubble.links.length > 0
                onTapped: eventPoint => {
                    const url = bubble.linkAt(eventPoint.position.x, eventPoint.position.y);
                    if (url !== "" && words.selectedText === "")
                        bubble.linkClicked(url);
                }
            }
            MentionHighlighter {
                document: words.textDocument
                color: Theme.mention
                lineHeight: Theme.lineHeight
            }
        }
        Item {
            visible: !bubble.beside
            width: 1
            height: meta.height
        }
    }
    Row {
        id: meta
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.rightMargin: bubble.padding
        anchors.bottomMargin: bubble.padding - 3
        spacing: Theme.gapTiny

        Text {
            visible: bubble.edited
            text: qsTr("edited")
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontTiny
            font.underline: hover.hovered

            HoverHandler {
                id: hover
                cursorShape: Qt.PointingHandCursor
            }
            TapHandler {
                onTapped: bubble.editedClicked()
            }
        }
        Text {
            text: bubble.time
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontTiny
        }
        Icon {
            visible: bubble.own
            width: Theme.scaled(14)
            height: width
            name: bubble.stateIcon
            color: bubble.messageState === TimelineModel.Failed ? Theme.bad : bubble.messageState === TimelineModel.Read ? Theme.accent : Theme.textSoft
        }
    }
}
