import QtQuick
import Starling.Theme

ComponentTest {
    name: "StMenuItem"

    Component {
        id: menu
        Column {
            StMenuItem {
                objectName: "first"
                text: "Settings"
                keys: "Ctrl+,"
            }
            StMenuItem {
                objectName: "second"
                width: 180
                text: "Delete for everybody"
                bad: true
            }
        }
    }

    function test_a_click_and_Enter_choose() {
        const first = named(make(menu), "first");
        const clicked = spy(first, "clicked");
        mouseClick(first);
        focusOn(first);
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_Enter);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 4);
    }
    function test_up_and_down_go_from_line_to_line() {
        const both = make(menu);
        focusOn(named(both, "first"));
        keyClick(Qt.Key_Down);
        tryCompare(named(both, "second"), "activeFocus", true);
        keyClick(Qt.Key_Up);
        tryCompare(named(both, "first"), "activeFocus", true);
    }
    function test_it_says_what_it_does_and_its_keys() {
        const both = make(menu);
        compare(named(both, "first").Accessible.name, "Settings");
        verify(shows(named(both, "first"), "Ctrl+,"));
        compare(words(both, "Delete for everybody").color, Theme.bad);
        named(both, "second").text = longName;
        verifyElided(named(both, "second"), longName);
    }
}
