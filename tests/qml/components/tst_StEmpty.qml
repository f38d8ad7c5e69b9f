import QtQuick
import Starling.Client
import Starling.Theme

ComponentTest {
    name: "StEmpty"

    Component {
        id: empty
        StEmpty {
            width: 200
            glyph: Icon.People
            text: "No conversations yet"
        }
    }

    function test_both_lines_are_shown_and_read_out() {
        const one = make(empty);
        compare(one.Accessible.name, "No conversations yet");
        compare(seen(one).filter(item => item.textFormat !== undefined).length, 1);
        one.detail = "Find somebody by name.";
        compare(one.Accessible.name, "No conversations yet. Find somebody by name.");
        verify(shows(one, "Find somebody by name."));
    }
    function test_long_words_stay_inside() {
        const one = make(empty, {
            text: longName,
            detail: longName
        });
        for (const line of seen(one).filter(item => item.textFormat !== undefined)) {
            verify(line.lineCount > 1);
            verify(line.width <= one.width);
        }
    }
}
