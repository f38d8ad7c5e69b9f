import QtQuick
import Starling.Groups

ComponentTest {
    id: test
    name: "MembersForm"

    Component {
        id: form
        MembersForm {
            width: 400
            height: 560
            client: stage.client
        }
    }

    function initTestCase() {
        verify(stage.logIn("admin"));
    }
    function fresh() {
        const one = make(form);
        one.begin();
        tryCompare(named(one, "memberList"), "activeFocus", true);
        return one;
    }

    function test_people_are_added() {
        const one = fresh();
        verify(shows(one, "2 members"));
        mouseClick(named(one, "addMembersButton"));
        tryCompare(named(one, "pickerSearch"), "activeFocus", true);
        verify(!named(one, "memberList").visible);
        verify(!named(one, "addChosenButton").enabled, "nobody is chosen");
        tryCompare(named(one, "pickerList"), "count", 2);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        verify(named(one, "addChosenButton").enabled);
        settle(one);
        mouseClick(named(one, "addChosenButton"));
        verifyWritten("add 20 carl");
        tryCompare(named(one, "memberList"), "visible", true);
    }
    function test_one_may_think_better_of_it() {
        const one = fresh();
        const before = stage.writes().length;
        mouseClick(named(one, "addMembersButton"));
        settle(one);
        mouseClick(control(one, "Cancel"));
        verify(named(one, "memberList").visible);
        compare(stage.writes().length, before);
    }
    function test_a_refusal_is_said_in_place() {
        const one = fresh();
        stage.refuse("rename", "a group has a title");
        mouseClick(named(one, "renameButton"));
        type("x");
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "membersError"), "text", "A group has a title.");
        verify(named(one, "membersError").visible);
        one.begin();
        verify(!named(one, "membersError").visible);
    }
    function test_an_admin_does_not_dissolve() {
        verify(!named(fresh(), "dissolveButton").visible);
    }
    function test_it_closes() {
        const one = fresh();
        const wanted = spy(one, "closeWanted");
        mouseClick(named(one, "membersClose"));
        compare(wanted.count, 1);
    }
}
