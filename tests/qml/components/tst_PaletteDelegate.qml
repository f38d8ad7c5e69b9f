import QtQuick
import Starling.Client
import Starling.Palette

ComponentTest {
    id: test
    name: "PaletteDelegate"

    Component {
        id: list
        ListView {
            width: 400
            height: 100
            model: 1
            delegate: PaletteDelegate {
                width: ListView.view.width
                kind: PaletteModel.Person
                title: "Ada Lovelace"
                detail: "ada"
                keys: ""
                initials: "AL"
                colorIndex: 0
                isGroup: false
            }
        }
    }

    function row() {
        const one = make(list);
        tryVerify(() => one.itemAtIndex(0) !== null);
        return one.itemAtIndex(0);
    }

    function test_it_says_what_kind_of_thing_it_is() {
        const one = row();
        compare(one.Accessible.name, "Ada Lovelace, Person");
        one.kind = PaletteModel.Conversation;
        compare(one.Accessible.name, "Ada Lovelace");
        one.isGroup = true;
        compare(one.Accessible.name, "Ada Lovelace, Group");
        verify(shows(one, "AL"));
        one.kind = PaletteModel.Action;
        one.keys = "Ctrl+,";
        verify(shows(one, "Ctrl+,"));
        verify(!shows(one, "AL"));
    }
    function test_a_click_leaves_the_focus_where_one_types() {
        const one = row();
        const clicked = spy(one, "clicked");
        mouseClick(one);
        compare(clicked.count, 1);
        verify(!one.activeFocus);
    }
    function test_long_words_are_cut_short() {
        const one = row();
        one.title = longName;
        settle(one);
        verifyElided(one, longName);
        one.detail = longName + "!";
        settle(one);
        verifyElided(one, longName + "!");
    }
}
