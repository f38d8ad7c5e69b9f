import QtQuick
import Starling.Client
import Starling.Settings

ComponentTest {
    id: test
    name: "SettingsForm"

    Component {
        id: form
        SettingsForm {
            width: test.width
            height: 600
            settings: stage.settings
        }
    }

    function test_the_theme_is_chosen() {
        const one = make(form);
        const choice = named(one, "themeChoice");
        compare(choice.index, AppSettings.SystemTheme);
        mouseClick(named(choice, "choice2"));
        compare(stage.settings.theme, AppSettings.DarkTheme);
        compare(choice.index, AppSettings.DarkTheme);
        keyClick(Qt.Key_Left);
        compare(stage.settings.theme, AppSettings.LightTheme);
        focusOn(named(one, "enterSwitch"));
        stage.settings.theme = AppSettings.SystemTheme;
        compare(choice.index, AppSettings.SystemTheme);
    }
    function test_the_size_of_text_goes_by_tens() {
        const one = make(form);
        focusOn(named(one, "fontSlider"));
        keyClick(Qt.Key_Right);
        compare(stage.settings.fontScale, 110);
        verify(shows(one, "110 %"));
        keyClick(Qt.Key_Left);
        compare(stage.settings.fontScale, 100);
    }
    function test_the_language_is_chosen() {
        const choice = named(make(form), "languageChoice");
        mouseClick(named(choice, "choice2"));
        compare(stage.settings.language, "de");
        mouseClick(named(choice, "choice0"));
        compare(stage.settings.language, "");
    }
    function test_each_switch_sets_what_it_says_data() {
        return [
            {
                tag: "enterSwitch",
                setting: "enterSends"
            },
            {
                tag: "notificationsSwitch",
                setting: "notifications"
            },
            {
                tag: "notificationTextSwitch",
                setting: "notificationText"
            },
            {
                tag: "traySwitch",
                setting: "closeToTray"
            }
        ];
    }
    function test_each_switch_sets_what_it_says(row) {
        const button = named(make(form), row.tag);
        const before = stage.settings[row.setting];
        compare(button.checked, before);
        focusOn(button);
        keyClick(Qt.Key_Space);
        compare(stage.settings[row.setting], !before);
        stage.settings[row.setting] = before; // By somebody else: the tray's menu.
        compare(button.checked, before);
    }
    function test_what_depends_on_another_is_disabled_with_it() {
        const one = make(form);
        stage.settings.notifications = false;
        verify(!named(one, "notificationTextSwitch").enabled);
        stage.settings.notifications = true;
        verify(named(one, "notificationTextSwitch").enabled);
    }
    function test_it_closes() {
        const one = make(form);
        const wanted = spy(one, "closeWanted");
        mouseClick(control(one, "Close"));
        compare(wanted.count, 1);
        verify(!named(one, "settingsError").visible);
    }
}
