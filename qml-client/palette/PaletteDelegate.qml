// One thing that fits.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Starling.Client
import Starling.Theme

T.ItemDelegate {
    id: row

    required property int index
    required property int kind
    required property string title
    required property string detail
    required property string keys
    required property string initials
    required property int colorIndex
    required property bool isGroup

    readonly property string kindText: {
        switch (kind) {
        case PaletteModel.Person:
            return qsTr("Person");
        case PaletteModel.Conversation:
            return isGroup ? qsTr("Group") : "";
        default:
            return "";
        }
    }

    implicitHeight: Theme.scaled(44)
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    focusPolicy: Qt.NoFocus // One goes on typing.
    Accessible.name: kindText === "" ? title : title + ", " + kindText

    contentItem: RowLayout {
        spacing: Theme.gap

        Item {
            Layout.preferredWidth: Theme.avatarSmall
            Layout.preferredHeight: Theme.avatarSmall

            StAvatar {
                anchors.fill: parent
                visible: row.kind !== PaletteModel.Action
                size: Theme.avatarSmall
                initials: row.initials
                colorIndex: row.colorIndex
            }
            Icon {
                anchors.centerIn: parent
                visible: row.kind === PaletteModel.Action
                width: Theme.scaled(18)
                height: width
                name: Icon.Action
                color: Theme.textSoft
            }
        }
        Text {
            text: row.title
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: Theme.fontBody
            elide: Text.ElideRight
            Layout.maximumWidth: row.availableWidth * 0.6
        }
        Text {
            Layout.fillWidth: true
            text: row.detail
            textFormat: Text.PlainText
            horizontalAlignment: Text.AlignLeft
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
            elide: Text.ElideRight
        }
        Text {
            visible: text !== ""
            text: row.kindText
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontSmall
        }
        StKeys {
            visible: row.keys !== ""
            keys: row.keys
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: row.ListView.isCurrentItem ? Theme.selected : row.hovered ? Theme.hover : "transparent"
    }
}
