// What everything looks like: one palette for light and one for dark, one scale for spacing, type
// and corners. Nothing else in the app names a colour or a size of text.
pragma Singleton
import QtQuick

QtObject {
    id: theme

    enum Mode { System, Light, Dark }

    // Follows the desktop unless told.
    property int mode: Theme.Mode.System
    readonly property bool dark: mode === Theme.Mode.System ? systemPalette.window.hslLightness < 0.5 : mode === Theme.Mode.Dark

    readonly property SystemPalette systemPalette: SystemPalette {}

    // Surfaces
    readonly property color window: dark ? "#17191f" : "#ffffff"
    readonly property color sidebar: dark ? "#1d2027" : "#f7f8fa"
    readonly property color canvas: dark ? "#14161b" : "#eceff4"
    readonly property color raised: dark ? "#262a33" : "#ffffff"
    readonly property color field: dark ? "#262a33" : "#eff1f5"
    readonly property color line: dark ? "#2c313b" : "#e2e6ec"
    readonly property color hover: dark ? "#262a33" : "#eceff4"
    readonly property color selected: dark ? "#263a5e" : "#dce8fd"

    readonly property color shade: "#73000000" // Over the window behind a panel.

    // Text. Each has a contrast of 4.5:1 and more on all that it is shown on (WCAG AA), which a test computes.
    readonly property color text: dark ? "#e8eaf0" : "#1b1f27"
    readonly property color textSoft: dark ? "#b5bbc7" : "#555e70"
    readonly property color textFaint: dark ? "#a6adba" : "#5a6373"

    // Accent and meaning
    readonly property color accent: dark ? "#6ea1ff" : "#2763d9"
    readonly property color accentPressed: dark ? "#5a8ff0" : "#1f54bb"
    readonly property color mention: dark ? "#a8c8ff" : "#1f54bb" // A name in a message.
    readonly property color accentText: dark ? "#0f1420" : "#ffffff"
    readonly property color good: dark ? "#4cc38a" : "#1f9d61"
    readonly property color warn: dark ? "#f0b454" : "#b7791f"
    readonly property color warnSurface: dark ? "#352c1a" : "#fdf4e0"
    readonly property color goodSurface: dark ? "#1c3329" : "#e4f6ec"
    readonly property color track: dark ? "#4a5160" : "#b9c1cd" // Behind what moves in a switch or a slider.
    readonly property color knob: "#ffffff"
    readonly property color bad: dark ? "#ff7b7b" : "#c03030"
    readonly property color badSurface: dark ? "#3a2226" : "#fdecec"

    // Bubbles
    readonly property color bubbleOwn: dark ? "#2b4a7f" : "#d9e7ff"
    readonly property color bubbleOther: dark ? "#262a33" : "#ffffff"
    readonly property color quote: dark ? "#1d222b" : "#f1f4f9" // Words of another message, in a bubble.
    readonly property color dayChip: dark ? "#2a2f39" : "#dde2ea"

    readonly property list<color> avatarColors: ["#2f6eeb", "#d33771", "#308073", "#a86421", "#7c67b9", "#48823d", "#c64d3e", "#337d9d"]
    readonly property color avatarText: "#ffffff"
    // The same hues as words in a bubble.
    readonly property list<color> nameColors: dark ? ["#6b98f1", "#e1789f", "#40a998", "#d98c3f", "#a091cd", "#5eaa4f", "#d78277", "#50a2c6"] : avatarColors

    property bool mirrored: false // The language runs from right to left.
    property real scale: 1 // Of text, and of what holds a line of it.

    function scaled(pixels) {
        return Math.round(pixels * scale);
    }

    // Spacing, in steps of four
    readonly property int gapTiny: 4
    readonly property int gapSmall: 8
    readonly property int gap: 12
    readonly property int gapLarge: 16
    readonly property int gapHuge: 24

    readonly property int radiusSmall: 6
    readonly property int radius: 10
    readonly property int radiusLarge: 16

    // Type, in pixels at a scale of 1
    readonly property int fontTiny: scaled(11)
    readonly property int fontSmall: scaled(12)
    readonly property int fontName: scaled(13)
    readonly property int fontPreview: scaled(13)
    readonly property int fontBody: scaled(14)
    readonly property int fontTitle: scaled(16)
    readonly property int fontEmoji: scaled(18)
    readonly property int fontHuge: scaled(26)
    readonly property real lineHeight: 1.15

    readonly property int barHeight: scaled(56)
    readonly property int controlHeight: scaled(40)
    readonly property int avatar: scaled(44)
    readonly property int avatarMiddle: scaled(36)
    readonly property int avatarSmall: scaled(30)
    readonly property int bubbleWidth: scaled(560)
    readonly property int narrow: 640 // Below it one pane at a time.

    // Motion, in milliseconds: 200 at most, and no animation has another duration (a lint watches both)
    readonly property int quick: 120 // What follows a key.
    readonly property int gentle: 200 // What comes or goes by itself.
    readonly property int linger: 1000 // What stands before it goes: nothing moves meanwhile.
}
