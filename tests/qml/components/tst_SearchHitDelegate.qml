import QtQuick
import Starling.Search

ComponentTest {
    id: test
    name: "SearchHitDelegate"

    Component {
        id: list
        ListView {
            width: 300
            height: 300
            model: 1
            delegate: SearchHitDelegate {
                width: ListView.view.width
                conversation: 20
                seq: 3
                title: "Lunch"
                sender: "Ada Lovelace"
                initials: "L"
                colorIndex: 0
                time: "12:30"
                excerpt: "the blue boat"
                hits: [4, 8]
            }
        }
    }

    function hit() {
        const one = make(list);
        tryVerify(() => one.itemAtIndex(0) !== null);
        return one.itemAtIndex(0);
    }
    function excerpt(one) {
        return seen(one).find(item => item.hits !== undefined && item.textDocument !== undefined);
    }

    function test_a_click_on_its_words_is_one_on_the_row() {
        const one = hit();
        const clicked = spy(one, "clicked");
        mouseClick(excerpt(one));
        mouseClick(one, 10, 10);
        compare(clicked.count, 2);
        compare(one.Accessible.name, "Ada Lovelace, Lunch, 12:30: the blue boat");
    }
    function test_who_said_it_is_left_out_where_the_title_says_it() {
        const one = hit();
        verify(shows(one, "Ada Lovelace"));
        one.title = "Ada Lovelace";
        compare(seen(one).filter(item => item.text === "Ada Lovelace").length, 1);
    }
    function test_a_long_excerpt_is_wrapped_and_the_row_grows() {
        const one = hit();
        const before = one.height;
        one.excerpt = longName;
        one.title = longName;
        settle(one);
        tryVerify(() => one.height > before);
        verify(excerpt(one).lineCount > 1);
        verify(words(one, longName).truncated);
        compare(excerpt(one).textFormat, TextEdit.PlainText);
    }
}
