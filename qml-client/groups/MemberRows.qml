// The members, one of them with what may be done.
import QtQuick
import Starling.Client
import Starling.Theme

StRows {
    id: list

    required property GroupDesk groups

    signal profileWanted(string name, string displayName)

    property var unfolded: 0 // The account whose buttons are shown.

    objectName: "memberList"
    spacing: Theme.gapTiny
    model: groups.members
    Accessible.name: qsTr("Members")
    delegate: MemberDelegate {
        width: ListView.view.width - Theme.gapSmall
        unfolded: accountId === (ListView.view as MemberRows).unfolded
        onUnfoldWanted: () => list.unfolded = unfolded ? 0 : accountId
        onProfileWanted: () => list.profileWanted(name, displayName)
        onRemoveWanted: () => list.groups.removeMember(accountId)
        onAdminWanted: admin => list.groups.setAdmin(accountId, admin)
        onOwnerWanted: () => list.groups.makeOwner(accountId)
    }
}
