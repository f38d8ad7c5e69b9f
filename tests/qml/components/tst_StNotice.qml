import QtQuick
import Starling.Client
import Starling.Theme

ComponentTest {
    name: "StNotice"

    Component {
        id: notice
        StNotice {
            width: 200
        }
    }

    function test_it_is_there_while_it_has_something_to_say() {
        const one = make(notice, {
            text: ""
        });
        verify(!one.visible);
        one.text = "That name is taken.";
        verify(one.visible);
        compare(one.Accessible.name, "That name is taken.");
        compare(one.Accessible.role, Accessible.AlertMessage);
    }
    function test_a_long_sentence_is_wrapped_and_shown_whole() {
        const one = make(notice, {
            text: longName
        });
        const line = words(one, longName);
        verify(line.lineCount > 1);
        verify(!line.truncated);
        one.height = one.implicitHeight;
        verify(one.height >= line.height);
    }
    function test_its_colour_and_sign_say_what_it_is() {
        const one = make(notice, {
            text: "Saved."
        });
        const sign = () => seen(one).find(item => item.name !== undefined);
        compare([one.color, sign().name], [Theme.badSurface, Icon.Warning]);
        one.good = true;
        compare([one.color, sign().name], [Theme.goodSurface, Icon.Check]);
        one.good = one.bad = false;
        compare([one.color, sign().name], [Theme.warnSurface, Icon.Clock]);
    }
    function test_markup_of_a_server_is_shown_as_it_is() {
        const one = make(notice, {
            text: "<img src='http://evil.example/x'>"
        });
        compare(words(one, one.text).textFormat, Text.PlainText);
    }
}
