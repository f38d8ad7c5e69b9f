// Log in or sign up, also before a server has answered.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: page

    required property ChatClient client
    required property AppSettings settings
    property bool signingUp: false

    function submit() {
        if (signingUp)
            client.signUp(name.text, displayName.text, password.text);
        else
            client.logIn(name.text, password.text);
    }

    color: Theme.canvas

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(380, page.width - 2 * Theme.gapLarge)
        height: form.implicitHeight + 2 * Theme.gapHuge + Theme.gapSmall
        radius: Theme.radiusLarge
        color: Theme.window
        border.width: 1
        border.color: Theme.line

        ColumnLayout {
            id: form
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            anchors.margins: Theme.gapHuge
            spacing: Theme.gap

            Text {
                Layout.fillWidth: true
                text: "Starling"
                color: Theme.text
                font.pixelSize: Theme.fontHuge
                font.weight: Font.Bold
                horizontalAlignment: Text.AlignHCenter
            }
            Text {
                Layout.fillWidth: true
                Layout.bottomMargin: Theme.gapSmall
                text: page.signingUp ? qsTr("Make an account to start chatting") : qsTr("Chat that keeps talking when servers die")
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
                focus: true
                maximumLength: 32
                inputMethodHints: Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
                onTextEdited: page.client.clearError()
                onAccepted: password.forceActiveFocus()
            }
            StTextField {
                id: displayName
                objectName: "loginDisplayName"
                Layout.fillWidth: true
                visible: page.signingUp
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
                onTextEdited: page.client.clearError()
                onAccepted: page.submit()
            }
            StNotice {
                objectName: "loginError"
                Layout.fillWidth: true
                text: page.client.error
            }
            StButton {
                objectName: "loginButton"
                Layout.fillWidth: true
                enabled: !page.client.busy
                text: page.client.busy ? qsTr("One moment…") : page.signingUp ? qsTr("Sign up") : qsTr("Log in")
                onClicked: page.submit()
            }
            StButton {
                objectName: "loginSwitch"
                Layout.fillWidth: true
                subdued: true
                text: page.signingUp ? qsTr("I have an account") : qsTr("Make an account")
                onClicked: {
                    page.signingUp = !page.signingUp;
                    password.clear(); // Of the other account, or a wrong one.
                    page.client.clearError();
                }
            }
            Text {
                Layout.fillWidth: true
                text: qsTr("Looks for servers at %1").arg(page.client.serverText)
                color: Theme.textFaint
                font.pixelSize: Theme.fontSmall
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
            }
        }
    }
    StatusPill {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gap
        width: Math.min(implicitWidth, page.width - 2 * Theme.gap)
        cluster: page.client.cluster
        onClicked: cluster.open()
    }
    ClusterPanel {
        id: cluster
        place: page
        cluster: page.client.cluster
    }
}
