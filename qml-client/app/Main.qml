// The window: the login page until somebody is logged in, then the chat.
import QtQuick
import QtQuick.Window
import Starling.Client
import Starling.Login
import Starling.Theme

Window {
    id: window

    required property ChatClient client
    // Of Theme.Mode; tests and pictures set it.
    property int themeMode: Theme.System

    readonly property bool ready: client.state === ChatClient.Ready
    property Item page: null

    // A new page each time: nothing that was typed outlives it.
    function turn() {
        if (page !== null)
            page.destroy();
        page = (ready ? chat : login).createObject(place, {
            client: client
        }) as Item;
    }

    width: 1040
    height: 720
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: client.conversations.unreadTotal > 0 ? "Starling (" + client.conversations.unreadTotal + ")" : "Starling"
    color: Theme.window
    onThemeModeChanged: Theme.mode = themeMode
    onReadyChanged: turn()
    Component.onCompleted: turn()

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
