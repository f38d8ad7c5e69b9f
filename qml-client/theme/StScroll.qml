// A form, as high as this place or higher: then it scrolls, and what has the focus comes into sight.
import QtQuick

Flickable {
    id: place

    required property Item form // Stands in here, as wide and high as its parent.

    readonly property Item at: Window.activeFocusItem

    function holds(item) {
        while (item !== null && item !== form)
            item = item.parent;
        return item !== null;
    }
    function follow() {
        if (at === null || !holds(at))
            return;
        const top = at.mapToItem(form, 0, 0).y - Theme.gapTiny;
        const bottom = Math.min(top + at.height + 2 * Theme.gapTiny, contentHeight); // Not beyond the end.
        contentY = Math.max(0, Math.min(top, Math.max(contentY, bottom - height)));
    }

    onAtChanged: follow()
    onHeightChanged: contentY = Math.max(0, Math.min(contentY, contentHeight - height))
    contentHeight: Math.max(height, form.implicitHeight)
    boundsBehavior: Flickable.StopAtBounds
    clip: contentHeight > height
    StScrollBar.vertical: StScrollBar {}
}
