// A test of one component: a window of its own, and what all of them need. Every warning fails it.
import QtQuick
import QtTest

TestCase {
    id: test

    width: 480
    height: 640
    visible: true
    when: windowShown

    property list<SignalSpy> spying

    function init() {
        failOnWarning(/.?/);
    }
    function cleanup() {
        for (let at = 0; at < spying.length; ++at)
            spying[at].target = null; // What they listen to may go on.
        spying = [];
    }
    // The component on the screen, until the test function ends.
    function make(component, properties) {
        const item = createTemporaryObject(component, test, properties ?? {});
        verify(item !== null, "it is made");
        if (item instanceof Item)
            settle(item);
        return item;
    }
    // What has changed has its place.
    function settle(item) {
        waitForRendering(item, 200);
    }
    function spy(target, signalName) {
        const one = createTemporaryObject(spies, test, {
            target: target,
            signalName: signalName
        });
        verify(one.valid, signalName);
        spying.push(one);
        return one;
    }
    // What has that object name.
    function named(item, name) {
        const found = findChild(item, name);
        verify(found !== null, name);
        return found;
    }
    // What is seen of an item: itself, and all that is inside.
    function seen(item) {
        if (!item.visible)
            return [];
        let found = [item];
        for (let at = 0; at < item.children.length; ++at)
            found = found.concat(seen(item.children[at]));
        return found;
    }
    function shows(item, words) {
        return seen(item).some(one => one.text === words && one.textFormat !== undefined);
    }
    // The text in sight that says that.
    function words(item, text) {
        const found = seen(item).find(one => one.text === text && one.textFormat !== undefined);
        verify(found !== undefined, "no text says: " + text);
        return found;
    }
    // The button, link or line in sight that is called so.
    function control(item, name) {
        const found = seen(item).find(one => one.clicked !== undefined && one.Accessible.name === name);
        verify(found !== undefined, "nothing to press is called: " + name);
        return found;
    }
    // It is cut short, with dots, inside of what it belongs to.
    function verifyElided(item, text) {
        const line = words(item, text);
        verify(line.truncated, "it is elided");
        const right = line.mapToItem(item, line.width, 0).x;
        verify(right <= item.width, right + " is beyond " + item.width);
    }
    // As a text of somebody stands in a sentence of the app.
    function isolated(text) {
        return "\u2068" + text + "\u2069";
    }
    function focusOn(item) {
        item.forceActiveFocus(Qt.TabFocusReason);
        tryCompare(item, "activeFocus", true);
    }
    function type(text) {
        for (const letter of text)
            keyClick(letter);
    }
    // The server is asked for that change, sooner or later.
    function verifyWritten(line) {
        tryVerify(() => stage.writes().includes(line), 5000, line);
    }

    readonly property string longName: "Wolfeschlegelsteinhausenbergerdorff the Younger of the House at the End of the Very Long Street"

    Component {
        id: spies
        SignalSpy {}
    }
}
