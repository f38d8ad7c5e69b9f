// What a new group needs: its name, and who is in it from the start.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property ChatClient client

    signal closeWanted

    function begin() {
        client.groups.clear();
        title.clear();
        picker.begin();
        title.forceActiveFocus();
    }

    spacing: Theme.gap

    RowLayout {
        Text {
            Layout.fillWidth: true
            text: qsTr("New group")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
        }
        StIconButton {
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: form.closeWanted()
        }
    }
    StTextField {
        id: title
        objectName: "groupTitle"
        Layout.fillWidth: true
        label: qsTr("Name of the group")
        onAccepted: picker.takeFocus()
    }
    PeoplePicker {
        id: picker
        Layout.fillWidth: true
        Layout.fillHeight: true
        people: form.client.people
        groups: form.client.groups
    }
    StNotice {
        objectName: "newGroupError"
        Layout.fillWidth: true
        text: form.client.groups.error
    }
    StButton {
        objectName: "groupCreate"
        Layout.alignment: Qt.AlignRight
        text: qsTr("Create the group")
        enabled: !form.client.groups.busy && title.length > 0
        onClicked: form.client.groups.create(title.text)
    }
}
