// What a message said before its edits, and what it says now.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: popup

    required property MessageActions actions

    function show(seq) {
        actions.loadHistory(seq);
        open();
    }

    objectName: "historyPopup"
    wantedHeight: 380

    contentItem: HistoryVersions {
        actions: popup.actions
        onCloseWanted: popup.close()
    }
}
