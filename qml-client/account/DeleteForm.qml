// The end of the account: what happens, and the password once more.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AccountDesk account

    signal backWanted

    function begin() {
        password.clear();
        password.forceActiveFocus();
    }

    spacing: Theme.gap

    StSection {
        text: qsTr("Delete the account")
    }
    Text {
        Layout.fillWidth: true
        text: qsTr("This cannot be undone, and it happens on all your devices at once:")
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.text
        font.pixelSize: Theme.fontBody
        wrapMode: Text.Wrap
    }
    Repeater {
        model: [qsTr("You are logged out everywhere."), qsTr("What you wrote stays with those you wrote it to, under “deleted account”."), qsTr("What you have not read is gone, and what still waits to be sent is never sent."), Sentences.shown(qsTr("You leave your groups. Whoever takes the name “%1” later inherits nothing."), [form.account.name])]

        delegate: RowLayout {
            id: line

            required property string modelData

            spacing: Theme.gapSmall

            Rectangle {
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.scaled(7)
                Layout.leftMargin: Theme.gapTiny
                implicitWidth: Theme.scaled(5)
                implicitHeight: Theme.scaled(5)
                radius: height / 2
                color: Theme.bad
            }
            Text {
                Layout.fillWidth: true
                text: line.modelData
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontBody
                wrapMode: Text.Wrap
            }
        }
    }
    StTextField {
        id: password
        objectName: "deletePassword"
        Layout.fillWidth: true
        Layout.topMargin: Theme.gapSmall
        label: qsTr("Your password")
        echoMode: TextInput.Password
        onTextEdited: form.account.clear()
        onAccepted: if (length > 0)
            form.account.deleteAccount(text)
    }
    RowLayout {
        spacing: Theme.gapSmall

        Item {
            Layout.fillWidth: true
        }
        StButton {
            objectName: "deleteBack"
            subdued: true
            text: qsTr("Keep it")
            onClicked: form.backWanted()
        }
        StButton {
            objectName: "deleteAccount"
            bad: true
            text: form.account.busy ? qsTr("One moment…") : qsTr("Delete it for good")
            enabled: password.length > 0 && !form.account.busy
            onClicked: form.account.deleteAccount(password.text)
        }
    }
    Item {
        Layout.fillHeight: true
    }
}
