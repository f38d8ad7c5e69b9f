import QtQuick
import Starling.Timeline

ComponentTest {
    id: test
    name: "FailureLine"

    Component {
        id: line
        FailureLine {
            width: 300
            reason: ""
        }
    }

    function test_it_says_why_and_both_ways_out_are_pressed() {
        const one = make(line, {
            reason: "bob blocks you"
        });
        verify(shows(one, "Not sent: " + isolated("bob blocks you")));
        const resend = spy(one, "resendWanted");
        const remove = spy(one, "removeWanted");
        mouseClick(named(one, "failureResend"));
        compare([resend.count, remove.count], [1, 0]);
        focusOn(named(one, "failureRemove"));
        keyClick(Qt.Key_Return);
        compare([resend.count, remove.count], [1, 1]);
    }
    function test_without_a_reason() {
        verify(shows(make(line), "Not sent."));
    }
    function test_a_long_reason_is_wrapped_and_everything_stays_inside() {
        const one = make(line, {
            reason: longName
        });
        verify(words(one, "Not sent: " + isolated(longName)).lineCount > 1);
        for (const item of seen(one))
            verify(item.mapToItem(one, item.width, 0).x <= one.width + 0.5);
    }
}
