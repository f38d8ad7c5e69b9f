import QtQuick
import Starling.Client
import Starling.Composer

ComponentTest {
    id: test
    name: "QuoteBar"

    Component {
        id: bar
        QuoteBar {
            width: test.width
            compose: stage.client.compose
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }

    function test_it_says_what_is_answered_and_the_button_leaves_that() {
        const one = make(bar);
        stage.client.compose.beginReply(1);
        verify(shows(one, "one"));
        verify(shows(one, stage.client.compose.quoteTitle));
        verify(stage.client.compose.quoteTitle.includes("Bob Builder"));
        compare(named(one, "quoteCancel").Accessible.name, "Answer nothing");
        mouseClick(named(one, "quoteCancel"));
        compare(stage.client.compose.mode, ComposeModel.Plain);
    }
    function test_it_says_what_is_edited() {
        const one = make(bar);
        stage.client.compose.beginEdit(2);
        verify(shows(one, "two"));
        compare(named(one, "quoteCancel").Accessible.name, "Leave the message as it was");
        focusOn(named(one, "quoteCancel"));
        keyClick(Qt.Key_Space);
        compare(stage.client.compose.mode, ComposeModel.Plain);
    }
}
