// Keys as they look on a keyboard; a space stands between those for one thing and the next.
import QtQuick

Row {
    id: row

    required property string keys

    // What a key is called here.
    function cap(key) {
        switch (key) {
        case "Ctrl":
            return qsTr("Ctrl");
        case "Shift":
            return qsTr("Shift");
        case "Enter":
            return qsTr("Enter");
        case "Del":
            return qsTr("Del");
        case "End":
            return qsTr("End");
        case "Up":
            return "↑";
        case "Down":
            return "↓";
        default:
            return key;
        }
    }

    spacing: Theme.gapTiny

    Repeater {
        model: row.keys.split(" ").map(keys => keys.split("+").map(key => row.cap(key)).join("+"))

        Rectangle {
            id: cap

            required property string modelData

            implicitWidth: Math.max(implicitHeight, label.implicitWidth + 2 * Theme.gapSmall - 2)
            implicitHeight: Theme.scaled(22)
            radius: Theme.radiusSmall
            color: Theme.field
            border.width: 1
            border.color: Theme.line

            Text {
                id: label
                anchors.centerIn: parent
                text: cap.modelData
                textFormat: Text.PlainText
                color: Theme.textSoft
                font.pixelSize: Theme.fontTiny
                font.weight: Font.Medium
                Accessible.ignored: true
            }
        }
    }
}
