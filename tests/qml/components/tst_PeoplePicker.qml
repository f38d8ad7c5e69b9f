import QtQuick
import Starling.Groups

ComponentTest {
    id: test
    name: "PeoplePicker"

    Component {
        id: picker
        PeoplePicker {
            width: 300
            height: 400
            people: stage.client.people
            groups: stage.client.groups
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }
    function fresh() {
        stage.client.groups.clear();
        const one = make(picker);
        one.begin();
        one.takeFocus();
        tryCompare(named(one, "pickerSearch"), "activeFocus", true);
        tryCompare(named(one, "pickerList"), "count", 2);
        return one;
    }

    function test_a_click_chooses_and_one_on_the_chip_takes_out_again() {
        const one = fresh();
        mouseClick(control(one, "Bob Builder, bob"));
        compare(stage.client.groups.chosen.count, 1);
        settle(one);
        mouseClick(control(one, "Carl, carl"));
        compare(stage.client.groups.chosen.count, 2);
        settle(one);
        mouseClick(control(one, "Take Bob Builder out"));
        compare(stage.client.groups.chosen.count, 1);
        compare(stage.client.groups.chosen.nameAt(0), "carl");
    }
    function test_the_keys_choose_while_one_types() {
        const one = fresh();
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        compare(stage.client.groups.chosen.nameAt(0), "carl");
        type("bo");
        tryCompare(named(one, "pickerList"), "count", 1);
        keyClick(Qt.Key_Return);
        compare(stage.client.groups.chosen.nameAt(1), "bob");
        compare(named(one, "pickerSearch").text, "", "for the next name");
    }
    function test_nobody_found_is_said() {
        const one = fresh();
        type("zzz");
        tryVerify(() => shows(one, "Nobody matches “" + isolated("zzz") + "”."));
    }
    function test_many_chips_and_a_long_name_stay_inside() {
        const one = fresh();
        stage.client.groups.choose("long", longName);
        for (let n = 0; n < 5; ++n)
            stage.client.groups.choose("peer" + n, "Peer " + n);
        settle(one);
        for (const chip of seen(one).filter(item => item.objectName === "chosenChip")) {
            const right = chip.mapToItem(one, chip.width, 0).x;
            verify(right <= one.width, "a chip ends at " + right);
        }
    }
}
