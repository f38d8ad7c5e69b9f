// Above the conversations: oneself, looking for something, somebody new, and the menu.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

RowLayout {
    id: header

    required property ChatClient client

    signal paletteWanted
    signal wanted(int action) // Of AppAction.

    spacing: 0

    SelfButton {
        Layout.fillWidth: true
        displayName: header.client.displayName
        initials: header.client.initials
        colorIndex: header.client.colorIndex
        onClicked: header.wanted(AppAction.Account)
    }
    StIconButton {
        objectName: "paletteButton"
        glyph: Icon.Search
        label: qsTr("Jump to a conversation, a person, an action")
        onClicked: header.paletteWanted()
    }
    StIconButton {
        objectName: "peopleButton"
        glyph: Icon.Plus
        label: qsTr("New conversation")
        tint: Theme.accent
        onClicked: header.wanted(AppAction.NewConversation)
    }
    StIconButton {
        id: more
        objectName: "menuButton"
        glyph: Icon.More
        label: qsTr("Menu")
        onClicked: menu.open()

        MainMenu {
            id: menu
            x: more.mirrored ? 0 : more.width - width
            y: more.height + Theme.gapTiny
            onWanted: action => header.wanted(action)
        }
    }
}
