import QtQuick
import Starling.Theme

ComponentTest {
    name: "StAvatar, StPresenceDot"

    Component {
        id: avatar
        StAvatar {
            initials: "AL"
            colorIndex: 2
        }
    }
    Component {
        id: dot
        StPresenceDot {
            online: false
            away: false
        }
    }

    function test_initials_on_the_colour_of_the_name() {
        const one = make(avatar);
        verify(shows(one, "AL"));
        compare(one.color, Theme.avatarColors[2]);
        one.size = 88;
        compare([one.width, one.height, one.radius], [88, 88, 44]);
    }
    function test_a_dot_says_online_and_a_ring_away() {
        const one = make(avatar);
        const mark = named(one, "presenceMark");
        verify(!mark.visible);
        one.online = true;
        verify(mark.visible);
        verify(!mark.ring);
        one.online = false;
        one.away = true;
        verify(mark.ring);
        compare(mark.border.color, Theme.warn);
        one.online = true;
        verify(!mark.ring);
    }
    function test_a_dot_stands_inside_of_its_picture() {
        const one = make(avatar, {
            online: true,
            size: 30
        });
        const mark = named(one, "presenceMark");
        const corner = mark.mapToItem(one, mark.width, mark.height);
        verify(corner.x <= one.width && corner.y <= one.height);
    }
    function test_a_dot_by_itself() {
        const one = make(dot, {
            online: true,
            size: 20
        });
        compare(one.width, 20);
        one.online = false;
        verify(!one.visible);
    }
}
