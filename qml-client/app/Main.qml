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

    width: 1040
    height: 720
    minimumWidth: 360
    minimumHeight: 480
    visible: true
    title: client.conversations.unreadTotal > 0 ? "Starling (" + client.conversations.unreadTotal + ")" : "Starling"
    color: Theme.window
    onThemeModeChanged: Theme.mode = themeMode

    Loader {
        anchors.fill: parent
        focus: true
        sourceComponent: window.client.state === ChatClient.Ready ? chat : login
    }
    Component {
        id: login
        LoginPage {
            client: window.client
        }
    }
    Component {
        id: chat
        ChatPage {
            client: window.client
        }
    }
}
