import QtQuick
import Starling.Composer

ComponentTest {
    id: test
    name: "MentionRows"

    Component {
        id: rows
        MentionRows {
            width: 300
            height: implicitHeight
            people: stage.people
        }
    }

    function fresh(names) {
        stage.setPeople(names);
        return make(rows);
    }

    function test_the_marked_one_is_taken_and_the_ends_are_ends() {
        const one = fresh(["Ada", "Bob", "Carl"]);
        const chosen = spy(one, "chosen");
        one.step(-1);
        one.take();
        one.step(1);
        one.take();
        for (let n = 0; n < 5; ++n)
            one.step(1);
        one.take();
        compare(chosen.signalArguments.map(said => said[0]), ["ada", "bob", "carl"]);
    }
    function test_a_click_takes_one() {
        const one = fresh(["Ada", "Bob"]);
        const chosen = spy(one, "chosen");
        mouseClick(control(one, "Bob, bob"));
        compare(chosen.signalArguments[0][0], "bob");
    }
    function test_it_is_not_there_without_anybody_and_no_higher_than_four() {
        const one = fresh([]);
        verify(!one.visible);
        stage.setPeople(["A", "B"]);
        tryCompare(one, "visible", true);
        const two = one.implicitHeight;
        stage.setPeople(["A", "B", "C", "D", "E", "F"]);
        tryVerify(() => one.implicitHeight > two);
        verify(one.implicitHeight <= 2 * two);
    }
    function test_a_long_name_is_cut_short() {
        verifyElided(fresh([longName]), longName);
    }
}
