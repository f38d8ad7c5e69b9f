import QtQuick
import Starling.Client
import Starling.Login

ComponentTest {
    id: test
    name: "LoginForm"

    Component {
        id: form
        LoginForm {
            width: test.width
            client: stage.client
            settings: stage.settings
        }
    }

    function initTestCase() {
        stage.start();
    }
    function fresh() {
        stage.client.clearError();
        const one = make(form);
        one.takeFocus();
        tryCompare(named(one, "loginName"), "activeFocus", true);
        return one;
    }
    function refused(one, sentence) {
        tryCompare(named(one, "loginError"), "text", sentence);
        verify(named(one, "loginError").visible);
        compare(stage.client.busy, false);
    }

    function test_Enter_goes_on_and_then_submits_and_a_wrong_password_is_said_in_place() {
        const one = fresh();
        type("ada");
        keyClick(Qt.Key_Return);
        tryCompare(named(one, "loginPassword"), "activeFocus", true);
        type("no password");
        keyClick(Qt.Key_Return);
        refused(one, "Name or password is wrong.");
        compare(named(one, "loginName").text, "ada");
        type("x"); // What one types takes the sentence away.
        verify(!named(one, "loginError").visible);
    }
    function test_an_empty_field_is_said() {
        const one = fresh();
        mouseClick(named(one, "loginButton"));
        refused(one, "Enter your name.");
        mouseClick(named(one, "loginName"));
        type("ada");
        verify(!named(one, "loginError").visible);
        mouseClick(named(one, "loginButton"));
        refused(one, "Enter your password.");
    }
    function test_signing_up_asks_for_one_more_and_says_that_a_name_is_taken() {
        const one = fresh();
        verify(!named(one, "loginDisplayName").visible);
        named(one, "loginPassword").text = "of the other account";
        mouseClick(named(one, "loginSwitch"));
        settle(one);
        verify(named(one, "loginDisplayName").visible);
        compare(named(one, "loginPassword").text, "");
        compare(named(one, "loginButton").text, "Sign up");
        mouseClick(named(one, "loginName"));
        type("bob");
        mouseClick(named(one, "loginPassword"));
        type("some password");
        keyClick(Qt.Key_Return);
        refused(one, "That name is taken. Choose another one.");
        mouseClick(named(one, "loginSwitch"));
        verify(!named(one, "loginError").visible);
        compare(named(one, "loginButton").text, "Log in");
    }
    function test_the_password_is_not_shown() {
        const password = named(fresh(), "loginPassword");
        mouseClick(password);
        type("secret");
        compare(password.text, "secret");
        verify(!password.displayText.includes("secret"));
        compare(password.Accessible.name, "Password");
    }
    function test_whether_to_stay_is_remembered() {
        const one = fresh();
        const before = stage.settings.stayLoggedIn;
        mouseClick(named(one, "stayLoggedIn"));
        compare(stage.settings.stayLoggedIn, !before);
        mouseClick(named(one, "stayLoggedIn"));
        compare(stage.settings.stayLoggedIn, before);
    }
    function test_other_servers_are_asked_for() {
        const one = fresh();
        const wanted = spy(one, "serversWanted");
        verify(shows(one, "Looks for servers at " + isolated(stage.address)));
        mouseClick(named(one, "serversLink"));
        compare(wanted.count, 1);
    }
    function test_Tab_goes_through_it_from_top_to_bottom() {
        const one = fresh();
        for (const next of ["loginPassword", "stayLoggedIn", "loginButton", "loginSwitch", "serversLink"]) {
            keyClick(Qt.Key_Tab);
            tryCompare(named(one, next), "activeFocus", true, 5000, next);
        }
    }
    function test_the_right_password_leads_in() {
        const one = fresh();
        type("ada");
        mouseClick(named(one, "loginPassword"));
        type("correct horse");
        mouseClick(named(one, "loginButton"));
        verify(!named(one, "loginButton").enabled, "once is enough");
        compare(named(one, "loginButton").text, "One moment…");
        tryCompare(stage.client, "state", ChatClient.Ready);
        stage.logOut();
        tryCompare(stage.client, "state", ChatClient.Login);
    }
}
