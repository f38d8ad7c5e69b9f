// What the keyboard does.
import QtQuick
import Starling.Theme

StDialog {
    id: panel

    objectName: "keysPanel"
    wantedWidth: 460
    wantedHeight: 600

    // Made anew each time: the language may be another one.
    contentItem: Loader {
        active: panel.visible
        sourceComponent: KeysForm {
            onCloseWanted: () => panel.close()
        }
        onLoaded: (item as KeysForm).begin()
    }
}
