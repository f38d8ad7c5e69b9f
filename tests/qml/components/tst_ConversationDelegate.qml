import QtQuick
import Starling.Conversations
import Starling.Theme

ComponentTest {
    id: test
    name: "ConversationDelegate, ConversationRows"

    Component {
        id: conversation
        ConversationDelegate {
            width: 300
            conversationId: 7
            title: "Ada Lovelace"
            preview: "See you at noon"
            time: "12:30"
            unread: 0
            initials: "AL"
            colorIndex: 1
            isCurrent: false
            isGroup: false
            memberCount: 2
            mentions: 0
            online: false
            away: false
            presence: ""
            typing: ""
        }
    }
    Component {
        id: rows
        ConversationRows {
            width: 300
            height: 200
            model: ListModel {}
        }
    }

    function test_it_is_pressed_by_the_mouse_and_leaves_the_focus_to_the_list() {
        const one = make(conversation);
        const clicked = spy(one, "clicked");
        mouseClick(one);
        compare(clicked.count, 1);
        verify(!one.activeFocus);
        one.isCurrent = true;
        compare(one.background.color, Theme.selected);
    }
    function test_what_is_unread_is_counted_and_read_out() {
        const one = make(conversation);
        compare(one.Accessible.name, "Ada Lovelace");
        one.unread = 3;
        one.mentions = 1;
        verify(shows(one, "3"));
        verify(shows(one, "@"));
        compare(one.Accessible.name, "Ada Lovelace, 3 unread, you are mentioned");
        one.presence = "online";
        one.isGroup = true;
        one.memberCount = 12;
        compare(one.Accessible.name, "Ada Lovelace, group of 12, online, 3 unread, you are mentioned");
    }
    function test_who_types_stands_in_place_of_the_last_words() {
        const one = make(conversation);
        verify(shows(one, "See you at noon"));
        one.typing = "typing…";
        verify(!shows(one, "See you at noon"));
        compare(words(one, "typing…").color, Theme.mention);
        compare(one.Accessible.name, "Ada Lovelace, typing…");
    }
    function test_long_words_are_cut_short_and_the_time_stays() {
        const one = make(conversation, {
            title: longName,
            preview: longName + " said so"
        });
        verifyElided(one, longName);
        verifyElided(one, longName + " said so");
        const time = words(one, "12:30");
        verify(time.mapToItem(one, time.width, 0).x <= one.width);
        verify(!time.truncated);
    }
    function test_markup_is_shown_as_it_is() {
        const one = make(conversation, {
            title: "<i>a</i>",
            preview: "<img src=x>"
        });
        compare(words(one, "<i>a</i>").textFormat, Text.PlainText);
        compare(words(one, "<img src=x>").textFormat, Text.PlainText);
    }

    function test_a_title_is_no_pattern() {
        const one = make(conversation, {
            title: "%2 %1",
            isGroup: true,
            memberCount: 3,
            presence: "",
            typing: "",
            unread: 0,
            mentions: 0
        });
        compare(one.Accessible.name, "%2 %1, group of 3");
    }

    function filled() {
        const list = make(rows);
        for (let n = 0; n < 20; ++n)
            list.model.append({
                conversationId: 100 + n,
                title: "Peer " + n,
                preview: "",
                time: "",
                unread: 0,
                initials: "P",
                colorIndex: 0,
                isCurrent: false,
                isGroup: false,
                memberCount: 2,
                mentions: 0,
                online: false,
                away: false,
                presence: "",
                typing: ""
            });
        tryCompare(list, "count", 20);
        list.currentIndex = 0;
        focusOn(list);
        return list;
    }
    function test_the_keys_go_along_the_list_and_open() {
        const list = filled();
        const chosen = spy(list, "chosen");
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Down);
        compare(list.currentIndex, 2);
        verify(list.currentItem.marked, "one sees where one is");
        keyClick(Qt.Key_Return);
        keyClick(Qt.Key_End);
        compare(list.currentIndex, 19);
        keyClick(Qt.Key_Space);
        keyClick(Qt.Key_PageUp);
        verify(list.currentIndex < 19);
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_PageDown);
        verify(list.currentIndex > 0);
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_Enter);
        compare(chosen.signalArguments.map(said => said[0]), [102, 119, 100]);
    }
    function test_the_marked_one_is_in_sight() {
        const list = filled();
        for (let n = 0; n < 12; ++n)
            keyClick(Qt.Key_Down);
        const row = list.currentItem;
        tryVerify(() => {
            const top = row.mapToItem(list, 0, 0).y;
            return top >= -1 && top + row.height <= list.height + 1;
        });
        const chosen = spy(list, "chosen");
        mouseClick(row);
        compare(chosen.signalArguments[0][0], 112);
    }
}
