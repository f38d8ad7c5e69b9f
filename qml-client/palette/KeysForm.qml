// The keys, by where they work.
import QtQuick
import QtQuick.Layouts
import Starling.Theme

ColumnLayout {
    id: form

    signal closeWanted

    function begin() {
        scroll.contentY = 0;
        scroll.forceActiveFocus();
    }

    spacing: Theme.gapSmall

    StTitle {
        text: qsTr("Keys")
        onCloseWanted: form.closeWanted()
    }
    Flickable {
        id: scroll
        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        contentHeight: rows.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Keys")
        Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + Theme.scaled(40)))
        Keys.onUpPressed: contentY = Math.max(0, contentY - Theme.scaled(40))
        StScrollBar.vertical: StScrollBar {}

        ColumnLayout {
            id: rows
            width: scroll.width - Theme.gap
            spacing: Theme.gapSmall

            StSection {
                text: qsTr("Everywhere")
            }
            KeyLine {
                what: qsTr("Jump to a conversation, a person, an action")
                keys: "Ctrl+K"
            }
            KeyLine {
                what: qsTr("Search messages")
                keys: "Ctrl+F"
            }
            KeyLine {
                what: qsTr("New conversation")
                keys: "Ctrl+N"
            }
            KeyLine {
                what: qsTr("Conversation above, below")
                keys: "Alt+Up Alt+Down"
            }
            KeyLine {
                what: qsTr("Settings")
                keys: "Ctrl+,"
            }
            KeyLine {
                what: qsTr("These keys")
                keys: "F1 Ctrl+/"
            }
            KeyLine {
                what: qsTr("Close what is on top, then the conversation")
                keys: "Esc"
            }
            StSection {
                text: qsTr("Conversations")
            }
            KeyLine {
                what: qsTr("Go along the list, open")
                keys: "Up Down Enter"
            }
            StSection {
                text: qsTr("Messages")
            }
            KeyLine {
                what: qsTr("Older, newer")
                keys: "Up Down"
            }
            KeyLine {
                what: qsTr("What can be done with one")
                keys: "Enter"
            }
            KeyLine {
                what: qsTr("Answer, edit, delete, copy")
                keys: "R E Del Ctrl+C"
            }
            KeyLine {
                what: qsTr("To the newest")
                keys: "End"
            }
            StSection {
                text: qsTr("Writing")
            }
            KeyLine {
                what: qsTr("Send, new line (or as is set)")
                keys: "Enter Shift+Enter"
            }
            KeyLine {
                what: qsTr("Name somebody")
                keys: "@"
            }
            KeyLine {
                what: qsTr("Edit your last message, in an empty field")
                keys: "Up"
            }
            KeyLine {
                what: qsTr("Leave an answer or an edit")
                keys: "Esc"
            }
        }
    }
}
