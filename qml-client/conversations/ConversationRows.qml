// The rows of the list of conversations.
import QtQuick
import Starling.Theme

ListView {
    signal chosen(var id) // 64 bits

    clip: true
    boundsBehavior: Flickable.StopAtBounds
    keyNavigationEnabled: true
    delegate: ConversationDelegate {
        width: ListView.view.width
        onClicked: (ListView.view as ConversationRows).chosen(conversationId)
    }
    StScrollBar.vertical: StScrollBar {}
}
