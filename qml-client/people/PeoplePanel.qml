// Finding people by name, with * and ?; Enter or a click opens the conversation.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property ChatClient client

    signal groupWanted
    signal profileWanted(string name, string displayName)

    function choose(name) {
        client.openDirect(name);
        close();
    }

    objectName: "peoplePanel"
    onOpened: (contentItem as PeopleFinder).begin()
    onClosed: (contentItem as PeopleFinder).clear()

    contentItem: PeopleFinder {
        people: panel.client.people
        onChosen: name => panel.choose(name)
        onCloseWanted: panel.close()
        onProfileWanted: (name, displayName) => panel.profileWanted(name, displayName)
        onGroupWanted: {
            panel.close();
            panel.groupWanted();
        }
    }
}
