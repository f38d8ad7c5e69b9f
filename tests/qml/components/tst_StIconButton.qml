import QtQuick
import Starling.Client
import Starling.Theme

ComponentTest {
    name: "StIconButton"

    Component {
        id: button
        StIconButton {
            glyph: Icon.Close
            label: "Close"
        }
    }

    function test_it_is_called_by_its_label_and_pressed() {
        const one = make(button);
        const clicked = spy(one, "clicked");
        compare(one.Accessible.name, "Close");
        mouseClick(one);
        focusOn(one);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 2);
        one.enabled = false;
        mouseClick(one);
        compare(clicked.count, 2);
    }
    function test_it_shows_that_glyph_in_that_colour() {
        const one = make(button, {
            tint: Theme.accent
        });
        const icon = one.contentItem.children[0];
        compare(icon.name, Icon.Close);
        compare(icon.color, Theme.accent);
    }
}
