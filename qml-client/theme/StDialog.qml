// A panel over the window; Esc and a click beside it close it, and who had the focus has it again.
import QtQuick
import QtQuick.Templates as T

T.Popup {
    id: dialog

    required property Item place // What it stands in the middle of.
    property int wantedWidth: 400
    property int wantedHeight: 520

    property Item before: null // Had the focus when it opened.

    parent: place
    width: Math.min(Theme.scaled(wantedWidth), place.width - 2 * Theme.gapLarge)
    height: Math.min(Theme.scaled(wantedHeight), place.height - 2 * Theme.gapHuge)
    x: Math.round((place.width - width) / 2)
    y: Math.round((place.height - height) / 2)
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    padding: Theme.gapLarge
    onAboutToShow: before = place.Window.activeFocusItem
    onClosed: {
        const now = place.Window.activeFocusItem; // The window's own: nobody has taken it meanwhile.
        if (before !== null && before.visible && (now === null || now === place.Window.contentItem))
            before.forceActiveFocus();
    }

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
