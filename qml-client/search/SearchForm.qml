// What the search panel holds: the field, where to search, and what was found.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property SearchModel search
    required property string hereTitle // Of the open conversation; empty: none is open.

    readonly property bool blank: search.query.trim() === ""
    readonly property bool searching: search.busy
    onSearchingChanged: settled.restart()

    signal chosen(double conversation, double seq)
    signal closeWanted

    function begin() {
        field.forceActiveFocus();
        field.selectAll();
    }

    spacing: Theme.gap

    RowLayout {
        Text {
            Layout.fillWidth: true
            text: qsTr("Search messages")
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
        }
        StButton {
            objectName: "searchHereButton"
            visible: form.hereTitle !== ""
            subdued: true
            text: form.search.here ? qsTr("Only here") : qsTr("Everywhere")
            Accessible.description: form.search.here ? Sentences.spoken(qsTr("Searches in %1 only"), [form.hereTitle]) : qsTr("Searches in all conversations")
            onClicked: form.search.here = !form.search.here
        }
        StIconButton {
            glyph: Icon.Close
            label: qsTr("Close")
            onClicked: form.closeWanted()
        }
    }
    StTextField {
        id: field
        objectName: "searchField"
        Layout.fillWidth: true
        label: form.search.here && form.hereTitle !== "" ? Sentences.shown(qsTr("Words in %1"), [form.hereTitle]) : qsTr("Words in all conversations")
        onTextChanged: {
            form.search.query = text;
            list.currentIndex = -1; // Of the last search: Enter leads to none of these.
        }
        Keys.onDownPressed: list.incrementCurrentIndex()
        Keys.onUpPressed: list.decrementCurrentIndex()
        onAccepted: {
            const row = list.currentItem as SearchHitDelegate;
            if (row !== null)
                form.chosen(row.conversation, row.seq);
        }
    }
    Timer {
        id: settled // Once the list has the rows.
        interval: 0
        onTriggered: if (!form.searching)
            list.begin()
    }
    SearchRows {
        id: list
        objectName: "searchList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        model: form.search
        onChosen: (conversation, seq) => form.chosen(conversation, seq)

        StEmpty {
            objectName: "searchNotice"
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.gapLarge
            visible: list.count === 0
            glyph: form.search.busy ? Icon.Clock : Icon.Search
            text: form.search.busy ? qsTr("Searching …") : form.blank ? qsTr("Search messages") : form.search.notice
            detail: form.blank ? qsTr("Finds words, and names of people behind from: and in:") : ""
        }
    }
}
