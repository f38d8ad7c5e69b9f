// What happened to the connection, the newest first.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ListView {
    objectName: "eventList"
    clip: true
    spacing: Theme.gapTiny
    activeFocusOnTab: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: Theme.quick
    Accessible.role: Accessible.List
    Accessible.name: qsTr("What happened")
    delegate: RowLayout {
        id: row

        required property string time
        required property string sentence
        required property int tone

        width: ListView.view.width - Theme.gapSmall
        spacing: Theme.gapSmall
        Accessible.role: Accessible.ListItem
        Accessible.name: time + ", " + sentence

        Rectangle {
            Layout.preferredWidth: Theme.scaled(6)
            Layout.preferredHeight: Theme.scaled(6)
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: Theme.scaled(6)
            radius: height / 2
            color: row.tone === ClusterEvents.Good ? Theme.good : row.tone === ClusterEvents.Warning ? Theme.warn : Theme.line
        }
        Text {
            Layout.alignment: Qt.AlignTop
            text: row.time
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
        Text {
            Layout.fillWidth: true
            text: row.sentence
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontSmall
            wrapMode: Text.Wrap
        }
    }
    StScrollBar.vertical: StScrollBar {}
}
