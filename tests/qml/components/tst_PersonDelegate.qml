import QtQuick
import Starling.People

ComponentTest {
    id: test
    name: "PersonDelegate"

    Component {
        id: list
        ListView {
            width: 300
            height: 100
            model: 1
            delegate: PersonDelegate {
                width: ListView.view.width
                name: "ada"
                displayName: "Ada Lovelace"
                initials: "AL"
                colorIndex: 0
                online: true
                away: false
                detail: "ada, online"
                tells: true
            }
        }
    }

    function person() {
        const one = make(list);
        tryVerify(() => one.itemAtIndex(0) !== null);
        return one.itemAtIndex(0);
    }

    function test_a_click_on_the_row_and_one_on_its_button_differ() {
        const one = person();
        const clicked = spy(one, "clicked");
        const profile = spy(one, "profileWanted");
        mouseClick(one, 100);
        mouseClick(named(one, "personProfile"));
        compare([clicked.count, profile.count], [1, 1]);
        focusOn(named(one, "personProfile"));
        keyClick(Qt.Key_Space);
        compare([clicked.count, profile.count], [1, 2]);
        one.tells = false;
        verify(!named(one, "personProfile").visible);
    }
    function test_who_it_is_and_how_is_read_out() {
        const one = person();
        compare(one.Accessible.name, "Ada Lovelace, ada, online");
        compare(named(one, "personProfile").Accessible.name, "Profile of Ada Lovelace");
        verify(named(one, "presenceMark").visible);
    }
    function test_long_names_are_cut_short() {
        const one = person();
        one.displayName = longName;
        one.detail = longName + ", online";
        settle(one);
        verifyElided(one, longName);
        verifyElided(one, longName + ", online");
        verify(words(one, longName).mapToItem(one, words(one, longName).width, 0).x <= named(one, "personProfile").mapToItem(one, 0, 0).x);
    }
}
