// A round picture of initials; the colour comes with the name.
import QtQuick

Rectangle {
    id: avatar

    required property string initials
    required property int colorIndex
    property int size: Theme.avatar

    implicitWidth: size
    implicitHeight: size
    radius: size / 2
    color: Theme.avatarColors[colorIndex]

    Text {
        anchors.centerIn: parent
        text: avatar.initials
        textFormat: Text.PlainText
        color: Theme.avatarText
        font.pixelSize: Math.round(avatar.size * 0.38)
        font.weight: Font.DemiBold
    }
}
