// The field and what fits it: the arrows choose, Enter goes there.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property PaletteModel palette

    signal chosen

    function choose(row) {
        if (row < 0 || row >= list.count)
            return;
        chosen(); // It closes before what was chosen opens.
        palette.choose(row);
    }
    function begin() {
        field.clear();
        palette.begin();
        field.forceActiveFocus();
    }
    function step(by) {
        list.currentIndex = Math.max(0, Math.min(list.count - 1, list.currentIndex + by));
    }

    spacing: 0

    RowLayout {
        Layout.leftMargin: Theme.gapLarge
        Layout.rightMargin: Theme.gapSmall
        Layout.topMargin: Theme.gapSmall
        Layout.bottomMargin: Theme.gapSmall
        spacing: Theme.gapTiny

        Icon {
            Layout.preferredWidth: Theme.scaled(18)
            Layout.preferredHeight: Theme.scaled(18)
            name: Icon.Search
            color: Theme.textSoft
        }
        StTextField {
            id: field
            objectName: "paletteField"
            Layout.fillWidth: true
            quiet: true
            label: qsTr("A conversation, a person, or what to do")
            onTextChanged: form.palette.query = text
            onAccepted: form.choose(list.currentIndex)
            Keys.onDownPressed: form.step(1)
            Keys.onUpPressed: form.step(-1)
            Keys.onPressed: event => {
                event.accepted = event.key === Qt.Key_PageDown || event.key === Qt.Key_PageUp;
                if (event.accepted)
                    form.step(event.key === Qt.Key_PageDown ? 6 : -6);
            }
        }
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: 1
        color: Theme.line
    }
    ListView {
        id: list
        objectName: "paletteList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.margins: Theme.gapSmall
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        model: form.palette
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What fits")
        onCountChanged: currentIndex = 0
        delegate: PaletteDelegate {
            width: ListView.view.width
            onClicked: () => form.choose(index)
        }
        StScrollBar.vertical: StScrollBar {}

        StEmpty {
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.gapLarge
            visible: list.count === 0
            glyph: Icon.Search
            text: Sentences.shown(qsTr("Nothing fits “%1”"), [field.text])
            detail: qsTr("Fewer letters find more.")
        }
    }
}
