// The panel of another person.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property PersonDesk person

    signal messageWanted(string name)

    function show(name, displayName) {
        person.show(name, displayName);
        open();
    }

    objectName: "personPanel"
    wantedWidth: 380
    wantedHeight: 440
    onOpened: (contentItem as PersonForm).begin()

    contentItem: PersonForm {
        person: panel.person
        onCloseWanted: panel.close()
        onMessageWanted: {
            panel.close();
            panel.messageWanted(panel.person.name);
        }
    }
}
