import QtQuick
import Starling.Theme

ComponentTest {
    name: "StButton"

    Component {
        id: button
        StButton {}
    }

    function test_a_click_and_the_keyboard_press_it() {
        const one = make(button, {
            text: "Save"
        });
        const clicked = spy(one, "clicked");
        focusOn(one);
        verify(one.visualFocus, "who came by Tab sees where one is");
        keyClick(Qt.Key_Space);
        compare(clicked.count, 1);
        mouseClick(one);
        compare(clicked.count, 2);
        compare(one.Accessible.name, "Save");
    }
    function test_a_disabled_one_takes_nothing() {
        const one = make(button, {
            text: "Save",
            enabled: false
        });
        const clicked = spy(one, "clicked");
        mouseClick(one);
        compare(clicked.count, 0);
        verify(one.opacity < 1, "it looks so");
    }
    function test_a_long_text_is_cut_short() {
        const one = make(button, {
            text: longName,
            width: 160
        });
        verifyElided(one, longName);
    }
    function test_what_cannot_be_undone_has_another_colour() {
        const one = make(button, {
            text: "Delete",
            bad: true
        });
        compare(one.background.color, Theme.bad);
        one.subdued = true;
        compare(words(one, "Delete").color, Theme.bad);
        one.bad = false;
        compare(words(one, "Delete").color, Theme.accent);
    }
}
