import QtQuick
import Starling.Groups

ComponentTest {
    id: test
    name: "GroupTitle, GroupEnding"

    Component {
        id: title
        GroupTitle {
            width: 300
            groups: stage.client.groups
        }
    }
    Component {
        id: ending
        GroupEnding {
            width: 400
            groups: stage.client.groups
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function settled() {
        tryCompare(stage.client.groups, "busy", false);
    }

    function test_it_is_renamed_by_Enter_and_by_the_button() {
        const one = make(title);
        verify(shows(one, "Lunch"));
        mouseClick(named(one, "renameButton"));
        tryCompare(named(one, "renameField"), "activeFocus", true);
        compare(named(one, "renameField").text, "Lunch");
        named(one, "renameField").selectAll();
        type("Tea");
        keyClick(Qt.Key_Return);
        verifyWritten("rename 20 Tea");
        verify(!named(one, "renameField").visible);
        settled();
        mouseClick(named(one, "renameButton"));
        type("!");
        settle(one);
        mouseClick(named(one, "renameSave"));
        verifyWritten("rename 20 " + stage.client.groups.title + "!");
        settled();
    }
    function test_Esc_leaves_it_as_it_was() {
        const one = make(title);
        const before = stage.writes().length;
        mouseClick(named(one, "renameButton"));
        type("x");
        keyClick(Qt.Key_Escape);
        verify(!named(one, "renameField").visible);
        compare(stage.writes().length, before);
    }
    function test_leaving_is_asked_about_once_more() {
        const one = make(ending);
        const before = stage.writes().length;
        mouseClick(named(one, "leaveButton"));
        compare(named(one, "leaveButton").text, "Yes, leave the group");
        verify(!named(one, "dissolveButton").visible);
        settle(one);
        mouseClick(control(one, "No"));
        compare(named(one, "leaveButton").text, "Leave");
        verify(named(one, "dissolveButton").visible);
        compare(stage.writes().length, before);
    }
    function test_z_dissolving_is_too() {
        const one = make(ending);
        mouseClick(named(one, "dissolveButton"));
        compare(named(one, "dissolveButton").text, "Yes, dissolve it for everybody");
        verify(!stage.writes().includes("dissolve 20"));
        focusOn(named(one, "dissolveButton"));
        keyClick(Qt.Key_Space);
        verifyWritten("dissolve 20");
    }
}
