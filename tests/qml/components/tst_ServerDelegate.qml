import QtQuick
import Starling.Client
import Starling.Cluster
import Starling.Theme

ComponentTest {
    name: "ServerDelegate"

    Component {
        id: server
        ServerDelegate {
            width: 400
            address: "127.0.0.1:5101"
            roleText: "primary"
            stateText: "up"
            termText: "term 7"
            lagText: "level"
            isPrimary: true
            tone: ClusterEvents.Good
        }
    }

    function test_all_of_it_is_read_out() {
        const one = make(server);
        compare(one.Accessible.name, "127.0.0.1:5101, primary, up, term 7 · level");
        compare(one.Accessible.role, Accessible.ListItem);
        one.termText = "";
        compare(one.Accessible.name, "127.0.0.1:5101, primary, up");
    }
    function test_the_state_is_shown_when_it_is_not_well() {
        const one = make(server);
        verify(shows(one, "term 7 · level"));
        verify(!shows(one, "up"));
        one.tone = ClusterEvents.Warning;
        one.stateText = "no answer";
        verify(shows(one, "no answer"));
    }
    function test_the_primary_stands_out() {
        const one = make(server);
        compare(one.color, Theme.selected);
        compare(words(one, "primary").font.weight, Font.DemiBold);
        one.isPrimary = false;
        compare(one.color.a, 0);
        verify(words(one, "primary").font.weight < Font.DemiBold);
    }
    function test_a_long_address_is_cut_short() {
        verifyElided(make(server, {
            address: longName
        }), longName);
    }
}
