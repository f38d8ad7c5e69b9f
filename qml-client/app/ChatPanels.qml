// The panels over the chat, and what the menu, the palette and the keys open.
import QtQuick
import Starling.Account
import Starling.Client
import Starling.Cluster
import Starling.Groups
import Starling.Palette
import Starling.People
import Starling.Search
import Starling.Settings
import Starling.Theme

Item {
    id: panels

    required property ChatClient client
    required property AppSettings settings

    function act(action) {
        switch (action) {
        case AppAction.NewConversation:
            return people.open();
        case AppAction.NewGroup:
            return newGroup.open();
        case AppAction.SearchMessages:
            return openSearch(false);
        case AppAction.Account:
            return account.open();
        case AppAction.Settings:
            return settingsPanel.open();
        case AppAction.SwitchTheme:
            settings.theme = Theme.dark ? AppSettings.LightTheme : AppSettings.DarkTheme;
            return;
        case AppAction.Cluster:
            return cluster.open();
        case AppAction.Keys:
            return keys.open();
        case AppAction.LogOut:
            return client.logOut();
        }
    }
    function openPalette() {
        palette.open();
    }
    // `here`: in the open conversation only.
    function openSearch(here) {
        search.begin(here);
    }
    function openMembers() {
        members.open();
    }
    function openPerson(name, displayName) {
        person.show(name, displayName);
    }

    Connections {
        target: panels.client
        function onActionWanted(action) {
            panels.act(action);
        }
    }
    PeoplePanel {
        id: people
        place: panels
        client: panels.client
        onGroupWanted: newGroup.open()
        onProfileWanted: (name, displayName) => panels.openPerson(name, displayName)
    }
    PersonPanel {
        id: person
        place: panels
        person: panels.client.person
        onMessageWanted: name => panels.client.openDirect(name)
    }
    NewGroupDialog {
        id: newGroup
        place: panels
        client: panels.client
    }
    MembersPanel {
        id: members
        place: panels
        client: panels.client
        onProfileWanted: (name, displayName) => panels.openPerson(name, displayName)
    }
    AccountPanel {
        id: account
        place: panels
        account: panels.client.account
        onLogOutWanted: panels.client.logOut()
    }
    SettingsPanel {
        id: settingsPanel
        place: panels
        settings: panels.settings
    }
    SearchPanel {
        id: search
        place: panels
        client: panels.client
    }
    ClusterPanel {
        id: cluster
        place: panels
        cluster: panels.client.cluster
    }
    KeysPanel {
        id: keys
        place: panels
    }
    PalettePanel {
        id: palette
        place: panels
        palette: panels.client.palette
    }
}
