// Leaving the group, and for its owner dissolving it; each asks once more.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

RowLayout {
    id: row

    required property GroupDesk groups

    property bool leaving: false
    property bool dissolving: false

    function reset() {
        leaving = dissolving = false;
    }

    spacing: Theme.gapSmall

    StButton {
        objectName: "leaveButton"
        Layout.fillWidth: true
        visible: !row.dissolving
        subdued: !row.leaving
        text: row.leaving ? qsTr("Yes, leave the group") : qsTr("Leave")
        onClicked: {
            if (row.leaving)
                row.groups.leave();
            row.leaving = !row.leaving;
        }
    }
    StButton {
        objectName: "dissolveButton"
        Layout.fillWidth: true
        visible: row.groups.mayDissolve && !row.leaving
        subdued: !row.dissolving
        bad: row.dissolving
        text: row.dissolving ? qsTr("Yes, dissolve it for everybody") : qsTr("Dissolve")
        onClicked: {
            if (row.dissolving)
                row.groups.dissolve();
            row.dissolving = !row.dissolving;
        }
    }
    StButton {
        visible: row.leaving || row.dissolving
        subdued: true
        text: qsTr("No")
        onClicked: row.reset()
    }
}
