import QtQuick
import Starling.Theme

ComponentTest {
    name: "StTabs"

    Component {
        id: tabs
        StTabs {
            width: 300
            label: "Parts of the account"
            titles: ["Profile", "Password", "Devices"]
        }
    }

    function test_a_click_turns_to_one() {
        const one = make(tabs);
        mouseClick(control(one, "Password"));
        compare(one.currentIndex, 1);
        verify(control(one, "Password").checked);
    }
    function test_the_arrows_go_along() {
        const one = make(tabs);
        focusOn(control(one, "Profile"));
        keyClick(Qt.Key_Left);
        compare(one.currentIndex, 0);
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Right);
        compare(one.currentIndex, 2);
        tryCompare(control(one, "Devices"), "activeFocus", true);
        keyClick(Qt.Key_Right);
        compare(one.currentIndex, 2);
    }
    function test_it_is_one_stop_of_Tab_and_has_names() {
        const one = make(tabs);
        compare(one.Accessible.name, "Parts of the account");
        compare(control(one, "Profile").focusPolicy, Qt.StrongFocus);
        compare(control(one, "Devices").focusPolicy, Qt.ClickFocus);
    }
    function test_what_has_no_room_is_scrolled_to() {
        const one = make(tabs, {
            width: 120
        });
        focusOn(control(one, "Profile"));
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Right);
        const last = control(one, "Devices");
        tryVerify(() => last.mapToItem(one, last.width, 0).x <= one.width + 1);
    }
}
