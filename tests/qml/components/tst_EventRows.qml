import QtQuick
import Starling.Client
import Starling.Cluster
import Starling.Theme

ComponentTest {
    id: test
    name: "EventRows"

    Component {
        id: rows
        EventRows {
            id: list
            width: 300
            height: 200
            model: ListModel {
                ListElement {
                    time: "14:03:27.512"
                    sentence: "Now on 127.0.0.1:5103"
                    tone: 1
                }
                ListElement {
                    time: "14:03:27.400"
                    sentence: "<b>lost</b> 127.0.0.1:5101, which was the primary for a very long time, and nobody knows why"
                    tone: 2
                }
            }
        }
    }

    function test_each_line_is_shown_as_it_is_and_read_out() {
        const one = make(rows);
        compare(one.count, 2);
        compare(one.itemAtIndex(0).Accessible.name, "14:03:27.512, Now on 127.0.0.1:5103");
        const lost = words(one, one.model.get(1).sentence);
        compare(lost.textFormat, Text.PlainText);
        verify(lost.lineCount > 1, "it is wrapped");
        verify(lost.mapToItem(one, lost.width, 0).x <= one.width);
    }
    function test_its_light_says_how_much_it_matters() {
        const one = make(rows);
        compare(one.itemAtIndex(0).children[0].color, Theme.good);
        compare(one.itemAtIndex(1).children[0].color, Theme.warn);
    }
    function test_the_keyboard_goes_along() {
        const one = make(rows);
        focusOn(one);
        keyClick(Qt.Key_Down);
        compare(one.currentIndex, 1);
        compare(one.Accessible.name, "What happened");
    }
}
