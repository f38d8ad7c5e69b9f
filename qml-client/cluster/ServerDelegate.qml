// One server: where it is, what it is in the cluster, how it does.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Rectangle {
    id: row

    required property string address
    required property string roleText
    required property string stateText
    required property string termText
    required property string lagText
    required property bool isPrimary
    required property int tone

    readonly property string details: termText === "" ? "" : termText + " · " + lagText

    implicitHeight: Math.max(Theme.scaled(44), line.implicitHeight + 2 * Theme.gapTiny)
    radius: Theme.radius
    color: isPrimary ? Theme.selected : "transparent"
    Accessible.role: Accessible.ListItem
    Accessible.name: address + ", " + roleText + ", " + stateText + (details === "" ? "" : ", " + details)

    RowLayout {
        id: line
        anchors.fill: parent
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        spacing: Theme.gap

        Rectangle {
            Layout.preferredWidth: Theme.scaled(8)
            Layout.preferredHeight: Theme.scaled(8)
            radius: height / 2
            color: row.tone === ClusterEvents.Good ? Theme.good : Theme.bad
        }
        ColumnLayout {
            spacing: 1

            Text {
                Layout.fillWidth: true
                text: row.address
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.text
                font.pixelSize: Theme.fontBody
                font.weight: row.isPrimary ? Font.DemiBold : Font.Normal
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                visible: text !== ""
                text: row.details
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
        Text {
            visible: row.tone !== ClusterEvents.Good
            text: row.stateText
            textFormat: Text.PlainText
            color: row.isPrimary ? Theme.text : Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
        Text {
            text: row.roleText
            textFormat: Text.PlainText
            color: row.isPrimary ? Theme.text : Theme.textSoft
            font.pixelSize: Theme.fontSmall
            font.weight: row.isPrimary ? Font.DemiBold : Font.Normal
        }
    }
}
