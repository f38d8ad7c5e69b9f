// A member of the group, and what the account may do with it.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Item {
    id: row

    required property var accountId // 64 bits
    required property string name
    required property string displayName
    required property string initials
    required property int colorIndex
    required property string roleText
    required property bool isSelf
    required property bool canRemove
    required property bool canMakeAdmin
    required property bool canTakeAdmin
    required property bool canMakeOwner
    required property bool online
    required property bool away
    required property string detail
    required property bool unfolded // What may be done is shown.

    readonly property bool able: !isSelf // There is something to do with it.

    signal unfoldWanted
    signal profileWanted
    signal removeWanted
    signal adminWanted(bool admin)
    signal ownerWanted

    implicitHeight: column.implicitHeight + Theme.gapSmall
    Accessible.role: Accessible.ListItem
    Accessible.name: displayName + (roleText === "" ? "" : ", " + roleText) + ", " + detail

    ColumnLayout {
        id: column
        width: parent.width
        spacing: Theme.gapTiny

        RowLayout {
            spacing: Theme.gap

            StAvatar {
                size: Theme.avatarMiddle
                initials: row.initials
                colorIndex: row.colorIndex
                online: row.online
                away: row.away
            }
            ColumnLayout {
                spacing: 1
                Text {
                    Layout.fillWidth: true
                    text: row.isSelf ? Sentences.shown(qsTr("%1 (you)"), [row.displayName]) : row.displayName
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
            Text {
                text: row.roleText
                textFormat: Text.PlainText
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
            }
            StIconButton {
                visible: row.able
                glyph: row.unfolded ? Icon.Close : Icon.More
                label: Sentences.spoken(qsTr("What can be done with %1"), [row.displayName])
                onClicked: row.unfoldWanted()
            }
        }
        Flow {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.avatarMiddle + Theme.gap
            visible: row.unfolded && row.able
            spacing: Theme.gapTiny

            StButton {
                objectName: "memberProfile"
                subdued: true
                text: qsTr("Profile")
                onClicked: row.profileWanted()
            }
            StButton {
                visible: row.canMakeAdmin
                subdued: true
                text: qsTr("Make admin")
                onClicked: row.adminWanted(true)
            }
            StButton {
                visible: row.canTakeAdmin
                subdued: true
                text: qsTr("No longer admin")
                onClicked: row.adminWanted(false)
            }
            StButton {
                visible: row.canMakeOwner
                subdued: true
                text: qsTr("Make owner")
                onClicked: row.ownerWanted()
            }
            StButton {
                visible: row.canRemove
                subdued: true
                text: qsTr("Remove")
                onClicked: row.removeWanted()
            }
        }
    }
}
