// The cluster: every server with what it is, and what has happened to the connection.
import QtQuick
import Starling.Client
import Starling.Theme

StDialog {
    id: panel

    required property ClusterStatus cluster

    objectName: "clusterPanel"
    wantedWidth: 560
    wantedHeight: 620
    onAboutToShow: cluster.watched = true
    onClosed: cluster.watched = false
    onOpened: (contentItem as ClusterView).takeFocus()

    contentItem: ClusterView {
        cluster: panel.cluster
        onCloseWanted: panel.close()
    }
}
