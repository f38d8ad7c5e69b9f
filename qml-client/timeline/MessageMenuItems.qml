// The lines of a message's menu: the eight emoji, then the words; for one that is not stored what
// can be done about its way.
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
    required property var outboxId
    required property var replyTo
    required property int messageState
    required property string body
    required property bool isDeleted
    required property bool canEdit
    required property bool canDelete
    required property int editCount
    required property var links // A list of {start, length, url}.

    readonly property bool stored: seq > 0
    readonly property bool said: stored && !isDeleted // There are words to do something with.
    readonly property bool failed: messageState === TimelineModel.Failed

    signal historyWanted(var seq)
    signal cancelWanted(var outboxId)
    signal resendWanted(var outboxId)
    signal closeWanted

    function begin() {
        const first = said ? replyItem : stored ? hideItem : failed ? againItem : copyItem;
        first.forceActiveFocus(Qt.PopupFocusReason);
    }
    // Of one on its way a server may know already, which only the servers can say.
    function cancelText() {
        switch (messageState) {
        case TimelineModel.Failed:
            return qsTr("Remove");
        case TimelineModel.Sent:
            return qsTr("Cancel sending, unless it is sent already");
        default:
            return qsTr("Cancel sending");
        }
    }

    spacing: 0

    Row {
        visible: items.said

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
        visible: items.said
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
        id: againItem
        objectName: "menuResend"
        Layout.fillWidth: true
        visible: items.failed
        text: qsTr("Try again")
        onClicked: {
            items.closeWanted();
            items.resendWanted(items.outboxId);
        }
    }
    StMenuItem {
        id: copyItem
        objectName: "menuCopy"
        Layout.fillWidth: true
        visible: !items.isDeleted
        text: qsTr("Copy")
        onClicked: {
            items.closeWanted();
            if (items.stored)
                items.actions.copy(items.seq);
            else
                items.actions.copyText(items.body);
        }
    }
    Repeater {
        model: items.links

        StMenuItem {
            required property var modelData

            objectName: "menuLink"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.scaled(320)
            text: Sentences.shown(qsTr("Open %1"), [modelData.url])
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
        visible: items.stored
        text: qsTr("Hide for me")
        onClicked: {
            items.closeWanted();
            items.actions.hide(items.seq);
        }
    }
    StMenuItem {
        objectName: "menuCancel"
        Layout.fillWidth: true
        visible: !items.stored && items.messageState !== TimelineModel.Cancelling
        bad: true
        text: items.cancelText()
        onClicked: {
            items.closeWanted();
            items.cancelWanted(items.outboxId);
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
