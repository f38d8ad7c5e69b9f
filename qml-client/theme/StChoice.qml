// One of a few: a click or the arrows change it.
import QtQuick

Rectangle {
    id: choice

    required property string label
    required property list<string> titles
    required property int index

    signal chosen(int index)

    function step(by) {
        const next = Math.max(0, Math.min(titles.length - 1, index + by));
        (buttons.itemAt(next) as Item).forceActiveFocus(Qt.TabFocusReason); // First: who has it stays a stop of Tab.
        chosen(next);
    }

    implicitWidth: 240
    implicitHeight: Theme.scaled(36)
    radius: Theme.radius
    color: Theme.field
    Accessible.role: Accessible.Grouping
    Accessible.name: label

    StChoiceRow {
        anchors.fill: parent
        anchors.margins: 3
        label: choice.label
        count: choice.titles.length
        index: choice.index

        Repeater {
            id: buttons
            model: choice.titles

            StChoiceButton {
                onClicked: () => choice.chosen(index)
                onStepWanted: by => choice.step(by)
            }
        }
    }
}
