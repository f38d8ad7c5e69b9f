import QtQuick
import Starling.Theme

ComponentTest {
    name: "StKeys"

    Component {
        id: keys
        StKeys {}
    }

    function test_one_cap_for_each_with_what_it_is_called() {
        const one = make(keys, {
            keys: "Alt+Up Shift+Enter @"
        });
        verify(shows(one, "Alt+↑"));
        verify(shows(one, "Shift+Enter"));
        verify(shows(one, "@"));
        compare(seen(one).filter(item => item.textFormat !== undefined).length, 3);
    }
}
