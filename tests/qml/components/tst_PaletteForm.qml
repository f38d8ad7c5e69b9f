import QtQuick
import Starling.Client
import Starling.Palette

ComponentTest {
    id: test
    name: "PaletteForm"

    Component {
        id: form
        PaletteForm {
            width: 460
            height: 400
            palette: stage.client.palette
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        const one = make(form);
        one.begin();
        tryCompare(named(one, "paletteField"), "activeFocus", true);
        tryVerify(() => named(one, "paletteList").count > 3);
        return one;
    }

    function test_letters_find_an_action_and_Enter_does_it() {
        const one = fresh();
        const chosen = spy(one, "chosen");
        const action = spy(stage.client, "actionWanted");
        type("settin");
        tryVerify(() => named(one, "paletteList").currentItem !== null && named(one, "paletteList").currentItem.title === "Settings");
        keyClick(Qt.Key_Return);
        compare(chosen.count, 1);
        compare(action.signalArguments[0][0], AppAction.Settings);
    }
    function test_the_arrows_and_page_keys_stay_within_the_list() {
        const one = fresh();
        const list = named(one, "paletteList");
        keyClick(Qt.Key_Up);
        compare(list.currentIndex, 0);
        keyClick(Qt.Key_Down);
        compare(list.currentIndex, 1);
        keyClick(Qt.Key_PageDown);
        keyClick(Qt.Key_PageDown);
        keyClick(Qt.Key_PageDown);
        compare(list.currentIndex, list.count - 1);
        keyClick(Qt.Key_PageUp);
        verify(list.currentIndex < list.count - 1);
        verify(named(one, "paletteField").activeFocus, "one goes on typing");
    }
    function test_a_click_does_it_too() {
        const one = fresh();
        const action = spy(stage.client, "actionWanted");
        type("keys");
        tryVerify(() => named(one, "paletteList").count > 0 && named(one, "paletteList").itemAtIndex(0).title === "Keys");
        mouseClick(named(one, "paletteList").itemAtIndex(0));
        compare(action.signalArguments[0][0], AppAction.Keys);
    }
    function test_nothing_that_fits_is_said_and_Enter_does_nothing() {
        const one = fresh();
        const chosen = spy(one, "chosen");
        type("qqqq");
        tryVerify(() => shows(one, "Nothing fits “" + isolated("qqqq") + "”"));
        keyClick(Qt.Key_Return);
        compare(chosen.count, 0);
    }
}
