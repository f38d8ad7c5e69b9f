// A sentence in place: what went wrong, what was done (`good`), or what waits (neither).
import QtQuick
import QtQuick.Layouts
import Starling.Client

Rectangle {
    id: notice

    required property string text
    property bool bad: true
    property bool good: false

    visible: text !== ""
    implicitHeight: row.implicitHeight + 2 * Theme.gapSmall
    implicitWidth: 200
    radius: Theme.radius
    color: good ? Theme.goodSurface : bad ? Theme.badSurface : Theme.warnSurface
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        spacing: Theme.gapSmall

        Icon {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: Theme.scaled(16)
            Layout.preferredHeight: Theme.scaled(16)
            name: notice.good ? Icon.Check : notice.bad ? Icon.Warning : Icon.Clock
            color: notice.good ? Theme.good : notice.bad ? Theme.bad : Theme.warn
        }
        Text {
            Layout.fillWidth: true
            text: notice.text
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            wrapMode: Text.Wrap
            color: Theme.text
            font.pixelSize: Theme.fontSmall
        }
    }
}
