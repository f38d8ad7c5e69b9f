import QtQuick
import Starling.Search

ComponentTest {
    id: test
    name: "SearchForm"

    Component {
        id: form
        SearchForm {
            width: 400
            height: 400
            search: stage.client.search
            hereTitle: "Lunch"
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh(properties) {
        stage.client.search.here = false;
        const one = make(form, properties);
        one.begin();
        tryCompare(named(one, "searchField"), "activeFocus", true);
        return one;
    }

    function test_what_is_typed_is_looked_for_and_Enter_leads_there() {
        const one = fresh();
        compare(named(one, "searchNotice").text, "Search messages");
        type("one");
        tryCompare(named(one, "searchList"), "count", 1);
        const chosen = spy(one, "chosen");
        keyClick(Qt.Key_Return);
        compare([chosen.signalArguments[0][0], chosen.signalArguments[0][1]], [20, 1]);
        mouseClick(named(one, "searchList").itemAtIndex(0));
        compare(chosen.count, 2);
    }
    function test_Enter_without_a_hit_leads_nowhere() {
        const one = fresh();
        const chosen = spy(one, "chosen");
        keyClick(Qt.Key_Return);
        compare(chosen.count, 0);
    }
    function test_where_is_looked_is_said_and_changed() {
        const one = fresh();
        const button = named(one, "searchHereButton");
        compare([button.text, named(one, "searchField").label], ["Everywhere", "Words in all conversations"]);
        mouseClick(button);
        verify(stage.client.search.here);
        compare([button.text, named(one, "searchField").label], ["Only here", "Words in " + isolated("Lunch")]);
        compare(button.Accessible.description, "Searches in Lunch only");
        one.hereTitle = "";
        verify(!button.visible);
    }
    function test_it_closes() {
        const one = fresh();
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        compare(wanted.count, 1);
    }
}
