// A number between two others; the arrows change it by a step.
import QtQuick
import QtQuick.Templates as T

T.Slider {
    id: slider

    required property string label

    implicitWidth: 200
    implicitHeight: Theme.scaled(28)
    snapMode: T.Slider.SnapAlways
    Accessible.name: label

    background: Rectangle {
        x: slider.leftPadding
        y: Math.round((slider.height - height) / 2)
        width: slider.availableWidth
        height: 4
        radius: 2
        color: Theme.track

        Rectangle {
            x: slider.mirrored ? parent.width - width : 0
            width: slider.position * parent.width
            height: parent.height
            radius: 2
            color: Theme.accent
        }
    }
    handle: Rectangle {
        x: slider.leftPadding + slider.visualPosition * (slider.availableWidth - width)
        y: Math.round((slider.height - height) / 2)
        width: Theme.scaled(20)
        height: width
        radius: width / 2
        color: slider.pressed ? Theme.accentPressed : Theme.accent
        border.width: slider.visualFocus ? 3 : 0
        border.color: Theme.text
    }
}
