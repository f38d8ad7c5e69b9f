// The tabs of the account: its profile, its password, its devices, whom it blocks; and its end.
import QtQuick
import QtQuick.Layouts
import Starling.Client
import Starling.Theme

ColumnLayout {
    id: form

    required property AccountDesk account

    property bool ending: false // The form that deletes the account stands in place of the profile.

    signal closeWanted
    signal logOutWanted

    function begin() {
        tabs.currentIndex = 0;
        turn();
        profile.begin();
        profile.takeFocus();
    }
    function turn() {
        account.clear();
        ending = false;
        password.clear();
        if (tabs.currentIndex === 2)
            account.loadSessions();
        else if (tabs.currentIndex === 3)
            account.loadBlocked();
    }

    spacing: Theme.gap

    StTitle {
        text: qsTr("Your account")
        onCloseWanted: form.closeWanted()
    }
    StTabs {
        id: tabs
        objectName: "accountTabs"
        Layout.fillWidth: true
        label: qsTr("Parts of the account")
        titles: [qsTr("Profile"), qsTr("Password"), qsTr("Devices"), qsTr("Blocked")]
        onCurrentIndexChanged: form.turn()
    }
    StackLayout {
        Layout.fillWidth: true
        Layout.fillHeight: true
        currentIndex: form.ending ? 4 : tabs.currentIndex

        StScroll {
            form: profile

            ProfileForm {
                id: profile
                width: parent.width
                height: parent.height
                account: form.account
                onLogOutWanted: form.logOutWanted()
                onEndWanted: {
                    form.account.clear();
                    form.ending = true;
                    end.begin();
                }
            }
        }
        StScroll {
            form: password

            PasswordForm {
                id: password
                width: parent.width
                height: parent.height
                account: form.account
            }
        }
        DevicesForm {
            account: form.account
        }
        BlockedForm {
            account: form.account
        }
        StScroll {
            form: end

            DeleteForm {
                id: end
                width: parent.width
                height: parent.height
                account: form.account
                onBackWanted: form.turn()
            }
        }
    }
    StNotice {
        objectName: "accountError"
        Layout.fillWidth: true
        text: form.account.error
    }
    StNotice {
        objectName: "accountDone"
        Layout.fillWidth: true
        good: true
        text: form.account.done
    }
}
