import QtQuick
import Starling.Theme

ComponentTest {
    name: "StScroll"

    Component {
        id: scroll
        StScroll {
            id: place
            width: 300
            height: 200
            form: column

            Column {
                id: column
                width: parent.width
                height: parent.height
                Repeater {
                    model: 10
                    StButton {
                        required property int index
                        width: 200
                        height: 40
                        text: "Button " + index
                    }
                }
            }
        }
    }
    function isInSight(one, button) {
        const top = button.mapToItem(one, 0, 0).y;
        return top >= 0 && top + button.height <= one.height;
    }

    function test_what_gets_the_focus_comes_into_sight() {
        const one = make(scroll);
        const last = control(one, "Button 9");
        verify(!isInSight(one, last));
        focusOn(last);
        tryVerify(() => isInSight(one, last));
        compare(one.contentY, 200);
        const first = control(one, "Button 0");
        focusOn(first);
        tryVerify(() => isInSight(one, first));
        compare(one.contentY, 0);
    }
    function test_what_is_in_sight_stays_at_its_place() {
        const one = make(scroll);
        focusOn(control(one, "Button 5"));
        tryVerify(() => one.contentY > 0);
        const before = one.contentY;
        focusOn(control(one, "Button 4"));
        compare(one.contentY, before);
    }
    function test_the_focus_of_others_moves_nothing() {
        const one = make(scroll);
        const other = make(button);
        one.contentY = 60;
        focusOn(other);
        compare(one.contentY, 60);
    }
    function test_where_all_has_room_nothing_is_scrolled_or_cut() {
        const one = make(scroll);
        verify(one.clip);
        focusOn(control(one, "Button 9"));
        tryVerify(() => one.contentY > 0);
        one.height = 600;
        compare(one.contentY, 0);
        verify(!one.clip);
        compare(one.contentHeight, 600);
        compare(one.form.height, 600);
    }
    function test_the_wheel_turns_it_to_its_end_and_no_further() {
        const one = make(scroll);
        for (let turn = 0; turn < 10; ++turn)
            mouseWheel(one, 100, 100, 0, -240);
        tryCompare(one, "contentY", 200);
    }

    Component {
        id: button
        StButton {
            text: "Beside it"
        }
    }
}
