// In place of the conversations: that they are on their way, that no server answers, or that there are
// none yet, and what one can do.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: state

    required property ChatClient client

    readonly property bool loaded: client.conversations.loaded
    readonly property bool offline: client.cluster.state === ClusterStatus.Offline

    signal peopleWanted

    spacing: Theme.gapLarge

    StEmpty {
        objectName: "listState"
        Layout.fillWidth: true
        glyph: state.loaded ? Icon.People : state.offline ? Icon.Warning : Icon.Clock
        text: state.loaded ? qsTr("No conversations yet") : state.offline ? qsTr("No server answers") : qsTr("Loading your conversations…")
        detail: state.loaded ? qsTr("Find somebody by name and say hello.") : state.offline ? qsTr("They appear as soon as one does.") : ""
    }
    StButton {
        objectName: "findPeople"
        Layout.alignment: Qt.AlignHCenter
        visible: state.loaded
        text: qsTr("Find people")
        onClicked: state.peopleWanted()
    }
}
