// One conversation of the list: who, the last message, when, how many are unread, and whether one is
// named among these.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.ItemDelegate {
    id: row
    objectName: "conversationRow"

    required property var conversationId // 64 bits
    required property string title
    required property string preview
    required property string time
    required property int unread
    required property string initials
    required property int colorIndex
    required property bool isCurrent
    required property bool isGroup
    required property int memberCount
    required property int mentions
    required property bool online
    required property bool away
    required property string presence // "online", "away" or nothing.
    required property string typing // In place of the preview.
    property bool marked: false // One is at it with the keyboard.

    implicitHeight: Theme.scaled(68)
    focusPolicy: Qt.NoFocus // The list has it.
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gapLarge
    Accessible.name: (isGroup ? Sentences.spoken(qsTr("%1, group of %2"), [title, memberCount]) : title) + (presence !== "" ? ", " + presence : "") + (typing !== "" ? ", " + typing : "") + (unread > 0 ? qsTr(", %1 unread").arg(unread) : "") + (mentions > 0 ? qsTr(", you are mentioned") : "")

    contentItem: RowLayout {
        spacing: Theme.gap

        StAvatar {
            initials: row.initials
            colorIndex: row.colorIndex
            online: row.online
            away: row.away
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 3

            RowLayout {
                spacing: Theme.gapSmall
                Icon {
                    Layout.preferredWidth: Theme.scaled(15)
                    Layout.preferredHeight: Theme.scaled(15)
                    visible: row.isGroup
                    name: Icon.People
                    color: Theme.textSoft
                }
                Text {
                    Layout.fillWidth: true
                    text: row.title
                    horizontalAlignment: Text.AlignLeft // Whatever its script.
                    textFormat: Text.PlainText
                    color: Theme.text
                    font.pixelSize: Theme.fontBody
                    font.weight: Font.DemiBold
                    elide: Text.ElideRight
                }
                Text {
                    text: row.time
                    textFormat: Text.PlainText
                    color: Theme.textFaint
                    font.pixelSize: Theme.fontTiny
                }
            }
            RowLayout {
                spacing: Theme.gapSmall
                Text {
                    objectName: "previewLine"
                    Layout.fillWidth: true
                    Layout.preferredHeight: Theme.scaled(20)
                    text: row.typing !== "" ? row.typing : row.preview
                    horizontalAlignment: Text.AlignLeft
                    textFormat: Text.PlainText
                    color: row.typing !== "" ? Theme.mention : Theme.textSoft
                    font.pixelSize: Theme.fontPreview
                    elide: Text.ElideRight
                    verticalAlignment: Text.AlignVCenter
                    maximumLineCount: 1
                }
                StBadge {
                    count: row.mentions
                    sign: "@"
                }
                StBadge {
                    count: row.unread
                }
            }
        }
    }
    background: Rectangle {
        anchors.fill: parent
        anchors.leftMargin: Theme.gapSmall
        anchors.rightMargin: Theme.gapSmall
        anchors.topMargin: 2
        anchors.bottomMargin: 2
        radius: Theme.radius
        color: row.isCurrent ? Theme.selected : row.hovered || row.marked ? Theme.hover : "transparent"
        border.width: row.marked ? 2 : 0
        border.color: Theme.accent
    }
}
