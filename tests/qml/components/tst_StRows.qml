import QtQuick
import QtQuick.Templates as T
import Starling.Theme

ComponentTest {
    name: "StRows"

    Component {
        id: place
        Column {
            StTextField {
                objectName: "above"
                label: "Above"
            }
            StRows {
                objectName: "rows"
                width: 200
                height: 100
                model: 30
                delegate: Item {
                    id: row
                    required property int index
                    width: 200
                    height: 40
                    StButton {
                        objectName: "row" + row.index
                        text: "Row " + row.index
                    }
                }
            }
            StTextField {
                objectName: "below"
                label: "Below"
            }
        }
    }

    function test_Tab_comes_in_at_the_beginning_each_time() {
        const all = make(place);
        const rows = named(all, "rows");
        focusOn(named(all, "above"));
        keyClick(Qt.Key_Tab);
        tryCompare(rows, "activeFocus", true);
        keyClick(Qt.Key_Tab);
        tryCompare(named(rows, "row0"), "activeFocus", true);
        keyClick(Qt.Key_Tab);
        tryCompare(named(rows, "row1"), "activeFocus", true);
        focusOn(named(all, "below"));
        compare(rows.inside, null);
        focusOn(named(all, "above"));
        keyClick(Qt.Key_Tab);
        tryVerify(() => rows.activeFocus && rows.at === rows);
    }
    function test_the_arrows_go_along_and_scroll() {
        const rows = named(make(place), "rows");
        focusOn(rows);
        for (let n = 0; n < 10; ++n)
            keyClick(Qt.Key_Down);
        compare(rows.currentIndex, 10);
        tryVerify(() => rows.contentY > 0);
        compare(rows.Accessible.role, Accessible.List);
    }
    function test_a_bar_is_there_when_there_is_more() {
        const rows = named(make(place), "rows");
        const bar = seen(rows).find(item => item instanceof T.ScrollBar);
        verify(bar !== undefined);
        rows.model = 1;
        tryCompare(bar, "visible", false);
    }
}
