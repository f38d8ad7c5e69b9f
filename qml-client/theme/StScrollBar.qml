// A thin bar that shows where a list stands.
import QtQuick
import QtQuick.Templates as T

T.ScrollBar {
    id: bar

    implicitWidth: 8
    padding: 2
    visible: size < 1

    contentItem: Rectangle {
        implicitWidth: 4
        radius: 2
        color: Theme.textFaint
        opacity: bar.active || bar.hovered ? 0.7 : 0.3
    }
}
