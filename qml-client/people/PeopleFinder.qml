// What the panel for finding people holds: the field, and who was found.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: finder

    required property PeopleModel people

    signal chosen(string name)
    signal closeWanted
    signal groupWanted
    signal profileWanted(string name, string displayName)

    function begin() {
        search.forceActiveFocus();
        people.query = search.text; // Another panel may have asked for something else.
        people.refresh();
    }
    function clear() {
        search.clear();
    }

    spacing: Theme.gap

    RowLayout {
        Text {
            Layout.fillWidth: true
            text: qsTr("New conversation")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
        }
        StButton {
            objectName: "newGroupButton"
            subdued: true
            text: qsTr("New group")
            onClicked: finder.groupWanted()
        }
        StIconButton {
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: finder.closeWanted()
        }
    }
    StTextField {
        id: search
        objectName: "peopleSearch"
        Layout.fillWidth: true
        label: qsTr("Name, * and ? stand for any letters")
        onTextChanged: {
            finder.people.query = text;
            list.currentIndex = 0; // Of those who fit now.
        }
        Keys.onDownPressed: list.incrementCurrentIndex()
        Keys.onUpPressed: list.decrementCurrentIndex()
        onAccepted: if (list.currentItem as PersonDelegate)
            finder.chosen((list.currentItem as PersonDelegate).name)
    }
    PeopleRows {
        id: list
        objectName: "peopleList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        model: finder.people
        onCountChanged: if (currentIndex < 0)
            currentIndex = 0 // Enter takes the first.
        onChosen: name => finder.chosen(name)
        onProfileWanted: (name, displayName) => finder.profileWanted(name, displayName)

        StEmpty {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.gapLarge
            visible: list.count === 0
            glyph: finder.people.busy ? Icon.Clock : Icon.Search
            text: finder.people.busy ? qsTr("Looking…") : finder.people.notice
            detail: finder.people.busy || finder.people.query === "" ? "" : qsTr("“*” stands for any letters: *son finds all who end so.")
        }
    }
}
