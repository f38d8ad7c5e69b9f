import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "ProfileForm"

    Component {
        id: form
        ProfileForm {
            width: 400
            height: 560
            account: stage.client.account
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        tryCompare(stage.client.account, "busy", false);
        const one = make(form);
        one.begin();
        one.takeFocus();
        tryCompare(named(one, "profileName"), "activeFocus", true);
        return one;
    }

    function test_it_shows_what_is_and_saves_what_was_typed() {
        const one = fresh();
        const save = named(one, "profileSave");
        compare(named(one, "profileName").text, stage.client.account.displayName);
        verify(!save.enabled, "nothing was changed");
        named(one, "profileName").selectAll();
        type("Countess");
        verify(save.enabled);
        mouseClick(named(one, "profileAbout"));
        keyClick(Qt.Key_A, Qt.ControlModifier);
        type("Notes");
        mouseClick(save);
        verifyWritten("set-profile Countess|Notes");
        tryCompare(stage.client.account, "displayName", "Countess");
        tryCompare(save, "enabled", false);
    }
    function test_Enter_in_the_name_saves_if_there_is_something_to_save() {
        const one = fresh();
        const before = stage.writes().length;
        keyClick(Qt.Key_Return);
        compare(stage.writes().length, before);
        named(one, "profileName").selectAll();
        type("Ada");
        keyClick(Qt.Key_Return);
        tryVerify(() => stage.writes().length === before + 1);
        tryCompare(stage.client.account, "busy", false);
    }
    function test_what_is_too_long_is_shown_and_not_saved() {
        const one = fresh();
        named(one, "profileName").text = "ä".repeat(33); // 66 bytes, two more than fit.
        verify(named(one, "profileName").wrong);
        verify(!named(one, "profileSave").enabled);
        named(one, "profileName").text = "ä".repeat(32);
        verify(!named(one, "profileName").wrong);
        verify(named(one, "profileSave").enabled);
        named(one, "profileAbout").text = "x".repeat(513);
        verify(shows(one, "513 of 512"));
        verify(!named(one, "profileSave").enabled);
    }
    function test_its_other_buttons() {
        const one = fresh();
        const out = spy(one, "logOutWanted");
        const end = spy(one, "endWanted");
        mouseClick(named(one, "profileLogOut"));
        mouseClick(named(one, "profileEnd"));
        compare([out.count, end.count], [1, 1]);
    }
    function test_the_fields_are_called_what_stands_above_them() {
        const one = fresh();
        compare(named(one, "profileName").Accessible.name, "Name that others see");
        compare(named(one, "profileAbout").Accessible.name, "A few words about yourself");
    }
}
