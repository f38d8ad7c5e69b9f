// A count in a pill; nothing at zero. `sign` stands in for the number.
import QtQuick

Rectangle {
    id: badge

    required property int count
    property string sign: ""

    visible: count > 0
    implicitWidth: Math.max(20, label.implicitWidth + 12)
    implicitHeight: 20
    radius: 10
    color: Theme.accent

    Text {
        id: label
        anchors.centerIn: parent
        text: badge.sign !== "" ? badge.sign : badge.count > 999 ? "999+" : badge.count
        color: Theme.accentText
        font.pixelSize: Theme.fontTiny
        font.weight: Font.DemiBold
    }
}
