import QtQuick
import Starling.Composer
import Starling.Theme

ComponentTest {
    id: test
    name: "ComposerField"

    Component {
        id: place
        Column {
            StTextField {
                objectName: "above"
                label: "Above"
            }
            ComposerField {
                objectName: "scroll"
                width: 200
                height: wantedHeight
            }
            StTextField {
                objectName: "below"
                label: "Below"
            }
        }
    }

    function fresh() {
        const field = named(make(place), "scroll");
        field.takeFocus();
        tryCompare(named(field, "composerField"), "activeFocus", true);
        return field;
    }

    function test_it_tells_each_change_with_the_place_of_the_cursor() {
        const field = fresh();
        const typed = spy(field, "typed");
        verify(shows(field, "Write a message"));
        type("hi");
        const last = typed.signalArguments[typed.count - 1];
        compare([last[0], last[1]], ["hi", 2]);
        verify(!shows(field, "Write a message"));
        compare(field.length, 2);
        compare(named(field, "composerField").Accessible.name, "Message");
    }
    function test_keys_are_asked_about_before_they_are_typed() {
        const field = fresh();
        const keys = spy(field, "keyPressed");
        keyClick(Qt.Key_Escape);
        compare(keys.count, 1);
        compare(keys.signalArguments[0][0].key, Qt.Key_Escape);
    }
    function test_text_comes_in_where_the_cursor_is() {
        const field = fresh();
        field.replace("hello", 2);
        field.insert("--");
        compare(field.text, "he--llo");
    }
    function test_it_grows_with_its_lines_up_to_a_point() {
        const field = fresh();
        const one = field.wantedHeight;
        field.replace("a\nb\nc", 5);
        verify(field.wantedHeight > one);
        field.replace("a\n".repeat(40), 80);
        compare(field.wantedHeight, Theme.scaled(140));
        tryVerify(() => field.contentY > 0, 5000, "the cursor is in sight");
    }
    function test_it_can_be_left_both_ways() {
        const field = fresh();
        field.leave(true);
        tryCompare(named(field.parent, "below"), "activeFocus", true);
        field.takeFocus();
        field.leave(false);
        tryCompare(named(field.parent, "above"), "activeFocus", true);
    }
}
