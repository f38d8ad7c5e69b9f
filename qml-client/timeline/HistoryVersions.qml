// The versions of a message, with when each was said.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: versions

    required property MessageActions actions

    signal closeWanted

    spacing: Theme.gap

    RowLayout {
        Text {
            Layout.fillWidth: true
            text: qsTr("Earlier versions")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
        }
        StIconButton {
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: versions.closeWanted()
        }
    }
    Text {
        Layout.fillWidth: true
        visible: text !== ""
        text: versions.actions.historyNotice
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        wrapMode: Text.Wrap
        color: Theme.textSoft
        font.pixelSize: Theme.fontBody
    }
    ListView {
        objectName: "historyList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        spacing: Theme.gap
        activeFocusOnTab: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: Theme.quick
        model: versions.actions.history
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Versions of the message")

        delegate: Column {
            id: version

            required property var modelData

            width: ListView.view.width
            spacing: 2

            Text {
                text: version.modelData.when
                textFormat: Text.PlainText
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
            }
            Text {
                width: parent.width
                text: version.modelData.body
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
                color: Theme.text
                font.pixelSize: Theme.fontBody
            }
        }
        StScrollBar.vertical: StScrollBar {}
    }
}
