"""The checks of lint.py that read the app's QML."""

import re

# In QML: what shows texts of any format (a TextInput and a TextField know plain ones only), and what loads something.
QML_TEXT = re.compile(r"(?<![\w.])(?:[A-Z]\w*\.)?(?:Text|TextEdit|TextArea|Label)\s*\{")
QML_PLAIN = re.compile(r"\btextFormat\s*:\s*(?:[A-Z]\w*\.)*PlainText\b")
QML_RICH = re.compile(r"\b(?:AutoText|RichText|StyledText|MarkdownText)\b")
QML_LOADS = re.compile(r"(?<![\w.])(?:[A-Z]\w*\.)?(?:Image|AnimatedImage|BorderImage|AnimatedSprite|FontLoader|"
                       r"MediaPlayer|WebView|WebEngineView)\s*\{")
QML_QUOTED = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`", re.DOTALL)
# What somebody chose or wrote is no argument of String.arg(): that neither isolates it nor leaves a "%2" in it alone.
QML_ARG = re.compile(r"\.arg\(\s*(?:\w+\.)*(\w*(?:[nN]ame|[tT]itle|[tT]ext|[sS]ender|[bB]ody|[rR]eason|[dD]evice|[uU]rl))"
                     r"\s*\)")


def own_lines(text, at):
    """What stands in the object whose brace was opened before `at`, without the objects in it."""
    own, depth = [], 1
    for sign in text[at:]:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            break
        if depth == 1:
            own.append(sign)
    return "".join(own)


def check_qml(tree):
    """No text of anybody is markup, is loaded, or turns or fills the sentence that it stands in."""
    for path in tree.files:
        if not path.startswith("qml-client/") or not path.endswith(".qml"):
            continue
        # Comments and strings become blanks, line by line.
        text = QML_QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found.group(0)), tree.text(path))

        def place(found, text=text, path=path):
            return f"{path}:{text.count(chr(10), 0, found.start()) + 1}"

        for found in QML_TEXT.finditer(text):
            if not QML_PLAIN.search(own_lines(text, found.end())):
                yield f"{place(found)}: a text has to say textFormat: Text.PlainText; by itself it reads markup"
        for found in QML_RICH.finditer(text):
            yield f"{place(found)}: {found.group(0)} reads markup: only plain text is shown"
        for found in QML_ARG.finditer(text):
            yield f"{place(found)}: {found.group(1)} in a sentence: Sentences.shown() isolates it, or spoken()"
        for found in QML_LOADS.finditer(text):
            yield f"{place(found)}: {found.group(0).split('{')[0].strip()} loads from an address: draw it (Icon)"


MOTION_MAX_MS = 200
THEME = "qml-client/theme/Theme.qml"
DURATION = re.compile(r"\b\w*[dD]uration\s*[:=](?!=)\s*([^;}\n]*)")
MOVING = re.compile(r"\b(\w+Animation|\w+Animator|ListView)\s*(?:on\s+\w+\s*)?\{")
STANDING = re.compile(r"\bhighlightMoveDuration:|\bhighlightFollowsCurrentItem: false")
PAUSING = re.compile(r"\bPauseAnimation\s*\{[^{}]*\Z")
TOGETHER = ("SequentialAnimation", "ParallelAnimation")  # They last as long as what is in them.
UNBOUNDED = ("SmoothedAnimation", "SpringAnimation", "FlickAnimation")


def check_motion(tree):
    """What moves in the app takes the time that the theme says, and that is 200 ms at most."""
    known = {}
    if THEME in tree.files:
        known = dict(re.findall(r"property int (\w+): (\d+)\s*(?://.*)?$", tree.text(THEME), re.MULTILINE))
    for path in tree.files:
        if not (path.startswith("qml-client/") and path.endswith(".qml")):
            continue
        text = re.sub(r"//[^\n]*", "", tree.text(path))
        for match in DURATION.finditer(text):
            number, said = text.count("\n", 0, match.start()) + 1, match.group(1).strip()
            name = re.fullmatch(r"Theme\.(\w+)", said)
            if said != "0" and not name:
                yield f"{path}:{number}: a duration is 0 or one of the theme's, not {said}"
            elif name and PAUSING.search(text, 0, match.start()):
                continue  # Nothing moves.
            elif name and int(known.get(name.group(1), MOTION_MAX_MS + 1)) > MOTION_MAX_MS:
                yield f"{path}:{number}: {said} is not a number of {THEME} up to {MOTION_MAX_MS}"
        for match in MOVING.finditer(text):
            number, kind = text.count("\n", 0, match.start()) + 1, match.group(1)
            own = own_lines(text, match.end())
            if kind in UNBOUNDED:
                yield f"{path}:{number}: {kind} lasts as long as it likes; a NumberAnimation does not"
            elif kind == "ListView" and not STANDING.search(own):
                yield f"{path}:{number}: this list glides after its current row unless highlightMoveDuration is set"
            elif kind not in TOGETHER + ("ListView",) and not re.search(r"\bduration\s*:", own):
                yield f"{path}:{number}: a {kind} without a duration takes 250 ms"


# Each QML component of the app has a Qt Quick Test that names it (tests/qml/components), but for
# - parts that nothing but the component behind the colon is made of: its test presses them;
PARTS = {
    "ExcerptText": "SearchHitDelegate",
    "HitHead": "SearchHitDelegate",
    "MessageQuote": "MessageBubble",
    "PeopleRows": "PeopleFinder",
    "SearchRows": "SearchForm",
    "ServerRows": "ClusterView",
    "SettingsRows": "SettingsForm",
    "StChoiceButton": "StChoice",
    "StChoiceRow": "StChoice",
    "StPopup": "StDialog",
    "StScrollBar": "StRows",
    "StTab": "StTabs",
}
# - what puts tested components together and has no control of its own: the tests of the window and the gallery drive
#   it; and the theme, of which theme_test.cpp computes the colours.
COMPOSITIONS = ("AccountPanel", "ChatPage", "ChatPanels", "ClusterPanel", "ConversationList", "HistoryPopup", "KeysPanel",
                "LoginPage", "Main", "MainMenu", "MembersPanel", "MessageMenu", "NewGroupDialog", "PalettePanel",
                "PeoplePanel", "PersonPanel", "SearchPanel", "SettingsPanel", "Theme")
COMPONENT_TEST = re.compile(r"^tests/qml/components/tst_\w+\.qml$")
COMPONENT = re.compile(r"^qml-client/(?:\w+/)+(\w+)\.qml$")


def check_components(tree):
    """Every QML component has a test of its own, or is known to need none."""
    tested = set()
    for path in tree.files:
        if not COMPONENT_TEST.match(path):
            continue
        text = tree.text(path)
        named = re.search(r'^    name: "([\w, ]+)"$', text, re.MULTILINE)
        if named is None:
            yield f"{path}:1: its name: says which components it tests"
            continue
        for name in named.group(1).split(", "):
            if not re.search(rf"\b{name} \{{", text):
                yield f"{path}:1: it names {name} and shows none"
            tested.add(name)
    for path in tree.files:
        found = COMPONENT.match(path)
        if found is None:
            continue
        name = found.group(1)
        excused = name in COMPOSITIONS or name in PARTS
        if name in tested and excused:
            yield f"{path}:1: {name} has a test: it needs no exception in lint_qml.py"
        elif PARTS.get(name, "") not in tested and name in PARTS:
            yield f"{path}:1: {name} is a part of {PARTS[name]}, which has no test"
        elif name not in tested and not excused:
            yield f"{path}:1: no test names {name}: write tests/qml/components/tst_{name}.qml (docs/app.md tells how)"
