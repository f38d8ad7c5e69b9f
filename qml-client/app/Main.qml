// The window: the login page until somebody is logged in, then the chat.
import QtQuick
import QtQuick.Window
import Starling.Client
import Starling.Login
import Starling.Theme

Window {
    id: window

    required property ChatClient client
    required property AppSettings settings
    required property LocalCluster local
    property bool mirrored: false // The language runs from right to left.

    readonly property bool ready: client.state === ChatClient.Ready
    property Item page: null

    // A new page each time: nothing that was typed outlives it.
    function turn() {
        if (page !== null)
            page.destroy();
        page = (ready ? chat.createObject(place, {
                client: client,
                settings: settings
            }) : login.createObject(place, {
                client: client,
                settings: settings,
                local: local
            })) as Item;
    }

    width: 1040
    height: 720
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: client.conversations.unreadTotal > 0 ? "Starling (" + client.conversations.unreadTotal + ")" : "Starling"
    color: Theme.window
    onReadyChanged: turn()
    Component.onCompleted: turn()

    Binding {
        target: Theme
        property: "mode"
        value: window.settings.theme
    }
    LayoutMirroring.enabled: Theme.mirrored
    LayoutMirroring.childrenInherit: true

    Binding {
        target: Theme
        property: "mirrored"
        value: window.mirrored
    }
    Binding {
        target: Theme
        property: "scale"
        value: window.settings.fontScale / 100
    }
    FocusScope {
        id: place
        anchors.fill: parent
        focus: true
    }
    Component {
        id: login
        LoginPage {
            anchors.fill: parent
        }
    }
    Component {
        id: chat
        ChatPage {
            anchors.fill: parent
        }
    }
}
