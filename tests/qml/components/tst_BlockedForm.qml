import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "BlockedForm, BlockedDelegate"

    Component {
        id: form
        BlockedForm {
            width: 400
            height: 400
            account: stage.client.account
        }
    }
    Component {
        id: person
        BlockedDelegate {
            width: 300
            name: "carl"
            displayName: "Carl"
            initials: "C"
            colorIndex: 0
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }

    function test_a_block_is_taken_back_and_an_empty_list_says_so() {
        const one = make(form);
        stage.client.account.loadBlocked();
        tryCompare(named(one, "blockedList"), "count", 1);
        tryVerify(() => shows(one, "Carl"));
        mouseClick(control(one, "Unblock Carl"));
        verifyWritten("block carl off");
        tryCompare(named(one, "blockedList"), "count", 0);
        tryVerify(() => shows(one, "You block nobody"));
    }
    function test_a_person_by_the_keyboard() {
        const one = make(person);
        const wanted = spy(one, "unblockWanted");
        focusOn(named(one, "unblock"));
        keyClick(Qt.Key_Space);
        compare(wanted.count, 1);
        compare(one.Accessible.name, "Carl");
        one.displayName = longName;
        settle(one);
        verifyElided(one, longName);
    }
}
