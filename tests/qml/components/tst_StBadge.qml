import QtQuick
import Starling.Theme

ComponentTest {
    name: "StBadge"

    Component {
        id: badge
        StBadge {}
    }

    function test_it_counts_and_is_not_there_at_zero() {
        const one = make(badge, {
            count: 0
        });
        verify(!one.visible);
        one.count = 7;
        verify(shows(one, "7"));
        compare(one.implicitWidth, one.implicitHeight);
        one.count = 999;
        verify(shows(one, "999"));
        verify(one.implicitWidth > one.implicitHeight);
        one.count = 1000;
        verify(shows(one, "999+"));
    }
    function test_a_sign_stands_in_for_the_number() {
        const one = make(badge, {
            count: 3,
            sign: "@"
        });
        verify(shows(one, "@"));
        verify(!shows(one, "3"));
    }
}
