// Who the open conversation is with; on a small window also the way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: header

    required property ChatClient client
    property bool narrow: false

    implicitHeight: Theme.barHeight
    color: Theme.window

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: header.narrow ? Theme.gapSmall : Theme.gapLarge
        anchors.rightMargin: Theme.gapLarge
        spacing: Theme.gapSmall

        StIconButton {
            objectName: "backButton"
            visible: header.narrow
            glyph: Icon.Back
            label: qsTr("Back to the conversations")
            onClicked: header.client.closeConversation()
        }
        StAvatar {
            size: 36
            initials: header.client.currentInitials
            colorIndex: header.client.currentColor
        }
        ColumnLayout {
            Layout.leftMargin: Theme.gapTiny
            spacing: 1
            Text {
                Layout.fillWidth: true
                text: header.client.currentTitle
                textFormat: Text.PlainText
                color: Theme.text
                font.pixelSize: Theme.fontTitle
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: header.client.currentName
                textFormat: Text.PlainText
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
        StatusPill {
            objectName: "narrowStatusPill"
            Layout.maximumWidth: header.width * 0.45
            visible: header.narrow // The list with its pill is out of sight.
            below: true
            compact: true
            cluster: header.client.cluster
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.line
    }
}
