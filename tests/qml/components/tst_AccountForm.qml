import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "AccountForm"

    Component {
        id: form
        AccountForm {
            width: 440
            height: 600
            account: stage.client.account
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        const one = make(form);
        one.begin();
        tryCompare(named(one, "profileName"), "activeFocus", true);
        return one;
    }

    function test_each_tab_shows_its_form() {
        const one = fresh();
        const forms = ["profileSave", "passwordSave", "deviceList", "blockedList"];
        ["Profile", "Password", "Devices", "Blocked"].forEach((title, at) => {
            mouseClick(control(one, title));
            for (const name of forms)
                compare(named(one, name).visible, name === forms[at], title + ": " + name);
        });
        tryCompare(named(one, "blockedList"), "count", 1);
        tryCompare(named(one, "deviceList"), "count", 3);
    }
    function test_the_end_is_asked_for_and_left_again() {
        const one = fresh();
        mouseClick(named(one, "profileEnd"));
        tryCompare(named(one, "deletePassword"), "activeFocus", true);
        verify(!named(one, "profileSave").visible);
        settle(one);
        mouseClick(named(one, "deleteBack"));
        verify(named(one, "profileSave").visible);
    }
    function test_what_went_wrong_stands_below_until_one_turns_the_page() {
        const one = fresh();
        stage.refuse("set-profile", "not today");
        named(one, "profileName").selectAll();
        type("Countess");
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "accountError"), "text", "Not today.");
        verify(named(one, "accountError").visible);
        mouseClick(control(one, "Devices"));
        verify(!named(one, "accountError").visible);
    }
    function test_it_closes_and_logs_out() {
        const one = fresh();
        const close = spy(one, "closeWanted");
        const out = spy(one, "logOutWanted");
        mouseClick(control(one, "Close"));
        mouseClick(named(one, "profileLogOut"));
        compare([close.count, out.count], [1, 1]);
    }
}
