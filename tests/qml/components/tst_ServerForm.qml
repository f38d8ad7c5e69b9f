import QtQuick
import Starling.Client
import Starling.Login

ComponentTest {
    id: test
    name: "ServerForm"

    Component {
        id: form
        ServerForm {
            width: test.width
            client: stage.stranger
            settings: stage.settings
        }
    }

    function fresh(script) {
        const one = make(form, {
            local: stage.localCluster(script)
        });
        one.begin();
        named(one, "serverAddress").clear();
        tryCompare(named(one, "serverAddress"), "activeFocus", true);
        return one;
    }

    function test_a_wrong_address_is_said_in_place_until_one_types() {
        const one = fresh("exit 0");
        const chosen = spy(one, "chosen");
        verify(!named(one, "serverUse").enabled, "nothing is there to use");
        type("nowhere");
        mouseClick(named(one, "serverUse"));
        mouseClick(named(one, "serverAddress"));
        compare(named(one, "serverError").text, "\"nowhere\" is not an address of the form HOST:PORT.");
        verify(named(one, "serverError").visible);
        type(":");
        verify(!named(one, "serverError").visible);
        keyClick(Qt.Key_Return);
        compare(named(one, "serverError").text, "\"nowhere:\" is not an address of the form HOST:PORT.");
        compare(chosen.count, 0);
        compare(stage.stranger.serverText, "");
    }
    function test_a_failed_start_is_said_and_may_be_tried_again() {
        const one = fresh("echo 'clusterctl: port 5101 is taken' >&2; exit 2");
        mouseClick(named(one, "serverLocal"));
        tryCompare(named(one, "serverError"), "text", "The servers cannot be started: port 5101 is taken");
        verify(named(one, "serverError").visible);
        verify(named(one, "serverLocal").enabled);
        verify(named(one, "serverAddress").enabled);
    }
    function test_nothing_can_be_pressed_while_servers_start() {
        const one = fresh("read line");
        type("x");
        mouseClick(named(one, "serverLocal"));
        tryCompare(named(one, "serverLocal"), "enabled", false);
        compare(named(one, "serverLocal").text, "One moment…");
        compare(named(one, "serverProgress").text, "Starting servers on this computer…");
        verify(!named(one, "serverUse").enabled);
        verify(!named(one, "serverAddress").enabled);
    }
    function test_without_clusterctl_it_says_how_to_get_it() {
        const one = fresh("");
        verify(!named(one, "serverLocal").visible);
        verify(shows(one, "To try it alone, install clusterctl beside this app: it starts servers on this computer."));
    }
    function test_servers_that_were_started_are_used() {
        const one = fresh("echo '{\"servers\":[{\"address\":\"" + stage.address + "\"}]}'");
        const chosen = spy(one, "chosen");
        verify(!named(one, "serverBack").visible, "there is nothing to go back to");
        mouseClick(named(one, "serverLocal"));
        tryCompare(chosen, "count", 1);
        compare(stage.stranger.serverText, stage.address);
        compare(stage.settings.servers, stage.address);
        const back = spy(one, "backWanted");
        mouseClick(named(one, "serverBack"));
        compare(back.count, 1);
    }
}
