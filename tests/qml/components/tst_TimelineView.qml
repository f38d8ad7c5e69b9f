import QtQuick
import Starling.Client
import Starling.Timeline

ComponentTest {
    id: test
    name: "TimelineView"

    Component {
        id: view
        TimelineView {
            width: test.width
            height: 400
            timeline: stage.client.timeline
            actions: stage.client.actions
            compose: stage.client.compose
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        stage.client.compose.cancel();
        const one = make(view);
        const list = named(one, "timelineList");
        tryCompare(list, "count", 3);
        list.currentIndex = 0;
        focusOn(list);
        return one;
    }
    function menu(one) {
        const popup = named(one, "messageMenu");
        tryCompare(popup, "opened", true);
        return popup;
    }

    function test_the_keys_go_from_message_to_message_and_open_the_menu() {
        const one = fresh();
        keyClick(Qt.Key_Up);
        compare(named(one, "timelineList").currentIndex, 1);
        keyClick(Qt.Key_Return);
        compare(menu(one).seq, 2);
        keyClick(Qt.Key_Escape);
        tryCompare(named(one, "messageMenu"), "visible", false);
        tryCompare(named(one, "timelineList"), "activeFocus", true);
        keyClick(Qt.Key_Home);
        compare(named(one, "timelineList").currentIndex, 2);
        keyClick(Qt.Key_End);
        compare(named(one, "timelineList").currentIndex, 0);
    }
    function test_a_letter_does_to_the_marked_one_what_the_menu_does() {
        const one = fresh();
        keyClick(Qt.Key_R);
        compare([stage.client.compose.mode, stage.client.compose.quoteBody], [ComposeModel.Reply, "three"]);
        keyClick(Qt.Key_E); // It is bob's.
        compare(stage.client.compose.mode, ComposeModel.Reply);
        keyClick(Qt.Key_Up);
        keyClick(Qt.Key_E);
        compare(stage.client.compose.mode, ComposeModel.Edit);
        keyClick(Qt.Key_C, Qt.ControlModifier);
        compare(stage.clipboard(), "two");
    }
    function test_a_click_on_the_sign_of_an_edit_shows_what_was_said_before() {
        const one = fresh();
        mouseClick(words(one, "edited"));
        const popup = named(one, "historyPopup");
        tryCompare(popup, "opened", true);
        tryVerify(() => shows(popup.contentItem, "thre"));
        keyClick(Qt.Key_Escape);
        tryCompare(popup, "visible", false);
    }
    function test_a_key_that_is_held_tries_again_once() {
        const one = fresh();
        const resent = spy(one, "resendWanted");
        const row = {
            failed: true,
            outboxId: 7
        };
        for (const repeated of [false, true, true]) {
            const event = {
                key: Qt.Key_Return,
                isAutoRepeat: repeated
            };
            one.waitingKey(event, row);
            verify(event.accepted);
        }
        compare(resent.count, 1);
        compare(resent.signalArguments[0][0], 7);
    }
    function test_a_refusal_is_said_in_place_and_goes_by_a_click() {
        const one = fresh();
        stage.refuse("delete", "not today");
        keyClick(Qt.Key_Up);
        keyClick(Qt.Key_Delete);
        const error = named(one, "actionError");
        tryCompare(error, "visible", true);
        compare(error.text, "Not today.");
        mouseClick(error);
        verify(!error.visible);
    }
}
