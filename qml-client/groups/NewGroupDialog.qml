// The panel for making a group; it closes when there is one.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: dialog

    required property ChatClient client

    objectName: "newGroupDialog"
    wantedHeight: 580
    onOpened: (contentItem as NewGroupForm).begin()

    Connections {
        target: dialog.client.groups
        function onCreated() {
            dialog.close();
        }
    }
    contentItem: NewGroupForm {
        client: dialog.client
        onCloseWanted: dialog.close()
    }
}
