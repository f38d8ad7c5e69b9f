// Jumping to a conversation, a person or an action by a few letters.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property PaletteModel palette

    objectName: "palettePanel"
    wantedWidth: 520
    wantedHeight: 440
    y: Math.round(Math.max(Theme.gapHuge, place.height * 0.12))
    height: Math.min(Theme.scaled(wantedHeight), place.height - y - Theme.gapHuge)
    padding: 0
    onOpened: (contentItem as PaletteForm).begin()

    contentItem: PaletteForm {
        palette: panel.palette
        onChosen: panel.close()
    }
}
