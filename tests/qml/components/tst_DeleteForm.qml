import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "DeleteForm"

    Component {
        id: form
        DeleteForm {
            width: 400
            height: 480
            account: stage.client.account
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        const one = make(form);
        one.begin();
        tryCompare(named(one, "deletePassword"), "activeFocus", true);
        return one;
    }

    function test_nothing_happens_without_the_password() {
        const one = fresh();
        verify(!named(one, "deleteAccount").enabled);
        mouseClick(named(one, "deleteAccount"));
        keyClick(Qt.Key_Return);
        compare(stage.client.account.busy, false);
        type("a guess");
        verify(named(one, "deleteAccount").enabled);
        keyClick(Qt.Key_Return);
        tryCompare(stage.client.account, "error", "That password is wrong.");
        verify(!stage.writes().includes("delete-account "));
        type("x");
        compare(stage.client.account.error, "");
        one.begin();
        compare(named(one, "deletePassword").text, "");
    }
    function test_one_may_keep_it() {
        const one = fresh();
        const back = spy(one, "backWanted");
        mouseClick(named(one, "deleteBack"));
        compare(back.count, 1);
    }
    function test_the_right_password_ends_it() {
        const one = fresh();
        type("correct horse");
        mouseClick(named(one, "deleteAccount"));
        verifyWritten("delete-account ");
    }
    function cleanupTestCase() {
        stage.logOut();
    }
}
