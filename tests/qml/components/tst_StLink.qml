import QtQuick
import Starling.Theme

ComponentTest {
    name: "StLink"

    Component {
        id: link
        StLink {
            text: "Try again"
        }
    }

    function test_the_mouse_and_the_keys_press_it() {
        const one = make(link);
        const clicked = spy(one, "clicked");
        mouseClick(one);
        focusOn(one);
        verify(words(one, "Try again").font.underline, "who came by Tab sees where one is");
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_Enter);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 4);
        one.enabled = false;
        mouseClick(one);
        compare(clicked.count, 4);
    }
    function test_it_is_a_button_with_a_name() {
        const one = make(link);
        compare(one.Accessible.name, "Try again");
        compare(one.Accessible.role, Accessible.Button);
    }
}
