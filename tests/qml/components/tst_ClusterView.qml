import QtQuick
import Starling.Cluster
import Starling.Theme

ComponentTest {
    id: test
    name: "ClusterView, FailoverLine"

    Component {
        id: view
        ClusterView {
            width: test.width
            height: test.height
            cluster: stage.cluster
        }
    }
    Component {
        id: line
        FailoverLine {
            width: implicitWidth
            cluster: stage.cluster
        }
    }

    // First, while nothing has happened.
    function test_a1_nothing_yet() {
        const one = make(view);
        verify(shows(one, "Nothing yet"));
        verify(!named(one, "copyEvents").enabled);
        verify(!named(one, "serverList").visible);
    }
    function test_a2_servers_and_events_stand_there_and_are_copied() {
        const one = make(view);
        stage.servers(3);
        stage.connected("127.0.0.1:5101");
        stage.failoverStarted("127.0.0.1:5101");
        tryCompare(named(one, "serverList"), "count", 3);
        tryVerify(() => shows(one, "127.0.0.1:5103"));
        tryCompare(named(one, "eventList"), "count", stage.cluster.events.count);
        verify(!shows(one, "Nothing yet"));
        verify(named(one, "copyEvents").enabled);
        mouseClick(named(one, "copyEvents"));
        compare(stage.clipboard().trim().split("\n").length, stage.cluster.events.count);
    }
    function test_the_focus_begins_in_the_list_and_its_button_closes() {
        stage.servers(3);
        const one = make(view);
        one.takeFocus();
        tryCompare(named(one, "serverList"), "activeFocus", true);
        keyClick(Qt.Key_Down);
        compare(named(one, "serverList").currentIndex, 1);
        const wanted = spy(one, "closeWanted");
        mouseClick(named(one, "clusterClose"));
        compare(wanted.count, 1);
    }
    function test_the_failover_is_told_over_the_conversation() {
        const one = make(line);
        verify(!one.visible);
        stage.failedOver("127.0.0.1:5103", 38);
        tryCompare(one, "opacity", 1);
        compare(one.Accessible.name, "Now on 127.0.0.1:5103, 38 ms");
        one.width = 80;
        tryVerify(() => words(one, one.Accessible.name).truncated);
    }
}
