// Who somebody is, and what one can do: write to them, block them.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property PersonDesk person

    property bool asking: false // Whether to block is asked once more.

    signal closeWanted
    signal messageWanted

    function begin() {
        asking = false;
        message.forceActiveFocus();
    }

    spacing: Theme.gap

    StTitle {
        text: qsTr("Profile")
        onCloseWanted: form.closeWanted()
    }
    StAvatar {
        Layout.alignment: Qt.AlignHCenter
        size: Theme.scaled(88)
        initials: form.person.initials
        colorIndex: form.person.colorIndex
        online: form.person.online
        away: form.person.away
    }
    ColumnLayout {
        spacing: 2
        Text {
            Layout.fillWidth: true
            text: form.person.displayName
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: Theme.fontTitle
            font.weight: Font.DemiBold
            horizontalAlignment: Text.AlignHCenter
            elide: Text.ElideRight
        }
        Text {
            Layout.fillWidth: true
            text: form.person.name
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontBody
            horizontalAlignment: Text.AlignHCenter
            elide: Text.ElideRight
        }
    }
    Text {
        objectName: "personPresence"
        Layout.fillWidth: true
        visible: text !== ""
        text: form.person.presence
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
    }
    Text {
        objectName: "personAbout"
        Layout.fillWidth: true
        visible: text !== ""
        text: form.person.about
        textFormat: Text.PlainText
        color: Theme.text
        font.pixelSize: Theme.fontBody
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        maximumLineCount: 6
        elide: Text.ElideRight
    }
    Text {
        Layout.fillWidth: true
        text: form.person.since !== "" ? qsTr("Here since %1").arg(form.person.since) : form.person.busy ? qsTr("Asking the servers…") : ""
        textFormat: Text.PlainText
        color: Theme.textSoft
        font.pixelSize: Theme.fontSmall
        horizontalAlignment: Text.AlignHCenter
    }
    Item {
        Layout.fillHeight: true
    }
    StNotice {
        objectName: "personBlocked"
        Layout.fillWidth: true
        visible: form.person.blocked
        bad: false
        text: Sentences.shown(qsTr("You block %1."), [form.person.displayName])
    }
    StNotice {
        objectName: "personAsk"
        Layout.fillWidth: true
        visible: form.asking && !form.person.blocked
        bad: false
        text: Sentences.shown(qsTr("%1 will neither be able to write to you directly nor to add you to groups, and is not told."), [form.person.displayName])
    }
    StNotice {
        objectName: "personError"
        Layout.fillWidth: true
        text: form.person.error
    }
    RowLayout {
        spacing: Theme.gapSmall

        StButton {
            objectName: "personBlock"
            Layout.fillWidth: true
            visible: !form.person.isSelf
            enabled: form.person.loaded && !form.person.busy
            subdued: true
            bad: !form.person.blocked
            text: form.person.blocked ? qsTr("Unblock") : form.asking ? qsTr("Yes, block") : qsTr("Block")
            onClicked: {
                if (form.asking || form.person.blocked)
                    form.person.setBlocked(!form.person.blocked);
                form.asking = !form.asking && !form.person.blocked;
            }
        }
        StButton {
            id: message
            objectName: "personMessage"
            Layout.fillWidth: true
            visible: !form.person.isSelf
            text: qsTr("Message")
            onClicked: form.messageWanted()
        }
    }
}
