import QtQuick
import Starling.Theme
import Starling.Timeline

ComponentTest {
    id: test
    name: "ReactionChips, EmojiButton"

    Component {
        id: chips
        ReactionChips {
            width: 300
            reactions: [
                {
                    emoji: "👍",
                    count: 2,
                    mine: true
                },
                {
                    emoji: "🎉",
                    count: 1,
                    mine: false
                }
            ]
        }
    }
    Component {
        id: picker
        Row {
            EmojiButton {
                objectName: "first"
                emoji: "👍"
            }
            EmojiButton {
                objectName: "second"
                emoji: "🎉"
            }
        }
    }

    function test_a_click_turns_ones_own_on_or_off() {
        const one = make(chips);
        const toggled = spy(one, "toggled");
        mouseClick(control(one, "👍 2"));
        mouseClick(control(one, "🎉 1"));
        compare(toggled.signalArguments.map(said => said[0]), ["👍", "🎉"]);
    }
    function test_whether_it_is_ones_own_is_shown_and_read_out() {
        const one = make(chips);
        const mine = control(one, "👍 2");
        const other = control(one, "🎉 1");
        compare([mine.Accessible.checked, other.Accessible.checked], [true, false]);
        compare(mine.background.border.color, Theme.accent);
        compare(other.background.border.color, Theme.line);
    }
    function test_many_go_on_in_the_next_line_and_none_are_not_there() {
        const one = make(chips);
        const before = one.implicitHeight;
        one.reactions = Array.from({
            length: 12
        }, (_, n) => ({
                    emoji: "👍",
                    count: n,
                    mine: false
                }));
        tryVerify(() => one.implicitHeight > before);
        one.reactions = [];
        tryCompare(one, "visible", false);
    }
    function test_the_picker_by_mouse_and_keys() {
        const both = make(picker);
        const first = named(both, "first");
        const clicked = spy(first, "clicked");
        compare(first.Accessible.name, "React with 👍");
        mouseClick(first);
        focusOn(first);
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_Space);
        compare(clicked.count, 3);
        keyClick(Qt.Key_Right);
        tryCompare(named(both, "second"), "activeFocus", true);
        keyClick(Qt.Key_Left);
        tryCompare(first, "activeFocus", true);
        keyClick(Qt.Key_Down);
        tryCompare(named(both, "second"), "activeFocus", true);
        keyClick(Qt.Key_Up);
        tryCompare(first, "activeFocus", true);
    }
}
