// Online: a full dot; away: a ring. Told apart by form as well as by colour; the words stand with
// whoever it is. Nothing when offline.
import QtQuick

Rectangle {
    id: dot

    required property bool online
    required property bool away
    property int size: 12

    visible: online || away
    width: size
    height: size
    radius: size / 2
    color: Theme.window // What sets it apart from the picture behind.

    Rectangle {
        objectName: "presenceMark"
        readonly property bool ring: dot.away && !dot.online
        anchors.centerIn: parent
        width: dot.size - 4
        height: width
        radius: width / 2
        color: ring ? "transparent" : Theme.good
        border.width: ring ? Math.max(2, Math.round(dot.size * 0.2)) : 0
        border.color: Theme.warn
    }
}
