// Where the servers are: an address, or some on this computer.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property ChatClient client
    required property AppSettings settings
    required property LocalCluster local

    property string error: ""

    signal chosen
    signal backWanted

    function begin() {
        error = "";
        address.text = client.serverText !== "" ? client.serverText : settings.servers;
        address.forceActiveFocus();
    }
    function use(servers) {
        error = client.useServers(servers);
        if (error !== "")
            return;
        settings.servers = servers;
        chosen();
    }

    spacing: Theme.gap

    Connections {
        target: form.local
        function onStarted(servers) {
            form.use(servers);
        }
    }
    Text {
        Layout.fillWidth: true
        Layout.bottomMargin: Theme.gapSmall
        text: qsTr("Where is your Starling? One server’s address is enough: it knows the others.")
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
    }
    StTextField {
        id: address
        objectName: "serverAddress"
        Layout.fillWidth: true
        label: qsTr("Address, such as chat.example.org:5101")
        enabled: !form.local.running
        inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
        onTextEdited: form.error = ""
        onAccepted: form.use(text)
    }
    StNotice {
        objectName: "serverError"
        Layout.fillWidth: true
        text: form.error !== "" ? form.error : form.local.error
    }
    StNotice {
        objectName: "serverProgress"
        Layout.fillWidth: true
        bad: false
        text: form.local.progress
    }
    StButton {
        objectName: "serverUse"
        Layout.fillWidth: true
        enabled: address.length > 0 && !form.local.running
        text: qsTr("Use this server")
        onClicked: form.use(address.text)
    }
    StButton {
        objectName: "serverLocal"
        Layout.fillWidth: true
        visible: form.local.available
        enabled: !form.local.running
        subdued: true
        text: form.local.running ? qsTr("One moment…") : qsTr("Start servers on this computer")
        onClicked: form.local.start()
    }
    Text {
        Layout.fillWidth: true
        visible: !form.local.available
        text: qsTr("To try it alone, install clusterctl beside this app: it starts servers on this computer.")
        textFormat: Text.PlainText
        color: Theme.textFaint
        font.pixelSize: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
    }
    StLink {
        objectName: "serverBack"
        Layout.alignment: Qt.AlignHCenter
        visible: form.client.serverText !== "" && !form.local.running
        text: qsTr("Back")
        onClicked: form.backWanted()
    }
}
