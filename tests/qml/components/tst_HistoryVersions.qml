import QtQuick
import Starling.Timeline

ComponentTest {
    id: test
    name: "HistoryVersions"

    Component {
        id: versions
        HistoryVersions {
            width: 300
            height: 300
            actions: stage.client.actions
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }

    function test_what_was_said_before_and_now_stands_there() {
        const one = make(versions);
        stage.client.actions.loadHistory(3);
        tryCompare(named(one, "historyList"), "count", 2);
        tryVerify(() => shows(one, "thre") && shows(one, "three"));
        compare(words(one, "thre").textFormat, Text.PlainText);
        focusOn(named(one, "historyList"));
        keyClick(Qt.Key_Down);
        compare(named(one, "historyList").currentIndex, 1);
    }
    function test_it_closes() {
        const one = make(versions);
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        compare(wanted.count, 1);
    }
}
