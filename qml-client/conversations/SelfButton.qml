// One's own picture and name; a click opens the account.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.AbstractButton {
    id: button

    required property string displayName
    required property string initials
    required property int colorIndex

    objectName: "selfButton"
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.gapSmall
    rightPadding: Theme.gapSmall
    Accessible.role: Accessible.Button
    Accessible.name: Sentences.spoken(qsTr("Your account, %1"), [displayName])

    contentItem: RowLayout {
        spacing: Theme.gapSmall

        StAvatar {
            size: Theme.avatarSmall
            initials: button.initials
            colorIndex: button.colorIndex
        }
        Text {
            Layout.fillWidth: true
            text: button.displayName
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
            elide: Text.ElideRight
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: button.down || button.hovered ? Theme.hover : "transparent"
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.accent
    }
}
