// Below a message that was refused for good: why, and what one can do.
import QtQuick
import Starling.Client
import Starling.Theme

Flow {
    id: line

    required property string reason

    // In one line.
    readonly property real wanted: words.implicitWidth + again.width + remove.width + 2 * spacing

    signal resendWanted
    signal removeWanted

    objectName: "failureLine"
    spacing: Theme.gapSmall

    Text {
        id: words
        width: Math.min(implicitWidth, line.width)
        text: line.reason === "" ? qsTr("Not sent.") : Sentences.shown(qsTr("Not sent: %1"), [line.reason])
        textFormat: Text.PlainText
        horizontalAlignment: Text.AlignLeft
        color: Theme.bad
        font.pixelSize: Theme.fontSmall
        wrapMode: Text.Wrap
    }
    StLink {
        id: again
        objectName: "failureResend"
        text: qsTr("Try again")
        onClicked: line.resendWanted()
    }
    StLink {
        id: remove
        objectName: "failureRemove"
        text: qsTr("Remove")
        onClicked: line.removeWanted()
    }
}
