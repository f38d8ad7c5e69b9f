import QtQuick
import Starling.Theme

ComponentTest {
    name: "StSwitch"

    Component {
        id: button
        StSwitch {
            text: "Enter sends"
            detail: "Shift+Enter begins a new line."
        }
    }

    function test_a_click_and_Space_turn_it() {
        const one = make(button);
        const toggled = spy(one, "toggled");
        mouseClick(one);
        verify(one.checked);
        focusOn(one);
        keyClick(Qt.Key_Space);
        verify(!one.checked);
        compare(toggled.count, 2);
    }
    function test_both_lines_are_read_out() {
        const one = make(button);
        compare(one.Accessible.name, "Enter sends");
        compare(one.Accessible.description, "Shift+Enter begins a new line.");
        verify(shows(one, "Shift+Enter begins a new line."));
    }
    function test_a_disabled_one_stays() {
        const one = make(button, {
            enabled: false
        });
        mouseClick(one);
        verify(!one.checked);
    }
    function test_long_words_stay_beside_the_switch() {
        const one = make(button, {
            text: longName,
            width: 240
        });
        const line = words(one, longName);
        verify(line.lineCount > 1, "they are wrapped");
        verify(line.mapToItem(one, line.width, 0).x <= one.indicator.x);
        verify(one.height >= line.height);
    }
}
