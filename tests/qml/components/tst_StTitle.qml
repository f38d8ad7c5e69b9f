import QtQuick
import Starling.Theme

ComponentTest {
    name: "StTitle, StSection"

    Component {
        id: title
        StTitle {
            width: 240
            text: "Settings"
        }
    }
    Component {
        id: section
        StSection {}
    }

    function test_its_button_asks_to_close() {
        const one = make(title);
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        focusOn(control(one, "Close"));
        keyClick(Qt.Key_Space);
        compare(wanted.count, 2);
    }
    function test_it_is_a_heading_and_a_long_one_leaves_room_for_the_button() {
        const one = make(title);
        const line = words(one, "Settings");
        compare(line.Accessible.role, Accessible.Heading);
        one.text = longName;
        tryVerify(() => line.truncated);
        verify(line.x + line.width <= control(one, "Close").x);
    }
    function test_a_part_of_a_form_has_a_heading_too() {
        const one = make(section, {
            text: "Looks"
        });
        compare(one.Accessible.role, Accessible.Heading);
        compare(one.Accessible.name, "Looks");
    }
}
