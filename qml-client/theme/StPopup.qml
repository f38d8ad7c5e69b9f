// Something over the window; Esc and a click beside it close it, and who had the focus has it again.
import QtQuick
import QtQuick.Templates as T

T.Popup {
    id: popup

    property Item before: null // Had the focus when it opened.

    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onAboutToShow: before = parent.Window.activeFocusItem
    onClosed: {
        const now = parent.Window.activeFocusItem; // The window's own: nobody has taken it meanwhile.
        if (before !== null && before.visible && (now === null || now === parent.Window.contentItem))
            before.forceActiveFocus();
    }
}
