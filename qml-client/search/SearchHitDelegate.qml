// One message that was found, with what was found in it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Theme

T.ItemDelegate {
    id: row

    required property double conversation
    required property double seq
    required property string title
    required property string sender
    required property string initials
    required property int colorIndex
    required property string time
    required property string excerpt
    required property list<int> hits

    implicitHeight: contentItem.implicitHeight + 2 * Theme.gapSmall
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    topPadding: Theme.gapSmall
    bottomPadding: Theme.gapSmall
    Accessible.name: sender + ", " + title + ", " + time + ": " + excerpt

    contentItem: RowLayout {
        spacing: Theme.gap
        StAvatar {
            Layout.alignment: Qt.AlignTop
            size: Theme.avatarMiddle
            initials: row.initials
            colorIndex: row.colorIndex
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 1
            HitHead {
                Layout.fillWidth: true
                title: row.title
                time: row.time
            }
            Text {
                Layout.fillWidth: true
                visible: text !== row.title && text !== ""
                text: row.sender
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
            ExcerptText {
                Layout.fillWidth: true
                text: row.excerpt
                hits: row.hits
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: row.hovered || row.visualFocus || row.ListView.isCurrentItem ? Theme.hover : "transparent"
    }
}
