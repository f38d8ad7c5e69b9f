// What others see of the account.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AccountDesk account

    readonly property bool fits: account.bytes(shown.text) <= account.maxDisplayName && account.bytes(about.text) <= account.maxAbout
    readonly property bool touched: shown.text !== account.displayName || about.text !== account.about

    signal logOutWanted
    signal endWanted

    function begin() {
        shown.text = account.displayName;
        about.text = account.about;
    }
    function takeFocus() {
        shown.forceActiveFocus();
    }

    spacing: Theme.gap

    Connections {
        target: form.account
        function onChanged() {
            if (!shown.activeFocus && !about.activeFocus)
                form.begin();
        }
    }
    RowLayout {
        spacing: Theme.gapLarge

        StAvatar {
            size: Theme.scaled(64)
            initials: form.account.initials
            colorIndex: form.account.colorIndex
        }
        ColumnLayout {
            spacing: 2
            Text {
                Layout.fillWidth: true
                text: form.account.name
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.text
                font.pixelSize: Theme.fontTitle
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Text {
                Layout.fillWidth: true
                visible: form.account.since !== ""
                text: qsTr("Here since %1").arg(form.account.since)
                textFormat: Text.PlainText
                horizontalAlignment: Text.AlignLeft
                color: Theme.textSoft
                font.pixelSize: Theme.fontSmall
                elide: Text.ElideRight
            }
        }
    }
    StSection {
        text: qsTr("Name that others see")
    }
    StTextField {
        id: shown
        objectName: "profileName"
        Layout.fillWidth: true
        label: form.account.name
        wrong: form.account.bytes(text) > form.account.maxDisplayName
        Accessible.name: qsTr("Name that others see")
        onTextEdited: form.account.clear()
        onAccepted: if (save.enabled)
            save.clicked()
    }
    StSection {
        text: qsTr("About you")
    }
    StTextArea {
        id: about
        objectName: "profileAbout"
        Layout.fillWidth: true
        label: qsTr("A few words about yourself")
        onTextChanged: if (activeFocus)
            form.account.clear()
    }
    Item { // No RowLayout: one that is out of sight misses that a new language made the button wider.
        Layout.fillWidth: true
        implicitHeight: save.implicitHeight

        Text {
            anchors.left: parent.left
            anchors.right: save.left
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("%1 of %2").arg(form.account.bytes(about.text)).arg(form.account.maxAbout)
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: form.account.bytes(about.text) > form.account.maxAbout ? Theme.bad : Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
        StButton {
            id: save
            anchors.right: parent.right
            objectName: "profileSave"
            text: qsTr("Save")
            enabled: form.fits && form.touched && !form.account.busy
            onClicked: form.account.saveProfile(shown.text, about.text)
        }
    }
    Item {
        Layout.fillHeight: true
    }
    RowLayout {
        spacing: Theme.gapSmall

        StButton {
            objectName: "profileLogOut"
            Layout.fillWidth: true
            subdued: true
            text: qsTr("Log out")
            onClicked: form.logOutWanted()
        }
        StButton {
            objectName: "profileEnd"
            Layout.fillWidth: true
            subdued: true
            bad: true
            text: qsTr("Delete the account")
            onClicked: form.endWanted()
        }
    }
}
