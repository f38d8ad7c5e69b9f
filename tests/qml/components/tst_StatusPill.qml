import QtQuick
import Starling.Client
import Starling.Cluster
import Starling.Theme

ComponentTest {
    name: "StatusPill"

    Component {
        id: pill
        StatusPill {
            cluster: stage.cluster
        }
    }

    function test_it_follows_the_cluster_through_a_failover() {
        const one = make(pill);
        stage.connected("127.0.0.1:5101");
        compare([one.text, one.light], ["Primary 127.0.0.1:5101", Theme.good]);
        stage.failoverStarted("127.0.0.1:5101");
        compare([one.text, one.light], ["Switching server…", Theme.warn]);
        stage.failedOver("127.0.0.1:5103", 38);
        compare([one.text, one.light], ["Primary 127.0.0.1:5103 · failover 38 ms", Theme.good]);
        compare(one.Accessible.name, one.text);
        compare(one.Accessible.description, stage.cluster.explanation);
        stage.noMajority();
        compare([one.text, one.light], ["Read-only · messages wait", Theme.warn]);
        stage.connected("127.0.0.1:5103");
    }
    function test_a_click_and_the_keyboard_ask_for_more() {
        const one = make(pill);
        const clicked = spy(one, "clicked");
        mouseClick(one);
        focusOn(one);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 2);
    }
    function test_where_there_is_no_room_one_word_is_shown_and_all_is_read_out() {
        const one = make(pill, {
            compact: true
        });
        stage.connected("a-server-with-a-long-name.example.org:5101");
        compare(one.text, "Connected");
        verify(one.Accessible.name.startsWith("Primary a-server-with-a-long-name.example.org:5101"));
        one.compact = false;
        one.width = 150;
        tryVerify(() => words(one, one.text).truncated);
    }
}
