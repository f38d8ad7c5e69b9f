// Finding people by name, with * and ?; Enter or a click opens the conversation.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.Popup {
    id: panel

    required property ChatClient client

    function choose(name) {
        client.openDirect(name);
        close();
    }

    objectName: "peoplePanel"
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    padding: Theme.gapLarge
    onOpened: {
        search.forceActiveFocus();
        client.people.refresh();
    }
    onClosed: search.clear()

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
    background: Rectangle {
        radius: Theme.radiusLarge
        color: Theme.window
        border.width: 1
        border.color: Theme.line
    }
    contentItem: ColumnLayout {
        spacing: Theme.gap

        RowLayout {
            Text {
                Layout.fillWidth: true
                text: qsTr("New conversation")
                color: Theme.text
                font.pixelSize: Theme.fontTitle
                font.weight: Font.DemiBold
            }
            StIconButton {
                glyph: Icon.Close
                label: qsTr("Close")
                onClicked: panel.close()
            }
        }
        StTextField {
            id: search
            objectName: "peopleSearch"
            Layout.fillWidth: true
            label: qsTr("Name, * and ? stand for any letters")
            onTextChanged: panel.client.people.query = text
            Keys.onDownPressed: list.incrementCurrentIndex()
            Keys.onUpPressed: list.decrementCurrentIndex()
            onAccepted: if (list.currentItem as PersonDelegate)
                panel.choose((list.currentItem as PersonDelegate).name)
        }
        ListView {
            id: list
            objectName: "peopleList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: panel.client.people
            boundsBehavior: Flickable.StopAtBounds
            delegate: PersonDelegate {
                width: ListView.view.width
                onClicked: panel.choose(name)
            }
            StScrollBar.vertical: StScrollBar {}

            Text {
                anchors.centerIn: parent
                width: parent.width - 2 * Theme.gapLarge
                visible: list.count === 0 && !panel.client.people.busy
                text: panel.client.people.notice
                textFormat: Text.PlainText
                color: Theme.textSoft
                font.pixelSize: Theme.fontBody
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
            }
        }
    }
}
