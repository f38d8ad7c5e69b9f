// The settings under their title; they scroll when there is no room.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AppSettings settings

    signal closeWanted

    spacing: Theme.gapSmall

    StTitle {
        text: qsTr("Settings")
        onCloseWanted: form.closeWanted()
    }
    StScroll {
        id: scroll
        Layout.fillWidth: true
        Layout.fillHeight: true
        form: rows

        SettingsRows {
            id: rows
            width: scroll.width - Theme.gap
            settings: form.settings
        }
    }
    StNotice {
        objectName: "settingsError"
        Layout.fillWidth: true
        text: form.settings.error
    }
}
