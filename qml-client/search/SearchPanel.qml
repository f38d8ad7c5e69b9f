// Searching in all conversations, or in the open one; Enter or a click leads to the message.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property ChatClient client

    // `here`: in the open conversation only.
    function begin(here) {
        client.search.here = here;
        open();
    }

    objectName: "searchPanel"
    wantedWidth: 520
    wantedHeight: 600
    onOpened: (contentItem as SearchForm).begin()

    contentItem: SearchForm {
        search: panel.client.search
        hereTitle: panel.client.chatting ? panel.client.currentTitle : ""
        onChosen: (conversation, seq) => {
            panel.client.openMessage(conversation, seq);
            panel.close();
        }
        onCloseWanted: panel.close()
    }
}
