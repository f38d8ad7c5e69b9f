// Below a message that was refused for good: why, and what one can do.
import QtQuick
import Starling.Theme

Flow {
    id: line

    required property string reason

    signal resendWanted
    signal removeWanted

    objectName: "failureLine"
    spacing: Theme.gapSmall
    layoutDirection: Qt.RightToLeft

    StLink {
        objectName: "failureRemove"
        text: qsTr("Remove")
        onClicked: line.removeWanted()
    }
    StLink {
        objectName: "failureResend"
        text: qsTr("Try again")
        onClicked: line.resendWanted()
    }
    Text {
        width: Math.min(implicitWidth, line.width)
        text: line.reason === "" ? qsTr("Not sent.") : qsTr("Not sent: %1").arg(line.reason)
        textFormat: Text.PlainText
        color: Theme.bad
        font.pixelSize: Theme.fontSmall
        wrapMode: Text.Wrap
    }
}
