// Choosing people for a group: who was chosen stands above as chips, a click takes one out again.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.People
import Starling.Theme

ColumnLayout {
    id: picker

    required property PeopleModel people
    required property GroupDesk groups

    function begin() {
        search.clear();
        people.query = ""; // Another panel may have asked for something.
        people.refresh();
    }
    function takeFocus() {
        search.forceActiveFocus();
    }
    function choose(name, displayName) {
        groups.choose(name, displayName);
        search.clear();
    }

    spacing: Theme.gapSmall

    Flow {
        Layout.fillWidth: true
        visible: picker.groups.chosen.count > 0
        spacing: Theme.gapTiny

        Repeater {
            model: picker.groups.chosen
            delegate: T.Button {
                id: chip

                required property string name
                required property string displayName

                objectName: "chosenChip"
                width: parent === null ? implicitWidth : Math.min(implicitWidth, parent.width)
                implicitWidth: implicitContentWidth + leftPadding + rightPadding
                leftPadding: Theme.gap
                rightPadding: Theme.gap
                implicitHeight: Theme.scaled(28)
                Accessible.name: Sentences.spoken(qsTr("Take %1 out"), [displayName])
                onClicked: () => picker.groups.unchoose(name)

                contentItem: RowLayout {
                    spacing: Theme.gapTiny
                    Text {
                        Layout.fillWidth: true
                        text: chip.displayName
                        textFormat: Text.PlainText
                        color: Theme.text
                        font.pixelSize: Theme.fontSmall
                        elide: Text.ElideRight
                    }
                    Icon {
                        Layout.preferredWidth: Theme.scaled(10)
                        Layout.preferredHeight: Theme.scaled(10)
                        name: Icon.Close
                        color: Theme.textSoft
                    }
                }
                background: Rectangle {
                    radius: height / 2
                    color: Theme.selected
                    border.width: chip.visualFocus ? 2 : 0
                    border.color: Theme.accent
                }
            }
        }
    }
    StTextField {
        id: search
        objectName: "pickerSearch"
        Layout.fillWidth: true
        label: qsTr("Find people")
        onTextChanged: {
            picker.people.query = text;
            list.currentIndex = 0; // Of those who fit now.
        }
        Keys.onDownPressed: list.incrementCurrentIndex()
        Keys.onUpPressed: list.decrementCurrentIndex()
        onAccepted: {
            const person = list.currentItem as PersonDelegate;
            if (person !== null)
                picker.choose(person.name, person.displayName);
        }
    }
    ListView {
        id: list
        objectName: "pickerList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: Theme.quick
        model: picker.people
        onCountChanged: if (currentIndex < 0)
            currentIndex = 0 // Enter takes the first.
        Accessible.role: Accessible.List
        Accessible.name: qsTr("People")
        delegate: PersonDelegate {
            width: ListView.view.width
            onClicked: () => picker.choose(name, displayName)
        }
        StScrollBar.vertical: StScrollBar {}

        Text {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.gapLarge
            visible: list.count === 0 && !picker.people.busy
            text: picker.people.notice
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontBody
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
        }
    }
}
