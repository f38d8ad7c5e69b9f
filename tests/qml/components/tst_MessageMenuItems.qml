import QtQuick
import Starling.Client
import Starling.Timeline

ComponentTest {
    id: test
    name: "MessageMenuItems"

    Component {
        id: items
        MessageMenuItems {
            actions: stage.client.actions
            compose: stage.client.compose
            timeline: stage.client.timeline
            seq: 2
            replyTo: 1
            isDeleted: false
            canEdit: true
            canDelete: true
            editCount: 1
            links: []
            outboxId: 0
            messageState: TimelineModel.Replicated
            body: "two"
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh(properties) {
        stage.client.compose.cancel();
        const one = make(items, properties);
        one.begin();
        return one;
    }

    function test_the_keys_go_through_all_lines() {
        const one = fresh();
        for (const name of ["menuReply", "menuEdit", "menuCopy", "menuJump", "menuHistory", "menuHide", "menuDelete"]) {
            tryCompare(named(one, name), "activeFocus", true, 5000, name);
            keyClick(Qt.Key_Down);
        }
    }
    function test_each_line_does_what_it_says_and_closes() {
        const one = fresh();
        const close = spy(one, "closeWanted");
        const history = spy(one, "historyWanted");
        mouseClick(control(one, "React with 👍"));
        verifyWritten("react 20 2 👍 on");
        mouseClick(named(one, "menuReply"));
        compare(stage.client.compose.mode, ComposeModel.Reply);
        mouseClick(named(one, "menuEdit"));
        compare(stage.client.compose.mode, ComposeModel.Edit);
        mouseClick(named(one, "menuCopy"));
        compare(stage.clipboard(), "two");
        mouseClick(named(one, "menuHistory"));
        compare(history.signalArguments[0][0], 2);
        mouseClick(named(one, "menuHide"));
        verifyWritten("hide 20 2");
        mouseClick(named(one, "menuDelete"));
        verifyWritten("delete 20 2");
        compare(close.count, 7);
    }
    function test_of_a_deleted_one_it_can_be_hidden() {
        const one = fresh({
            isDeleted: true,
            canEdit: false,
            canDelete: false,
            replyTo: 0
        });
        tryCompare(named(one, "menuHide"), "activeFocus", true);
        compare(seen(one).filter(item => item.clicked !== undefined).length, 1);
    }
    function test_of_one_that_waits_the_sending_can_be_cancelled() {
        const one = fresh({
            seq: 0,
            outboxId: 7,
            messageState: TimelineModel.Queued,
            canEdit: false,
            canDelete: false,
            replyTo: 0,
            editCount: 0
        });
        const cancel = spy(one, "cancelWanted");
        tryCompare(named(one, "menuCopy"), "activeFocus", true);
        keyClick(Qt.Key_Down);
        tryCompare(named(one, "menuCancel"), "activeFocus", true);
        keyClick(Qt.Key_Return);
        compare(cancel.signalArguments[0][0], 7);
        verify(!named(one, "menuResend").visible);
    }
    function test_of_one_that_was_refused_sending_can_be_tried_again() {
        const one = fresh({
            seq: 0,
            outboxId: 7,
            messageState: TimelineModel.Failed,
            canEdit: false,
            canDelete: false,
            replyTo: 0,
            editCount: 0
        });
        const resend = spy(one, "resendWanted");
        const cancel = spy(one, "cancelWanted");
        tryCompare(named(one, "menuResend"), "activeFocus", true);
        mouseClick(named(one, "menuResend"));
        mouseClick(named(one, "menuCancel"));
        compare([resend.signalArguments[0][0], cancel.signalArguments[0][0]], [7, 7]);
        compare(named(one, "menuCancel").text, "Remove");
    }
    function test_a_long_link_is_cut_short() {
        const url = "https://a.example/" + "x".repeat(200);
        const one = fresh({
            links: [
                {
                    start: 0,
                    length: 10,
                    url: url
                }
            ]
        });
        verifyElided(control(one, "Open " + isolated(url)), "Open " + isolated(url));
    }
}
