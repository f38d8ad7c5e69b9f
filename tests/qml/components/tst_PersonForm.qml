import QtQuick
import Starling.People

ComponentTest {
    id: test
    name: "PersonForm"

    Component {
        id: form
        PersonForm {
            width: 340
            height: 440
            person: stage.client.person
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh(name) {
        const one = make(form);
        stage.client.person.show(name, "");
        one.begin();
        tryCompare(stage.client.person, "loaded", true);
        return one;
    }

    function test_it_says_who_it_is_and_leads_to_a_message() {
        const one = fresh("bob");
        const message = spy(one, "messageWanted");
        const close = spy(one, "closeWanted");
        verify(shows(one, "Bob Builder"));
        verify(shows(one, "I build."));
        tryCompare(named(one, "personMessage"), "activeFocus", true);
        keyClick(Qt.Key_Space);
        mouseClick(named(one, "personMessage"));
        compare(message.count, 2);
        mouseClick(control(one, "Close"));
        compare(close.count, 1);
    }
    function test_a_block_is_asked_about_once_more() {
        const one = fresh("bob");
        const block = named(one, "personBlock");
        mouseClick(block);
        compare(block.text, "Yes, block");
        verify(named(one, "personAsk").visible);
        verify(named(one, "personAsk").text.startsWith(isolated("Bob Builder") + " will neither"));
        verify(!stage.client.person.blocked);
        settle(one);
        mouseClick(block);
        verifyWritten("block bob on");
        tryCompare(stage.client.person, "blocked", true);
        verify(named(one, "personBlocked").visible);
        compare(named(one, "personBlocked").text, "You block " + isolated("Bob Builder") + ".");
        compare(block.text, "Unblock");
        tryCompare(block, "enabled", true);
        settle(one);
        mouseClick(block);
        verifyWritten("block bob off");
        tryCompare(stage.client.person, "blocked", false);
    }
    function test_oneself_can_neither_be_blocked_nor_written_to() {
        const one = fresh("ada");
        verify(!named(one, "personBlock").visible);
        verify(!named(one, "personMessage").visible);
    }
}
