import QtQuick
import Starling.Timeline

ComponentTest {
    id: test
    name: "JumpButton"

    Component {
        id: button
        Item {
            width: 100
            height: 100
            JumpButton {
                anchors.centerIn: parent
                objectName: "jump"
                count: 0
            }
        }
    }

    function test_it_is_pressed_and_says_how_many_have_come() {
        const one = named(make(button), "jump");
        const clicked = spy(one, "clicked");
        compare(one.Accessible.name, "To the newest message");
        one.count = 12;
        compare(one.Accessible.name, "To the newest message, 12 new");
        verify(shows(one, "12"));
        mouseClick(one);
        focusOn(one);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 2);
    }
}
