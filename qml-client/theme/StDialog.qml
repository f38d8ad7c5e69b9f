// A panel in the middle of the window.
import QtQuick
import QtQuick.Templates as T

StPopup {
    id: dialog

    required property Item place // What it stands in the middle of.
    property int wantedWidth: 400
    property int wantedHeight: 520

    parent: place
    width: Math.min(Theme.scaled(wantedWidth), place.width - 2 * Theme.gapLarge)
    height: Math.min(Theme.scaled(wantedHeight), place.height - 2 * Theme.gapHuge)
    x: Math.round((place.width - width) / 2)
    y: Math.round((place.height - height) / 2)
    padding: Theme.gapLarge

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.window
        border.width: 1
        border.color: Theme.line
    }
}
