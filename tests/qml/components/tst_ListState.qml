import QtQuick
import Starling.Client
import Starling.Conversations

ComponentTest {
    id: test
    name: "ListState, ListHeader, SelfButton, MainMenuItems"

    Component {
        id: state
        ListState {
            width: 300
            client: stage.client
        }
    }
    Component {
        id: header
        ListHeader {
            width: 300
            client: stage.client
        }
    }
    Component {
        id: self
        SelfButton {
            width: 200
            displayName: "Ada Lovelace"
            initials: "AL"
            colorIndex: 0
        }
    }
    Component {
        id: menu
        MainMenuItems {}
    }

    // In the order of the names: first nobody is logged in.
    function test_a_what_is_not_here_yet_is_on_its_way() {
        const one = make(state);
        compare(named(one, "listState").text, "Loading your conversations…");
        verify(!named(one, "findPeople").visible);
    }
    function test_b_an_empty_list_says_what_one_can_do() {
        verify(stage.logIn());
        const one = make(state);
        const wanted = spy(one, "peopleWanted");
        compare(named(one, "listState").text, "No conversations yet");
        mouseClick(named(one, "findPeople"));
        compare(wanted.count, 1);
    }
    function test_c_the_header_asks_for_what_its_buttons_say() {
        const one = make(header);
        const wanted = spy(one, "wanted");
        const palette = spy(one, "paletteWanted");
        compare(named(one, "selfButton").Accessible.name, "Your account, Ada Lovelace");
        mouseClick(named(one, "selfButton"));
        mouseClick(named(one, "peopleButton"));
        mouseClick(named(one, "paletteButton"));
        compare(wanted.signalArguments.map(said => said[0]), [AppAction.Account, AppAction.NewConversation]);
        compare(palette.count, 1);
        mouseClick(named(one, "menuButton"));
        tryCompare(named(one, "mainMenu"), "opened", true);
        keyClick(Qt.Key_Escape);
        tryCompare(named(one, "mainMenu"), "visible", false);
        tryCompare(named(one, "menuButton"), "activeFocus", true);
    }
    function test_the_lines_of_the_menu_lead_where_they_say() {
        const one = make(menu);
        const chosen = spy(one, "chosen");
        one.begin();
        tryCompare(named(one, "menuAccount"), "activeFocus", true);
        for (let n = 0; n < 6; ++n) {
            keyClick(Qt.Key_Return);
            keyClick(Qt.Key_Down);
        }
        compare(chosen.signalArguments.map(said => said[0]), [AppAction.Account, AppAction.NewGroup, AppAction.Settings, AppAction.Cluster, AppAction.Keys, AppAction.LogOut]);
        mouseClick(named(one, "menuKeys"));
        compare(chosen.signalArguments[6][0], AppAction.Keys);
    }
    function test_ones_own_name_is_a_button() {
        const one = make(self);
        const clicked = spy(one, "clicked");
        mouseClick(one);
        focusOn(one);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 2);
        one.displayName = longName;
        tryVerify(() => words(one, longName).truncated);
    }
}
