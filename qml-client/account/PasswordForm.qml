// A new password in place of the present one.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AccountDesk account

    function clear() {
        present.clear();
        fresh.clear();
        again.clear();
    }
    function submit() {
        account.changePassword(present.text, fresh.text, again.text);
    }

    spacing: Theme.gap

    Connections {
        target: form.account
        function onPasswordChanged() {
            form.clear();
        }
    }
    Text {
        Layout.fillWidth: true
        text: qsTr("Your other devices are logged out when the password changes. This one stays.")
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
    }
    StTextField {
        id: present
        objectName: "passwordPresent"
        Layout.fillWidth: true
        label: qsTr("Present password")
        echoMode: TextInput.Password
        onTextEdited: form.account.clear()
        onAccepted: fresh.forceActiveFocus()
    }
    StTextField {
        id: fresh
        objectName: "passwordNew"
        Layout.fillWidth: true
        label: qsTr("New password")
        echoMode: TextInput.Password
        onTextEdited: form.account.clear()
        onAccepted: again.forceActiveFocus()
    }
    StTextField {
        id: again
        objectName: "passwordAgain"
        Layout.fillWidth: true
        label: qsTr("New password once more")
        echoMode: TextInput.Password
        wrong: length > 0 && length >= fresh.length && text !== fresh.text
        onTextEdited: form.account.clear()
        onAccepted: form.submit()
    }
    StButton {
        objectName: "passwordSave"
        Layout.alignment: Qt.AlignRight
        text: form.account.busy ? qsTr("One moment…") : qsTr("Change the password")
        enabled: !form.account.busy && present.length > 0 && fresh.length > 0
        onClicked: form.submit()
    }
    Item {
        Layout.fillHeight: true
    }
}
