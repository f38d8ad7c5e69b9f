// The name of a part of a form.
import QtQuick

Text {
    textFormat: Text.PlainText
    topPadding: Theme.gapSmall
    color: Theme.accent
    font.pixelSize: Theme.fontSmall
    font.weight: Font.DemiBold
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
