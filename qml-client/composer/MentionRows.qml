// Whom an '@' may mean.
import QtQuick
import Starling.Client
import Starling.People
import Starling.Theme

Rectangle {
    id: frame

    required property PeopleList people

    signal chosen(string name)

    function step(by) {
        list.currentIndex = Math.max(0, Math.min(list.count - 1, list.currentIndex + by));
    }
    function take() {
        chosen(people.nameAt(Math.max(0, list.currentIndex)));
    }

    objectName: "mentionRows"
    visible: people.count > 0
    implicitHeight: Math.min(list.contentHeight, Theme.scaled(224)) + 2
    radius: Theme.radius
    color: Theme.window
    border.width: 1
    border.color: Theme.line

    ListView {
        id: list
        anchors.fill: parent
        anchors.margins: 1
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: Theme.quick
        model: frame.people
        Accessible.role: Accessible.List
        Accessible.name: qsTr("People to mention")
        delegate: PersonDelegate {
            width: ListView.view.width
            focusPolicy: Qt.NoFocus // One goes on writing.
            onClicked: () => frame.chosen(name)
        }
    }
}
