// The rows of the people who were found.
import QtQuick
import Starling.Theme

ListView {
    signal chosen(string name)

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    delegate: PersonDelegate {
        width: ListView.view.width
        onClicked: (ListView.view as PeopleRows).chosen(name)
    }
    StScrollBar.vertical: StScrollBar {}
}
