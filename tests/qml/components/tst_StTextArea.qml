import QtQuick
import Starling.Theme

ComponentTest {
    name: "StTextArea"

    Component {
        id: two
        Column {
            StTextField {
                objectName: "above"
                label: "Above"
            }
            StTextArea {
                objectName: "area"
                label: "About you"
            }
            StTextField {
                objectName: "below"
                label: "Below"
            }
        }
    }

    function test_lines_are_typed_and_Tab_goes_on() {
        const both = make(two);
        const area = named(both, "area");
        compare(area.Accessible.name, "About you");
        verify(shows(area, "About you"));
        mouseClick(area);
        type("one");
        keyClick(Qt.Key_Return);
        type("two");
        compare(area.text, "one\ntwo");
        verify(!shows(area, "About you"));
        keyClick(Qt.Key_Tab);
        tryCompare(named(both, "below"), "activeFocus", true);
        keyClick(Qt.Key_Backtab, Qt.ShiftModifier);
        tryCompare(area, "activeFocus", true);
        keyClick(Qt.Key_Backtab, Qt.ShiftModifier);
        tryCompare(named(both, "above"), "activeFocus", true);
        compare(area.text, "one\ntwo");
    }
    function test_it_grows_with_its_lines() {
        const area = named(make(two), "area");
        const before = area.implicitHeight;
        area.text = "a\nb\nc\nd\ne\nf\ng\nh";
        verify(area.implicitHeight > before);
    }
}
