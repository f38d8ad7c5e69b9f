import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "PasswordForm"

    Component {
        id: form
        PasswordForm {
            width: 400
            height: 400
            account: stage.client.account
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        stage.client.account.clear();
        const one = make(form);
        mouseClick(named(one, "passwordPresent"));
        return one;
    }

    function test_Enter_leads_through_it_and_changes_the_password() {
        const one = fresh();
        type("correct horse");
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "passwordNew"), "activeFocus", true);
        type("new secret");
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "passwordAgain"), "activeFocus", true);
        type("new secret");
        keyClick(Qt.Key_Return);
        verifyWritten("change-password new secret");
        tryCompare(stage.client.account, "done", "The password is changed. 2 other devices were logged out.");
        for (const name of ["passwordPresent", "passwordNew", "passwordAgain"])
            compare(named(one, name).text, "", name);
    }
    function test_a_wrong_one_is_said_and_typing_takes_that_away() {
        const one = fresh();
        type("a guess");
        mouseClick(named(one, "passwordNew"));
        type("new secret");
        mouseClick(named(one, "passwordAgain"));
        type("new secret");
        mouseClick(named(one, "passwordSave"));
        tryCompare(stage.client.account, "error", "That password is wrong.");
        compare(named(one, "passwordNew").text, "new secret", "one need not type it again");
        mouseClick(named(one, "passwordPresent"));
        type("x");
        compare(stage.client.account.error, "");
    }
    function test_what_was_not_typed_the_same_twice_is_marked() {
        const one = fresh();
        verify(!named(one, "passwordSave").enabled);
        type("correct horse");
        mouseClick(named(one, "passwordNew"));
        type("abc");
        verify(named(one, "passwordSave").enabled);
        mouseClick(named(one, "passwordAgain"));
        type("ab");
        verify(!named(one, "passwordAgain").wrong, "one is still typing");
        type("x");
        verify(named(one, "passwordAgain").wrong);
    }
    function test_none_is_shown() {
        const one = fresh();
        type("secret");
        verify(!named(one, "passwordPresent").displayText.includes("s"));
    }
}
