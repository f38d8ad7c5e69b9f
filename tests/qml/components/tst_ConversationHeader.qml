import QtQuick
import Starling.App

ComponentTest {
    id: test
    name: "ConversationHeader, HeaderButton"

    Component {
        id: header
        ConversationHeader {
            width: test.width
            client: stage.client
        }
    }
    Component {
        id: button
        HeaderButton {
            width: 300
            client: stage.client
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }

    function test_it_says_which_group_it_is_and_leads_to_its_members() {
        const one = make(header);
        compare(named(one, "headerButton").Accessible.name, "Lunch, 2 members");
        const members = spy(one, "membersWanted");
        const person = spy(one, "personWanted");
        mouseClick(named(one, "headerButton"));
        mouseClick(named(one, "membersButton"));
        focusOn(named(one, "membersButton"));
        keyClick(Qt.Key_Space);
        compare([members.count, person.count], [3, 0]);
    }
    function test_a_small_window_has_the_pill_and_the_way_back() {
        const one = make(header);
        verify(!named(one, "backButton").visible);
        verify(!named(one, "narrowStatusPill").visible);
        one.narrow = true;
        settle(one);
        const cluster = spy(one, "clusterWanted");
        mouseClick(named(one, "narrowStatusPill"));
        compare(cluster.count, 1);
        compare(named(one, "backButton").Accessible.name, "Back to the conversations");
    }
    function test_without_room_the_title_is_cut_short() {
        const one = make(button);
        const title = words(one, "Lunch");
        verify(!title.truncated);
        one.width = 90;
        tryVerify(() => title.truncated);
        verify(title.mapToItem(one, title.width, 0).x <= one.width);
    }
    function test_z_the_way_back_closes_the_conversation() {
        const one = make(header, {
            narrow: true
        });
        mouseClick(named(one, "backButton"));
        verify(!stage.client.chatting);
    }
}
