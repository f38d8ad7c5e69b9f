// A count in a pill; nothing at zero.
import QtQuick

Rectangle {
    id: badge

    required property int count

    visible: count > 0
    implicitWidth: Math.max(20, label.implicitWidth + 12)
    implicitHeight: 20
    radius: 10
    color: Theme.accent

    Text {
        id: label
        anchors.centerIn: parent
        text: badge.count > 999 ? "999+" : badge.count
        color: Theme.accentText
        font.pixelSize: Theme.fontTiny
        font.weight: Font.DemiBold
    }
}
