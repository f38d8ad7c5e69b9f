import QtQuick
import Starling.Client
import Starling.Composer

ComponentTest {
    id: test
    name: "Composer"

    Component {
        id: composer
        Composer {
            width: test.width
            client: stage.client
            enterSends: true
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh(properties) {
        const one = make(composer, properties);
        stage.client.compose.cancel();
        stage.client.compose.typed("", 0); // Of the one before.
        one.takeFocus();
        tryCompare(named(one, "composerField"), "activeFocus", true);
        named(one, "composerField").clear();
        return one;
    }
    function text(one) {
        return named(one, "composerField").text;
    }

    function test_Enter_sends_and_Shift_Enter_breaks_the_line() {
        const one = fresh();
        const before = stage.client.timeline.count;
        verify(!named(one, "sendButton").enabled, "there is nothing to send");
        type("one");
        keyClick(Qt.Key_Return, Qt.ShiftModifier);
        type("two");
        compare(text(one), "one\ntwo");
        keyClick(Qt.Key_Return);
        compare(text(one), "");
        tryCompare(stage.client.timeline, "count", before + 1);
    }
    function test_the_other_way_round_as_is_set() {
        const one = fresh({
            enterSends: false
        });
        const before = stage.client.timeline.count;
        type("a");
        keyClick(Qt.Key_Return);
        type("b");
        compare(text(one), "a\nb");
        keyClick(Qt.Key_Return, Qt.ControlModifier);
        compare(text(one), "");
        tryCompare(stage.client.timeline, "count", before + 1);
    }
    function test_the_button_sends_too() {
        const one = fresh();
        const before = stage.client.timeline.count;
        type("by mouse");
        compare(named(one, "sendButton").Accessible.name, "Send");
        mouseClick(named(one, "sendButton"));
        compare(text(one), "");
        tryCompare(stage.client.timeline, "count", before + 1);
    }
    function test_blanks_alone_are_not_sent() {
        const one = fresh();
        const before = stage.client.timeline.count;
        type("  ");
        keyClick(Qt.Key_Return);
        compare(stage.client.timeline.count, before);
        compare(text(one), "  ");
    }
    function test_an_at_sign_names_somebody() {
        const one = fresh();
        type("hi @b");
        const rows = named(one, "mentionRows");
        tryCompare(rows, "visible", true);
        keyClick(Qt.Key_Tab);
        compare(text(one), "hi @bob ");
        verify(!rows.visible);
        type("@b");
        tryCompare(rows, "visible", true);
        keyClick(Qt.Key_Escape);
        verify(!rows.visible);
        compare(text(one), "hi @bob @b");
    }
    function test_an_answer_is_begun_and_left_by_Esc() {
        const one = fresh();
        stage.client.compose.beginReply(1);
        const bar = named(one, "quoteBar");
        tryCompare(bar, "visible", true);
        keyClick(Qt.Key_Escape);
        verify(!bar.visible);
        compare(stage.client.compose.mode, ComposeModel.Plain);
    }
    function test_the_arrow_up_edits_ones_last_message() {
        const one = fresh();
        keyClick(Qt.Key_Up);
        compare(stage.client.compose.mode, ComposeModel.Edit);
        compare(text(one), "two");
        compare(named(one, "sendButton").Accessible.name, "Save the change");
        keyClick(Qt.Key_End);
        type("!");
        keyClick(Qt.Key_Return);
        verifyWritten("edit 20 2 two!");
        compare(text(one), "");
    }
    function test_letters_from_elsewhere_are_typed_into_it() {
        const one = fresh();
        one.typeIn("x");
        compare(text(one), "x");
    }
    function test_Tab_leaves_it() {
        const one = fresh();
        type("x");
        keyClick(Qt.Key_Tab);
        tryCompare(named(one, "sendButton"), "activeFocus", true);
        compare(text(one), "x");
    }
}
