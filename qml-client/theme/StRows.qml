// A list whose rows have controls of their own. Tab comes into it at its beginning each time: a
// focus scope by itself remembers the control that one left it from, and Tab would miss those before.
import QtQuick

ListView {
    id: list

    property Item inside: null // What has the focus in one of the rows.
    readonly property Item at: Window.activeFocusItem

    onAtChanged: if (activeFocus)
        inside = at === list ? null : at
    onActiveFocusChanged: {
        if (activeFocus || !Window.active || inside === null)
            return;
        inside.focus = false;
        inside = null;
    }
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: Theme.quick
    activeFocusOnTab: true
    keyNavigationEnabled: true
    Accessible.role: Accessible.List
    StScrollBar.vertical: StScrollBar {}
}
