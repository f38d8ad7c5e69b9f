import QtQuick
import Starling.Groups

ComponentTest {
    id: test
    name: "NewGroupForm"

    Component {
        id: form
        NewGroupForm {
            width: 400
            height: 560
            client: stage.client
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        const one = make(form);
        one.begin();
        tryCompare(named(one, "groupTitle"), "activeFocus", true);
        return one;
    }

    function test_a_name_people_and_it_is_made() {
        const one = fresh();
        verify(!named(one, "groupCreate").enabled);
        type("Tea");
        verify(named(one, "groupCreate").enabled);
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "pickerSearch"), "activeFocus", true);
        tryCompare(named(one, "pickerList"), "count", 2);
        keyClick(Qt.Key_Return);
        settle(one);
        mouseClick(named(one, "groupCreate"));
        verifyWritten("create Tea: bob");
    }
    function test_a_refusal_is_said_in_place_until_the_next_time() {
        const one = fresh();
        type("  ");
        mouseClick(named(one, "groupCreate"));
        compare(named(one, "newGroupError").text, "Give the group a name.");
        verify(named(one, "newGroupError").visible);
        one.begin();
        verify(!named(one, "newGroupError").visible);
        compare(named(one, "groupTitle").text, "");
    }
    function test_it_closes() {
        const one = fresh();
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        compare(wanted.count, 1);
    }
}
