// Above the field: what is answered, or edited; with a way back.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

Rectangle {
    id: bar

    required property ComposeModel compose

    objectName: "quoteBar"
    implicitHeight: Theme.scaled(46)
    radius: Theme.radius
    color: Theme.field

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gapTiny
        spacing: Theme.gapSmall

        Icon {
            Layout.preferredWidth: Theme.scaled(16)
            Layout.preferredHeight: Theme.scaled(16)
            name: bar.compose.mode === ComposeModel.Edit ? Icon.Pencil : Icon.Reply
            color: Theme.accent
        }
        ColumnLayout {
            spacing: 1
            Text {
                Layout.fillWidth: true
                text: bar.compose.quoteTitle
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.text
                font.pixelSize: Theme.fontSmall
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                text: bar.compose.quoteBody
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textFaint
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
                maximumLineCount: 1
            }
        }
        StIconButton {
            objectName: "quoteCancel"
            glyph: Icon.Close
            label: bar.compose.mode === ComposeModel.Edit ? qsTr("Leave the message as it was") : qsTr("Answer nothing")
            onClicked: bar.compose.cancel()
        }
    }
}
