// Who the open conversation is with, or which group it is; a click tells more.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.AbstractButton {
    id: button

    required property ChatClient client

    readonly property string detail: client.currentDetail

    objectName: "headerButton"
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.scaled(46)
    leftPadding: Theme.gapSmall
    rightPadding: Theme.gapSmall
    Accessible.role: Accessible.Button
    Accessible.name: detail === "" ? client.currentTitle : client.currentTitle + ", " + detail

    contentItem: RowLayout {
        spacing: Theme.gap

        StAvatar {
            size: Theme.avatarMiddle
            initials: button.client.currentInitials
            colorIndex: button.client.currentColor
            online: button.client.currentOnline
            away: button.client.currentAway
        }
        ColumnLayout {
            spacing: 1

            Text {
                Layout.fillWidth: true
                text: button.client.currentTitle
                horizontalAlignment: Text.AlignLeft // Whatever its script.
                textFormat: Text.PlainText
                color: Theme.text
                font.pixelSize: Theme.fontTitle
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                objectName: "headerDetail"
                Layout.fillWidth: true
                text: button.detail
                horizontalAlignment: Text.AlignLeft
                textFormat: Text.PlainText
                color: button.client.currentTyping ? Theme.accent : Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: button.down || button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
}
