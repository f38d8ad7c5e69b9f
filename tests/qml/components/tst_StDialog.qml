import QtQuick
import Starling.Theme

ComponentTest {
    id: test
    name: "StDialog"

    Component {
        id: field
        StTextField {
            label: "Behind it"
        }
    }
    Component {
        id: dialog
        StDialog {
            place: test
            wantedWidth: 200
            wantedHeight: 160
            contentItem: StTextField {
                focus: true
                label: "Inside"
            }
        }
    }

    function shown() {
        const one = make(dialog);
        one.open();
        tryCompare(one, "opened", true);
        return one;
    }

    function test_it_stands_in_the_middle_and_takes_the_keys() {
        const one = shown();
        compare([one.x, one.y, one.width, one.height], [140, 240, 200, 160]);
        type("x");
        compare(one.contentItem.text, "x");
    }
    function test_Esc_closes_it_and_the_focus_goes_back() {
        const behind = make(field);
        focusOn(behind);
        const one = shown();
        verify(!behind.activeFocus);
        keyClick(Qt.Key_Escape);
        tryCompare(one, "visible", false);
        tryCompare(behind, "activeFocus", true);
    }
    function test_a_click_beside_it_closes_it_and_presses_nothing_behind() {
        const behind = make(field);
        const pressed = spy(behind, "pressed");
        const one = shown();
        mouseClick(test, 5, 5);
        tryCompare(one, "visible", false);
        compare(pressed.count, 0);
    }
    function test_it_fits_into_a_small_place() {
        const one = make(dialog, {
            wantedWidth: 4000,
            wantedHeight: 4000
        });
        compare(one.width, test.width - 2 * Theme.gapLarge);
        compare(one.height, test.height - 2 * Theme.gapHuge);
    }
}
