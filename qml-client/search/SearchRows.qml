// The rows of the messages that were found.
import QtQuick
import Starling.Theme

ListView {
    signal chosen(double conversation, double seq)

    // Of a new search: Enter leads to the best hit.
    function begin() {
        if (currentIndex < 0 && count > 0)
            currentIndex = 0;
    }

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: Theme.quick
    delegate: SearchHitDelegate {
        width: ListView.view.width
        onClicked: (ListView.view as SearchRows).chosen(conversation, seq)
    }
    StScrollBar.vertical: StScrollBar {}
}
