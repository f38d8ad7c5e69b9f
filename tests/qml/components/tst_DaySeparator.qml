import QtQuick
import Starling.Timeline

ComponentTest {
    id: test
    name: "DaySeparator, UnreadLine, SystemLine"

    Component {
        id: day
        DaySeparator {
            width: 300
        }
    }
    Component {
        id: unread
        UnreadLine {
            width: 300
        }
    }
    Component {
        id: system
        SystemLine {
            width: 300
        }
    }

    function test_a_day_takes_room_only_where_one_begins() {
        const one = make(day, {
            day: "Yesterday"
        });
        verify(shows(one, "Yesterday"));
        verify(one.implicitHeight > 0);
        one.day = "";
        verify(!one.visible);
        compare(one.implicitHeight, 0);
    }
    function test_the_line_above_what_is_unread() {
        const one = make(unread);
        compare(one.Accessible.name, "New messages");
        verify(shows(one, "New messages"));
        one.visible = false;
        compare(one.implicitHeight, 0);
    }
    function test_what_happened_is_plain_and_wrapped() {
        const one = make(system, {
            sentence: "<b>ada</b> named the group “" + longName + "”"
        });
        const line = words(one, one.sentence);
        compare(line.textFormat, Text.PlainText);
        compare(line.Accessible.name, one.sentence);
        verify(line.lineCount > 1);
        verify(one.implicitHeight >= line.height);
        verify(line.width <= one.width);
    }
}
