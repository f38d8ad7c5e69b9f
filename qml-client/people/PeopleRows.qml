// The rows of the people who were found.
import QtQuick
import Starling.Theme

ListView {
    signal chosen(string name)
    signal profileWanted(string name, string displayName)

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    highlightMoveDuration: Theme.quick
    delegate: PersonDelegate {
        width: ListView.view.width
        tells: true
        onClicked: (ListView.view as PeopleRows).chosen(name)
        onProfileWanted: (ListView.view as PeopleRows).profileWanted(name, displayName)
    }
    StScrollBar.vertical: StScrollBar {}
}
