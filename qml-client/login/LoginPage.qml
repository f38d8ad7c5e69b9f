// Before one is logged in: where the servers are, when nobody has said; then who one is. Also before a
// server has answered.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Cluster
import Starling.Theme

Rectangle {
    id: page

    required property ChatClient client
    required property AppSettings settings
    required property LocalCluster local

    property bool choosing: client.serverText === "" // Where the servers are is asked first.

    function choose() {
        choosing = true;
        servers.begin();
    }
    function chosen() {
        choosing = false;
        login.takeFocus();
    }

    Component.onCompleted: if (choosing)
        servers.begin()
    else
        login.takeFocus()

    color: Theme.canvas

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(Theme.scaled(380), page.width - 2 * Theme.gapLarge)
        height: Math.min(rows.implicitHeight + 2 * Theme.gapHuge + Theme.gapSmall, page.height - 2 * (pill.visible ? pill.height + 2 * Theme.gap : Theme.gapSmall)) // Above the pill.
        radius: Theme.radiusLarge
        color: Theme.window
        border.width: 1
        border.color: Theme.line

        StScroll {
            anchors.fill: parent
            anchors.margins: Theme.gapHuge
            form: rows

            ColumnLayout {
                id: rows
                width: parent.width
                spacing: Theme.gap

                Text {
                    Layout.fillWidth: true
                    text: "Starling"
                    textFormat: Text.PlainText
                    color: Theme.text
                    font.pixelSize: Theme.fontHuge
                    font.weight: Font.Bold
                    horizontalAlignment: Text.AlignHCenter
                }
                LoginForm {
                    id: login
                    Layout.fillWidth: true
                    visible: !page.choosing
                    client: page.client
                    settings: page.settings
                    onServersWanted: page.choose()
                }
                ServerForm {
                    id: servers
                    Layout.fillWidth: true
                    visible: page.choosing
                    client: page.client
                    settings: page.settings
                    local: page.local
                    onChosen: page.chosen()
                    onBackWanted: page.chosen()
                }
            }
        }
    }
    StatusPill {
        id: pill
        visible: page.client.serverText !== ""
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gap
        width: Math.min(implicitWidth, page.width - 2 * Theme.gap)
        cluster: page.client.cluster
        onClicked: cluster.open()
    }
    ClusterPanel {
        id: cluster
        place: page
        cluster: page.client.cluster
    }
}
