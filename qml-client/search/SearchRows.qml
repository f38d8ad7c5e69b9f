// The rows of the messages that were found.
import QtQuick
import Starling.Theme

ListView {
    signal chosen(double conversation, double seq)

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    delegate: SearchHitDelegate {
        width: ListView.view.width
        onClicked: (ListView.view as SearchRows).chosen(conversation, seq)
    }
    StScrollBar.vertical: StScrollBar {}
}
