// Log in or sign up.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property ChatClient client
    required property AppSettings settings
    property bool signingUp: false

    signal serversWanted

    function takeFocus() {
        name.forceActiveFocus();
    }
    function submit() {
        if (signingUp)
            client.signUp(name.text, displayName.text, password.text, settings.stayLoggedIn);
        else
            client.logIn(name.text, password.text, settings.stayLoggedIn);
    }

    spacing: Theme.gap

    Text {
        Layout.fillWidth: true
        Layout.bottomMargin: Theme.gapSmall
        text: form.signingUp ? qsTr("Make an account to start chatting") : qsTr("Chat that keeps talking when servers die")
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
    }
    StTextField {
        id: name
        objectName: "loginName"
        Layout.fillWidth: true
        label: qsTr("Name")
        maximumLength: 32
        inputMethodHints: Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
        onTextEdited: form.client.clearError()
        onAccepted: password.forceActiveFocus()
    }
    StTextField {
        id: displayName
        objectName: "loginDisplayName"
        Layout.fillWidth: true
        visible: form.signingUp
        label: qsTr("Name that others see (optional)")
        maximumLength: 64
        onAccepted: password.forceActiveFocus()
    }
    StTextField {
        id: password
        objectName: "loginPassword"
        Layout.fillWidth: true
        label: qsTr("Password")
        echoMode: TextInput.Password
        onTextEdited: form.client.clearError()
        onAccepted: form.submit()
    }
    StSwitch {
        objectName: "stayLoggedIn"
        Layout.fillWidth: true
        text: qsTr("Stay logged in on this computer")
        checked: form.settings.stayLoggedIn
        onToggled: form.settings.stayLoggedIn = checked
    }
    StNotice {
        objectName: "loginError"
        Layout.fillWidth: true
        text: form.client.error
    }
    StNotice {
        objectName: "loginNote"
        Layout.fillWidth: true
        good: true
        text: form.client.note
    }
    StButton {
        objectName: "loginButton"
        Layout.fillWidth: true
        enabled: !form.client.busy
        text: form.client.busy ? qsTr("One moment…") : form.signingUp ? qsTr("Sign up") : qsTr("Log in")
        onClicked: form.submit()
    }
    StButton {
        objectName: "loginSwitch"
        Layout.fillWidth: true
        subdued: true
        text: form.signingUp ? qsTr("I have an account") : qsTr("Make an account")
        onClicked: {
            form.signingUp = !form.signingUp;
            password.clear(); // Of the other account, or a wrong one.
            form.client.clearError();
        }
    }
    Text {
        Layout.fillWidth: true
        text: Sentences.shown(qsTr("Looks for servers at %1"), [form.client.serverText])
        textFormat: Text.PlainText
        color: Theme.textFaint
        font.pixelSize: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
    }
    StLink {
        objectName: "serversLink"
        Layout.alignment: Qt.AlignHCenter
        visible: !form.client.busy
        text: qsTr("Other servers")
        onClicked: form.serversWanted()
    }
}
