// Finding people by name, with * and ?; Enter or a click opens the conversation.
import QtQuick
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.Popup {
    id: panel

    required property ChatClient client

    function choose(name) {
        client.openDirect(name);
        close();
    }

    objectName: "peoplePanel"
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    padding: Theme.gapLarge
    onOpened: (contentItem as PeopleFinder).begin()
    onClosed: (contentItem as PeopleFinder).clear()

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.window
        border.width: 1
        border.color: Theme.line
    }
    contentItem: PeopleFinder {
        people: panel.client.people
        onChosen: name => panel.choose(name)
        onCloseWanted: panel.close()
    }
}
