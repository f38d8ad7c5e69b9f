import QtQuick
import Starling.Account

ComponentTest {
    id: test
    name: "DevicesForm, DeviceDelegate"

    Component {
        id: form
        DevicesForm {
            width: 400
            height: 400
            account: stage.client.account
        }
    }
    Component {
        id: device
        DeviceDelegate {
            width: 300
            sessionId: 5
            device: "a phone"
            since: "Today, 14:05"
            isCurrent: false
        }
    }

    function initTestCase() {
        verify(stage.logIn());
    }

    function test_a_device_is_logged_out() {
        const one = make(form);
        stage.client.account.loadSessions();
        tryCompare(named(one, "deviceList"), "count", 3);
        tryVerify(() => shows(one, "a tablet"));
        mouseClick(control(one, "Log out a tablet"));
        verifyWritten("end-session 7");
        tryCompare(named(one, "deviceList"), "count", 2);
    }
    function test_this_one_has_no_button() {
        const one = make(device);
        const wanted = spy(one, "endWanted");
        mouseClick(named(one, "endSession"));
        focusOn(named(one, "endSession"));
        keyClick(Qt.Key_Space);
        compare(wanted.count, 2);
        compare(one.Accessible.name, "a phone, Today, 14:05");
        one.isCurrent = true;
        verify(!named(one, "endSession").visible);
        compare(one.Accessible.name, "a phone, this device, Today, 14:05");
        verify(shows(one, "This device · Today, 14:05"));
    }
    function test_a_long_name_is_cut_short() {
        verifyElided(make(device, {
            device: longName
        }), longName);
    }
}
