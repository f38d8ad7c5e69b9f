// A count in a pill; nothing at zero. `sign` stands in for the number.
import QtQuick

Rectangle {
    id: badge

    required property int count
    property string sign: ""

    visible: count > 0
    implicitWidth: Math.max(implicitHeight, label.implicitWidth + 12)
    implicitHeight: Theme.scaled(20)
    radius: height / 2
    color: Theme.accent

    Text {
        id: label
        anchors.centerIn: parent
        text: badge.sign !== "" ? badge.sign : badge.count > 999 ? "999+" : badge.count
        textFormat: Text.PlainText
        color: Theme.accentText
        font.pixelSize: Theme.fontTiny
        font.weight: Font.DemiBold
    }
}
