// The panel of the settings.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property AppSettings settings

    objectName: "settingsPanel"
    wantedWidth: 460
    wantedHeight: 600

    contentItem: SettingsForm {
        settings: panel.settings
        onCloseWanted: panel.close()
    }
}
