import QtQuick
import Starling.Theme

ComponentTest {
    name: "StTextField"

    Component {
        id: field
        StTextField {
            label: "Name"
        }
    }

    function test_the_label_stands_in_it_until_something_is_typed() {
        const one = make(field);
        compare(one.Accessible.name, "Name");
        verify(shows(one, "Name"));
        mouseClick(one);
        type("ada");
        compare(one.text, "ada");
        verify(!shows(one, "Name"));
        one.clear();
        verify(shows(one, "Name"));
    }
    function test_Enter_accepts() {
        const one = make(field);
        const accepted = spy(one, "accepted");
        focusOn(one);
        type("x");
        keyClick(Qt.Key_Return);
        compare(accepted.count, 1);
    }
    function test_the_edge_tells_the_focus_and_what_is_wrong() {
        const one = make(field);
        compare(one.background.border.width, 0);
        focusOn(one);
        compare(one.background.border.width, 2);
        compare(one.background.border.color, Theme.accent);
        one.wrong = true;
        compare(one.background.border.color, Theme.bad);
        one.quiet = true;
        compare(one.background.border.width, 0);
    }
    function test_a_long_label_is_cut_short() {
        const one = make(field, {
            label: longName
        });
        verifyElided(one, longName);
    }
    function test_markup_stays_what_was_typed() {
        const one = make(field);
        focusOn(one);
        type("<b>x</b>");
        compare(one.text, "<b>x</b>");
        compare(one.displayText, "<b>x</b>");
    }
}
