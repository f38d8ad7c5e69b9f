// What the app can do beside chatting, below the button that opened it.
import QtQuick
import Starling.Theme

StPopup {
    id: menu

    signal wanted(int action) // Of AppAction.

    function choose(action) {
        close();
        wanted(action);
    }

    objectName: "mainMenu"
    padding: Theme.gapTiny
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    onOpened: (contentItem as MainMenuItems).begin()

    background: Rectangle {
        radius: Theme.radius
        color: Theme.raised
        border.width: 1
        border.color: Theme.line
    }
    contentItem: MainMenuItems {
        onChosen: action => menu.choose(action)
    }
}
