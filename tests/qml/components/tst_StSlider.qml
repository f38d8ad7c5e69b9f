import QtQuick
import Starling.Theme

ComponentTest {
    name: "StSlider"

    Component {
        id: slider
        StSlider {
            label: "Size of text"
            from: 80
            to: 200
            stepSize: 10
            value: 100
        }
    }

    function test_the_arrows_change_it_by_a_step() {
        const one = make(slider);
        const moved = spy(one, "moved");
        compare(one.Accessible.name, "Size of text");
        focusOn(one);
        keyClick(Qt.Key_Right);
        compare(one.value, 110);
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Left);
        compare(one.value, 90);
        compare(moved.count, 3);
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Left);
        compare(one.value, 80);
    }
    function test_it_is_drawn_with_the_mouse() {
        const one = make(slider);
        mouseDrag(one, one.handle.x + one.handle.width / 2, one.height / 2, one.width, 0);
        compare(one.value, 200);
        compare(one.value % one.stepSize, 0);
    }
}
