// The panel of the open group; it closes with the group.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property ChatClient client

    signal profileWanted(string name, string displayName)

    objectName: "membersPanel"
    wantedHeight: 580
    onOpened: (contentItem as MembersForm).begin()

    Connections {
        target: panel.client.groups
        function onChanged() {
            if (!panel.client.groups.open)
                panel.close();
        }
    }
    contentItem: MembersForm {
        client: panel.client
        onCloseWanted: panel.close()
        onProfileWanted: (name, displayName) => panel.profileWanted(name, displayName)
    }
}
