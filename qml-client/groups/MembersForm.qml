// The open group: its name, its members, and what the account's role allows.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property ChatClient client

    readonly property GroupDesk groups: client.groups
    property bool adding: false

    signal closeWanted
    signal profileWanted(string name, string displayName)

    function begin() {
        groups.clear();
        adding = false;
        name.writing = false;
        ending.reset();
        rows.unfolded = 0;
        rows.forceActiveFocus();
    }
    function add() {
        adding = true;
        picker.begin();
        picker.takeFocus();
    }

    Connections {
        target: form.groups
        function onFinished() {
            form.adding = false;
            rows.unfolded = 0;
        }
    }
    spacing: Theme.gap

    RowLayout {
        GroupTitle {
            id: name
            Layout.fillWidth: true
            groups: form.groups
        }
        StIconButton {
            objectName: "membersClose"
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: form.closeWanted()
        }
    }
    RowLayout {
        Text {
            Layout.fillWidth: true
            text: form.groups.membersText
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
        StButton {
            objectName: "addMembersButton"
            visible: form.groups.mayManage && !form.adding
            subdued: true
            text: qsTr("Add people")
            onClicked: form.add()
        }
    }
    PeoplePicker {
        id: picker
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: form.adding
        people: form.client.people
        groups: form.groups
    }
    RowLayout {
        visible: form.adding
        spacing: Theme.gapSmall

        StButton {
            objectName: "addChosenButton"
            Layout.fillWidth: true
            enabled: form.groups.chosen.count > 0 && !form.groups.busy
            text: qsTr("Add to the group")
            onClicked: form.groups.addChosen()
        }
        StButton {
            subdued: true
            text: qsTr("Cancel")
            onClicked: form.adding = false
        }
    }
    MemberRows {
        id: rows
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: !form.adding
        groups: form.groups
        onProfileWanted: (name, displayName) => form.profileWanted(name, displayName)
    }
    StNotice {
        objectName: "membersError"
        Layout.fillWidth: true
        text: form.groups.error !== "" ? form.groups.error : form.groups.members.notice
    }
    GroupEnding {
        id: ending
        Layout.fillWidth: true
        visible: !form.adding
        groups: form.groups
    }
}
