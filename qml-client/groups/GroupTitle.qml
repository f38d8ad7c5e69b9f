// The name of the group; who may rename it writes here.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

RowLayout {
    id: line

    required property GroupDesk groups

    property bool writing: false

    function begin() {
        field.text = groups.title;
        writing = true;
        field.forceActiveFocus();
    }
    function save() {
        groups.rename(field.text);
        writing = false;
    }

    spacing: Theme.gapSmall

    Text {
        Layout.fillWidth: true
        visible: !line.writing
        text: line.groups.title
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.text
        font.pixelSize: Theme.fontTitle
        font.weight: Font.DemiBold
        elide: Text.ElideRight
    }
    StIconButton {
        objectName: "renameButton"
        visible: line.groups.mayManage && !line.writing
        glyph: Icon.Pencil
        label: qsTr("Rename the group")
        onClicked: line.begin()
    }
    StTextField {
        id: field
        objectName: "renameField"
        Layout.fillWidth: true
        visible: line.writing
        label: qsTr("Name of the group")
        onAccepted: line.save()
        Keys.onEscapePressed: line.writing = false
    }
    StIconButton {
        objectName: "renameSave"
        visible: line.writing
        glyph: Icon.Check
        label: qsTr("Save the name")
        onClicked: line.save()
    }
}
