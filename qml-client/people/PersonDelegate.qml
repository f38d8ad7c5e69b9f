// One person who was found; the button tells who it is.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.ItemDelegate {
    id: row

    required property string name
    required property string displayName
    required property string initials
    required property int colorIndex
    required property bool online
    required property bool away
    required property string detail // The account's name, and how that person is.
    property bool tells: false // It has a button for the profile.

    signal profileWanted

    implicitHeight: Theme.scaled(56)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    Accessible.name: displayName + ", " + detail

    contentItem: RowLayout {
        spacing: Theme.gap
        StAvatar {
            size: Theme.avatarMiddle
            initials: row.initials
            colorIndex: row.colorIndex
            online: row.online
            away: row.away
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 1
            Text {
                Layout.fillWidth: true
                text: row.displayName
                horizontalAlignment: Text.AlignLeft // Whatever its script.
                textFormat: Text.PlainText
                color: Theme.text
                font.pixelSize: Theme.fontBody
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: row.detail
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
        StIconButton {
            objectName: "personProfile"
            visible: row.tells
            glyph: Icon.Person
            label: Sentences.spoken(qsTr("Profile of %1"), [row.displayName])
            onClicked: row.profileWanted()
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: row.hovered || row.visualFocus || row.ListView.isCurrentItem ? Theme.hover : "transparent"
    }
}
