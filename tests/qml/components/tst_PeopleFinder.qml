import QtQuick
import Starling.People

ComponentTest {
    id: test
    name: "PeopleFinder"

    Component {
        id: finder
        PeopleFinder {
            width: 360
            height: 400
            people: stage.client.people
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        const one = make(finder);
        one.clear();
        one.begin();
        tryCompare(named(one, "peopleSearch"), "activeFocus", true);
        tryCompare(named(one, "peopleList"), "count", 2);
        return one;
    }

    function test_the_keys_choose_somebody() {
        const one = fresh();
        const chosen = spy(one, "chosen");
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_Up);
        keyClick(Qt.Key_Return);
        compare(chosen.signalArguments.map(said => said[0]), ["bob", "carl", "bob"]);
    }
    function test_a_click_chooses_and_the_button_tells_who_it_is() {
        const one = fresh();
        const chosen = spy(one, "chosen");
        const profile = spy(one, "profileWanted");
        mouseClick(control(one, "Profile of Carl"));
        compare(chosen.count, 0);
        compare([profile.signalArguments[0][0], profile.signalArguments[0][1]], ["carl", "Carl"]);
        mouseClick(control(one, "Bob Builder, bob"), 20);
        compare(chosen.signalArguments[0][0], "bob");
    }
    function test_what_is_typed_narrows_the_list_and_nobody_is_said() {
        const one = fresh();
        type("ca");
        tryCompare(named(one, "peopleList"), "count", 1);
        type("x");
        tryVerify(() => shows(one, "Nobody matches “" + isolated("cax") + "”."));
        one.clear();
        tryCompare(named(one, "peopleList"), "count", 2);
    }
    function test_its_buttons() {
        const one = fresh();
        const group = spy(one, "groupWanted");
        const close = spy(one, "closeWanted");
        mouseClick(named(one, "newGroupButton"));
        mouseClick(control(one, "Close"));
        compare([group.count, close.count], [1, 1]);
    }
}
