// What the buttons of StChoice stand in, and what they need to know.
import QtQuick

Row {
    required property string label
    required property int count
    required property int index // Of the one that is chosen.
}
