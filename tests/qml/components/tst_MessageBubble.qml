import QtQuick
import Starling.Client
import Starling.Theme
import Starling.Timeline

ComponentTest {
    id: test
    name: "MessageBubble"

    Component {
        id: bubble
        MessageBubble {
            width: implicitWidth
            height: implicitHeight
            body: "See you at noon"
            sender: "Ada Lovelace"
            time: "12:30"
            stateText: ""
            messageState: TimelineModel.Incoming
            colorIndex: 0
            own: false
            isDeleted: false
            showSender: true
            answers: false
            replySender: "bob"
            replyBody: "when?"
            edited: false
            mentionsMe: false
            links: []
            marked: false
            maximumWidth: 300
        }
    }

    function field(one) {
        return seen(one).find(item => item.textDocument !== undefined);
    }
    function icon(one) {
        return seen(one).find(item => item.name !== undefined && item.mirrored !== undefined && item !== one && item.body === undefined);
    }

    function test_all_of_it_is_read_out() {
        const one = make(bubble);
        compare(one.Accessible.name, "Ada Lovelace, 12:30: See you at noon");
        one.edited = true;
        one.stateText = "Read";
        compare(one.Accessible.name, "Ada Lovelace, 12:30: See you at noon. Edited. Read");
    }
    function test_words_are_plain_and_can_be_selected() {
        const one = make(bubble, {
            body: "<b>no</b> markup"
        });
        const touched = spy(one, "touched");
        compare(field(one).textFormat, TextEdit.PlainText);
        compare(field(one).getText(0, 3), "<b>");
        mouseDoubleClickSequence(field(one), field(one).width - 10);
        compare(field(one).selectedText, "markup");
        compare(touched.count, 1);
        verify(field(one).readOnly);
    }
    function test_a_long_message_is_wrapped_and_its_time_stands_below() {
        const one = make(bubble);
        verify(one.beside);
        const before = one.implicitHeight;
        one.body = longName;
        tryVerify(() => one.implicitHeight > before);
        verify(!one.beside);
        verify(one.width <= 300);
        verify(field(one).lineCount > 1);
    }
    function test_a_long_name_is_cut_short() {
        verifyElided(make(bubble, {
            sender: longName
        }), longName);
    }
    function test_a_click_on_a_link_asks_for_it_and_elsewhere_for_nothing() {
        const one = make(bubble, {
            body: "look at https://a.example/x now",
            links: [
                {
                    start: 8,
                    length: 19,
                    url: "https://a.example/x"
                }
            ]
        });
        const clicked = spy(one, "linkClicked");
        const there = field(one).positionToRectangle(12);
        mouseClick(field(one), there.x, there.y + there.height / 2);
        compare(clicked.count, 1);
        compare(clicked.signalArguments[0][0], "https://a.example/x");
        const before = field(one).positionToRectangle(2);
        mouseClick(field(one), before.x, before.y + before.height / 2);
        compare(clicked.count, 1);
    }
    function test_the_quote_and_the_sign_of_an_edit_are_pressed() {
        const one = make(bubble, {
            answers: true,
            edited: true
        });
        const quote = spy(one, "quoteClicked");
        const edited = spy(one, "editedClicked");
        mouseClick(control(one, "Answers bob: when?"));
        compare(quote.count, 1);
        mouseClick(words(one, "edited"));
        compare(edited.count, 1);
    }
    function test_who_is_answered_is_no_pattern() {
        const one = make(bubble, {
            answers: true,
            replySender: "%2"
        });
        verify(control(one, "Answers %2: when?").visible);
    }
    function test_an_own_one_shows_how_far_it_has_come_data() {
        return [
            {
                tag: "queued",
                state: TimelineModel.Queued,
                sign: Icon.Clock,
                color: Theme.textSoft
            },
            {
                tag: "sent",
                state: TimelineModel.Sent,
                sign: Icon.Sending,
                color: Theme.textSoft
            },
            {
                tag: "replicated",
                state: TimelineModel.Replicated,
                sign: Icon.Check,
                color: Theme.textSoft
            },
            {
                tag: "delivered",
                state: TimelineModel.Delivered,
                sign: Icon.ChecksTwo,
                color: Theme.textSoft
            },
            {
                tag: "read",
                state: TimelineModel.Read,
                sign: Icon.ChecksTwo,
                color: Theme.accent
            },
            {
                tag: "failed",
                state: TimelineModel.Failed,
                sign: Icon.Warning,
                color: Theme.bad
            }
        ];
    }
    function test_an_own_one_shows_how_far_it_has_come(row) {
        const one = make(bubble, {
            own: true,
            showSender: false,
            messageState: row.state
        });
        compare([icon(one).name, icon(one).color], [row.sign, row.color]);
        compare(one.color, Theme.bubbleOwn);
        verify(!shows(one, "Ada Lovelace"));
    }
    function test_a_deleted_one_looks_so() {
        const one = make(bubble, {
            isDeleted: true,
            body: "This message was deleted."
        });
        verify(field(one).font.italic);
        compare(field(one).color, Theme.textSoft);
    }
    function test_its_edge_says_where_one_is_and_that_one_is_named() {
        const one = make(bubble);
        compare(one.border.width, 0);
        one.mentionsMe = true;
        compare(one.border.width, 1);
        one.marked = true;
        compare(one.border.width, 2);
    }
}
