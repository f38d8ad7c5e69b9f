import QtQuick
import Starling.Theme

ComponentTest {
    name: "StChoice"

    Component {
        id: choice
        StChoice {
            label: "Theme"
            titles: ["As the system", "Light", "Dark"]
            index: 0
            onChosen: at => index = at
        }
    }

    function test_a_click_chooses() {
        const one = make(choice);
        const chosen = spy(one, "chosen");
        mouseClick(named(one, "choice2"));
        compare(chosen.signalArguments[0][0], 2);
        compare(one.index, 2);
        verify(named(one, "choice2").checked);
        verify(!named(one, "choice0").checked);
    }
    function test_the_arrows_go_from_one_to_the_next_and_end_at_the_last() {
        const one = make(choice);
        focusOn(named(one, "choice0"));
        keyClick(Qt.Key_Right);
        compare(one.index, 1);
        tryCompare(named(one, "choice1"), "activeFocus", true);
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Right);
        compare(one.index, 2);
        keyClick(Qt.Key_Left);
        compare(one.index, 1);
        for (const at of [0, 1, 2])
            compare(named(one, "choice" + at).activeFocusOnTab, at === 1, "a stop of Tab");
    }
    function test_Tab_stops_at_the_chosen_one_alone() {
        const one = make(choice);
        for (const [at, policy] of [[0, Qt.StrongFocus], [1, Qt.ClickFocus], [2, Qt.ClickFocus]])
            compare(named(one, "choice" + at).focusPolicy, policy);
    }
    function test_each_says_what_it_is_one_of() {
        const one = make(choice);
        compare(one.Accessible.name, "Theme");
        compare(named(one, "choice1").Accessible.name, "Theme: Light");
    }
    function test_a_long_title_is_cut_short() {
        const one = make(choice, {
            width: 200
        });
        one.titles = ["A", longName];
        verifyElided(named(one, "choice1"), longName);
    }
}
