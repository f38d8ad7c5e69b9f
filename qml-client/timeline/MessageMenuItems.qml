// The lines of a message's menu: the eight emoji, then the words.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: items

    required property MessageActions actions
    required property ComposeModel compose
    required property TimelineModel timeline
    required property var seq // 64 bits
    required property var replyTo
    required property bool isDeleted
    required property bool canEdit
    required property bool canDelete
    required property int editCount
    required property var links // A list of {start, length, url}.

    signal historyWanted(var seq)
    signal closeWanted

    function begin() {
        (isDeleted ? hideItem : replyItem).forceActiveFocus(Qt.PopupFocusReason);
    }

    spacing: 0

    Row {
        visible: !items.isDeleted

        Repeater {
            model: items.actions.emoji
            delegate: EmojiButton {
                required property string modelData
                emoji: modelData
                onClicked: () => {
                    items.closeWanted();
                    items.actions.react(items.seq, emoji);
                }
            }
        }
    }
    StMenuItem {
        id: replyItem
        objectName: "menuReply"
        Layout.fillWidth: true
        visible: !items.isDeleted
        text: qsTr("Reply")
        onClicked: {
            items.closeWanted();
            items.compose.beginReply(items.seq);
        }
    }
    StMenuItem {
        objectName: "menuEdit"
        Layout.fillWidth: true
        visible: items.canEdit
        text: qsTr("Edit")
        onClicked: {
            items.closeWanted();
            items.compose.beginEdit(items.seq);
        }
    }
    StMenuItem {
        objectName: "menuCopy"
        Layout.fillWidth: true
        visible: !items.isDeleted
        text: qsTr("Copy")
        onClicked: {
            items.closeWanted();
            items.actions.copy(items.seq);
        }
    }
    Repeater {
        model: items.links

        StMenuItem {
            required property var modelData

            objectName: "menuLink"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.scaled(320)
            text: qsTr("Open %1").arg(modelData.url)
            onClicked: () => {
                items.closeWanted();
                items.actions.openLink(modelData.url);
            }
        }
    }
    StMenuItem {
        objectName: "menuJump"
        Layout.fillWidth: true
        visible: items.replyTo > 0
        text: qsTr("Go to what it answers")
        onClicked: {
            items.closeWanted();
            items.timeline.jumpTo(items.replyTo);
        }
    }
    StMenuItem {
        objectName: "menuHistory"
        Layout.fillWidth: true
        visible: items.editCount > 0 && !items.isDeleted
        text: qsTr("Earlier versions")
        onClicked: {
            items.closeWanted();
            items.historyWanted(items.seq);
        }
    }
    StMenuItem {
        id: hideItem
        objectName: "menuHide"
        Layout.fillWidth: true
        text: qsTr("Hide for me")
        onClicked: {
            items.closeWanted();
            items.actions.hide(items.seq);
        }
    }
    StMenuItem {
        objectName: "menuDelete"
        Layout.fillWidth: true
        visible: items.canDelete
        bad: true
        text: qsTr("Delete for everybody")
        onClicked: {
            items.closeWanted();
            items.actions.erase(items.seq);
        }
    }
}
