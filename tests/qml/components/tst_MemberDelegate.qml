import QtQuick
import Starling.Groups

ComponentTest {
    id: test
    name: "MemberDelegate, MemberRows"

    Component {
        id: member
        MemberDelegate {
            width: 340
            height: implicitHeight
            accountId: 2
            name: "bob"
            displayName: "Bob Builder"
            initials: "BB"
            colorIndex: 0
            roleText: "Admin"
            isSelf: false
            canRemove: true
            canMakeAdmin: false
            canTakeAdmin: true
            canMakeOwner: true
            online: true
            away: false
            detail: "bob, online"
            unfolded: false
        }
    }
    Component {
        id: rows
        MemberRows {
            width: 340
            height: 300
            groups: stage.client.groups
        }
    }

    function test_what_can_be_done_is_unfolded() {
        const one = make(member);
        const wanted = spy(one, "unfoldWanted");
        verify(!named(one, "memberProfile").visible);
        mouseClick(control(one, "What can be done with Bob Builder"));
        compare(wanted.count, 1);
        const before = one.height;
        one.unfolded = true;
        settle(one);
        verify(one.height > before);
        for (const title of ["Profile", "No longer admin", "Make owner", "Remove"])
            control(one, title);
        verify(!shows(one, "Make admin"));
    }
    function test_each_button_asks_for_what_it_says() {
        const one = make(member, {
            unfolded: true,
            canMakeAdmin: true
        });
        const profile = spy(one, "profileWanted");
        const admin = spy(one, "adminWanted");
        const owner = spy(one, "ownerWanted");
        const remove = spy(one, "removeWanted");
        mouseClick(control(one, "Profile"));
        mouseClick(control(one, "Make admin"));
        mouseClick(control(one, "No longer admin"));
        mouseClick(control(one, "Make owner"));
        focusOn(control(one, "Remove"));
        keyClick(Qt.Key_Space);
        compare(admin.signalArguments.map(said => said[0]), [true, false]);
        compare([profile.count, owner.count, remove.count], [1, 1, 1]);
    }
    function test_who_it_is_is_read_out_and_there_is_nothing_to_do_with_oneself() {
        const one = make(member);
        compare(one.Accessible.name, "Bob Builder, Admin, bob, online");
        one.isSelf = true;
        one.unfolded = true;
        verify(shows(one, isolated("Bob Builder") + " (you)"));
        verify(!named(one, "memberProfile").visible);
        compare(seen(one).filter(item => item.clicked !== undefined).length, 0);
    }
    function test_a_long_name_is_cut_short() {
        verifyElided(make(member, {
            displayName: longName
        }), longName);
    }
    function test_the_list_of_them_changes_roles_and_removes() {
        verify(stage.logIn());
        const list = make(rows);
        tryCompare(list, "count", 2);
        settle(list);
        mouseClick(control(list, "What can be done with Bob Builder"));
        settle(list);
        mouseClick(control(list, "Make admin"));
        verifyWritten("role 20 2 MEMBER_ROLE_ADMIN");
        tryCompare(stage.client.groups, "busy", false);
        mouseClick(control(list, "Remove"));
        verifyWritten("remove 20 2");
        tryCompare(stage.client.groups, "busy", false);
    }
}
