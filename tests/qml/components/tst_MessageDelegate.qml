import QtQuick
import Starling.Client
import Starling.Theme
import Starling.Timeline

ComponentTest {
    id: test
    name: "MessageDelegate"

    Component {
        id: message
        MessageDelegate {
            width: test.width
            height: implicitHeight
            index: 0
            seq: 5
            outboxId: 0
            replyTo: 0
            kind: TimelineModel.Text
            systemText: ""
            replySender: ""
            replyBody: ""
            edited: false
            editCount: 0
            reactions: []
            hidden: false
            mentionsMe: false
            unreadAbove: false
            links: []
            canEdit: false
            canDelete: false
            body: "hello"
            sender: "Bob"
            time: "12:30"
            stateText: ""
            errorText: ""
            day: ""
            initials: "B"
            messageState: TimelineModel.Incoming
            colorIndex: 0
            own: false
            isDeleted: false
            firstOfGroup: true
            lastOfGroup: true
        }
    }

    function test_a_right_click_asks_for_its_menu() {
        const one = make(message);
        const wanted = spy(one, "menuWanted");
        mouseClick(named(one, "messageBubble"), 20, 10, Qt.RightButton);
        compare(wanted.count, 1);
        one.seq = 0; // It waits: there is nothing to do with it.
        mouseClick(named(one, "messageBubble"), 20, 10, Qt.RightButton);
        compare(wanted.count, 1);
    }
    function test_ones_own_stand_on_the_other_side() {
        const one = make(message);
        const bubble = named(one, "messageBubble");
        verify(bubble.x < one.width / 2 - bubble.width);
        verify(shows(one, "B"), "the picture of who said it");
        one.own = true;
        tryVerify(() => bubble.x > one.width / 2);
        verify(!shows(one, "B"));
    }
    function test_one_that_was_refused_says_so_and_can_be_sent_again() {
        const one = make(message, {
            own: true,
            seq: 0,
            outboxId: 7,
            messageState: TimelineModel.Failed,
            errorText: "Bob blocks you."
        });
        verify(shows(one, "Not sent: " + isolated("Bob blocks you.")));
        const resend = spy(one, "resendWanted");
        const cancel = spy(one, "cancelWanted");
        mouseClick(named(one, "failureResend"));
        mouseClick(named(one, "failureRemove"));
        compare([resend.signalArguments[0][0], cancel.signalArguments[0][0]], [7, 7]);
    }
    function test_its_quote_its_edits_and_its_reactions_are_pressed() {
        const one = make(message, {
            replyTo: 2,
            replySender: "Ada",
            replyBody: "when?",
            edited: true,
            reactions: [
                {
                    emoji: "👍",
                    count: 1,
                    mine: false
                }
            ]
        });
        const jump = spy(one, "jumpWanted");
        const history = spy(one, "historyWanted");
        const reacted = spy(one, "reacted");
        mouseClick(control(one, "Answers Ada: when?"));
        mouseClick(words(one, "edited"));
        mouseClick(control(one, "👍 1"));
        compare([jump.signalArguments[0][0], history.signalArguments[0][0]], [2, 5]);
        compare([reacted.signalArguments[0][0], reacted.signalArguments[0][1]], [5, "👍"]);
    }
    function test_a_hidden_one_takes_no_room_but_its_day_does() {
        const one = make(message, {
            hidden: true
        });
        compare(one.implicitHeight, 0);
        verify(!shows(one, "hello"));
        one.day = "Today";
        verify(one.implicitHeight > 0);
        verify(shows(one, "Today"));
    }
    function test_what_happened_to_the_group_has_no_bubble() {
        const one = make(message, {
            kind: TimelineModel.System,
            systemText: "ada added bob"
        });
        verify(shows(one, "ada added bob"));
        verify(!named(one, "messageBubble").visible);
    }
}
