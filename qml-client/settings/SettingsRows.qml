// Every setting in its part of the form; each takes hold at once.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: rows

    required property AppSettings settings

    spacing: Theme.gapSmall

    StSection {
        text: qsTr("Looks")
    }
    StChoice {
        objectName: "themeChoice"
        Layout.fillWidth: true
        focus: true
        label: qsTr("Theme")
        titles: [qsTr("As the system"), qsTr("Light"), qsTr("Dark")]
        index: rows.settings.theme
        onChosen: index => rows.settings.theme = index
    }
    RowLayout {
        Layout.topMargin: Theme.gapTiny
        spacing: Theme.gap

        Text {
            text: qsTr("Size of text")
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: Theme.fontBody
        }
        StSlider {
            objectName: "fontSlider"
            Layout.fillWidth: true
            label: qsTr("Size of text")
            from: rows.settings.smallestFont
            to: rows.settings.largestFont
            stepSize: 10
            value: rows.settings.fontScale
            live: false // The slider itself grows with it.
            onMoved: rows.settings.fontScale = value
        }
        Text {
            Layout.preferredWidth: Theme.scaled(44)
            text: qsTr("%1 %").arg(rows.settings.fontScale)
            textFormat: Text.PlainText
            color: Theme.textSoft
            font.pixelSize: Theme.fontBody
            horizontalAlignment: Text.AlignRight
        }
    }
    RowLayout {
        Layout.topMargin: Theme.gapTiny
        spacing: Theme.gap

        Text {
            text: qsTr("Language")
            textFormat: Text.PlainText
            color: Theme.text
            font.pixelSize: Theme.fontBody
        }
        StChoice {
            readonly property list<string> codes: ["", "en", "de"]

            objectName: "languageChoice"
            Layout.fillWidth: true
            label: qsTr("Language")
            titles: [qsTr("As the system"), "English", "Deutsch"]
            index: Math.max(0, codes.indexOf(rows.settings.language))
            onChosen: index => rows.settings.language = codes[index]
        }
    }
    StSection {
        text: qsTr("Writing")
    }
    StSwitch {
        objectName: "enterSwitch"
        Layout.fillWidth: true
        text: qsTr("Enter sends")
        detail: checked ? qsTr("Shift+Enter begins a new line.") : qsTr("Ctrl+Enter sends; Enter begins a new line.")
        checked: rows.settings.enterSends
        onToggled: rows.settings.enterSends = checked
    }
    StSection {
        text: qsTr("Notifications")
    }
    StSwitch {
        objectName: "notificationsSwitch"
        Layout.fillWidth: true
        text: qsTr("Tell of new messages")
        detail: qsTr("While this window is not in use.")
        checked: rows.settings.notifications
        onToggled: rows.settings.notifications = checked
    }
    StSwitch {
        objectName: "notificationTextSwitch"
        Layout.fillWidth: true
        enabled: rows.settings.notifications
        text: qsTr("Show what was written")
        detail: checked ? qsTr("Who looks at the screen can read it.") : qsTr("Only who wrote is shown.")
        checked: rows.settings.notificationText
        onToggled: rows.settings.notificationText = checked
    }
    StSwitch {
        objectName: "traySwitch"
        Layout.fillWidth: true
        text: qsTr("Stay in the tray")
        detail: qsTr("Closing the window leaves Starling running where the desktop has a tray.")
        checked: rows.settings.closeToTray
        onToggled: rows.settings.closeToTray = checked
    }
}
