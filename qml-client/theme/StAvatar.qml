// A round picture of initials; the colour comes with the name. At its edge a full dot says that who
// it is of is online, a ring that it is away.
import QtQuick

Rectangle {
    id: avatar

    required property string initials
    required property int colorIndex
    property int size: Theme.avatar
    property bool online: false
    property bool away: false

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
    StPresenceDot {
        anchors.right: avatar.right
        anchors.bottom: avatar.bottom
        size: Math.max(12, Math.round(avatar.size * 0.3))
        online: avatar.online
        away: avatar.away
    }
}
