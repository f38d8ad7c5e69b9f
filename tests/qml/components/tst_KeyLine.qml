import QtQuick
import Starling.Palette
import Starling.Theme

ComponentTest {
    id: test
    name: "KeyLine, KeysForm"

    Component {
        id: line
        KeyLine {
            width: 300
            what: "Answer, edit, delete"
            keys: "R E Del"
        }
    }
    Component {
        id: form
        KeysForm {
            width: 300
            height: 200
        }
    }

    function test_what_and_with_which_keys_is_shown_and_read_out() {
        const one = make(line);
        compare(one.Accessible.name, "Answer, edit, delete: R E Del");
        verify(shows(one, "Answer, edit, delete"));
        verify(shows(one, "Del"));
    }
    function test_long_words_are_wrapped_beside_the_keys() {
        const one = make(line, {
            what: longName
        });
        const text = words(one, longName);
        verify(text.lineCount > 1);
        verify(one.implicitHeight >= text.height);
        const caps = seen(one).find(item => item.keys !== undefined && item !== one);
        verify(text.x + text.width <= caps.x);
    }
    function test_the_page_of_keys_scrolls_by_the_arrows_and_closes() {
        const one = make(form);
        one.begin();
        const scroll = seen(one).find(item => item.contentY !== undefined);
        tryCompare(scroll, "activeFocus", true);
        keyClick(Qt.Key_Up);
        compare(scroll.contentY, 0);
        keyClick(Qt.Key_Down);
        compare(scroll.contentY, Theme.scaled(40));
        for (let n = 0; n < 50; ++n)
            keyClick(Qt.Key_Down);
        compare(scroll.contentY, scroll.contentHeight - scroll.height);
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        compare(wanted.count, 1);
    }
}
