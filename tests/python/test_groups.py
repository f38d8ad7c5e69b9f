"""Groups, and who may do what in them."""

import pytest

import starling
from conftest import account, settle
from starling import EventKind, MemberRole, MessageKind


@pytest.fixture
def carl(client):
    return account(client, "carl")


@pytest.fixture
def group(ada, bob, carl):
    """Of ada, its owner, with bob."""
    return ada.create_group("birds", ["bob"])


def system(session, group):
    """The system messages: (sender, kind, body)."""
    return [(m.sender, m.kind, m.body) for m in session.messages(group.id)
            if m.kind is not MessageKind.TEXT]


def roles(session, group):
    return {member.account.name: member.role for member in session.members(group.id)}


def test_a_group_from_its_making_to_its_end(ada, bob, carl, group):
    assert (group.title, group.kind) == ("birds", starling.ConversationKind.GROUP)
    assert (group.role, group.member_count, group.peer_id) == (MemberRole.OWNER, 2, 0)
    assert bob.conversation(group.id).role is MemberRole.MEMBER
    with pytest.raises(starling.NotFound):
        carl.conversation(group.id)
    with pytest.raises(starling.PermissionDenied):
        bob.add_members(group.id, ["carl"])
    ada.send(group.id, "before carl")
    assert ada.add_members(group.id, ["bob", "carl"]) == 1
    assert carl.conversation(group.id).first_seq > 1
    assert "before carl" not in [m.body for m in carl.messages(group.id)]
    assert roles(carl, group) == {"ada": MemberRole.OWNER, "bob": MemberRole.MEMBER,
                                  "carl": MemberRole.MEMBER}
    with pytest.raises(starling.PermissionDenied):
        bob.rename_group(group.id, "fowl")
    ada.set_role(group.id, bob.account.id, MemberRole.ADMIN)
    bob.rename_group(group.id, "fowl")
    bob.remove_member(group.id, carl.account.id)
    with pytest.raises(starling.NotFound):
        carl.messages(group.id)
    ada.leave(group.id)
    assert bob.conversation(group.id).role is MemberRole.OWNER
    told = system(bob, group)
    assert ("ada", MessageKind.GROUP_CREATED, "birds") in told
    assert ("ada", MessageKind.MEMBERS_ADDED, "carl") in told
    assert ("ada", MessageKind.ADMIN_ADDED, "bob") in told
    assert ("bob", MessageKind.GROUP_RENAMED, "fowl") in told
    assert ("bob", MessageKind.MEMBER_REMOVED, "carl") in told
    assert ("ada", MessageKind.MEMBER_LEFT) in [one[:2] for one in told]
    bob.dissolve_group(group.id)
    with pytest.raises(starling.NotFound):
        bob.conversation(group.id)


def test_an_owner_hands_a_group_over(ada, bob, group):
    with pytest.raises(starling.PermissionDenied):
        bob.set_role(group.id, bob.account.id, MemberRole.OWNER)
    ada.set_role(group.id, bob.account.id, MemberRole.OWNER)
    assert roles(ada, group) == {"ada": MemberRole.ADMIN, "bob": MemberRole.OWNER}
    assert system(ada, group)[-1] == ("ada", MessageKind.OWNER_CHANGED, "bob")


def test_pages_of_members(ada, bob, carl, group):
    ada.add_members(group.id, ["carl"])
    first = ada.members(group.id, limit=2)
    assert len(first) == 2 and first.more
    rest = ada.members(group.id, limit=2, after=first[-1].account.id)
    assert len(rest) == 1 and not rest.more
    assert {m.account.name for m in (*first, *rest)} == {"ada", "bob", "carl"}


def test_an_unknown_name_makes_no_group(ada):
    before = len(ada.conversations())
    with pytest.raises(starling.NotFound):
        ada.create_group("birds", ["bob", "nobody-at-all"])
    assert len(ada.conversations()) == before


def test_everybody_hears_of_a_group(ada, bob, chat, group):
    with bob.events() as stream:
        settle(stream, ada, chat)
        ada.rename_group(group.id, "fowl")
        sent = ada.send(group.id, "look, @bob")
        event = stream.next(timeout=5.0)
        assert (event.kind, event.message.kind) == (EventKind.MESSAGE, MessageKind.GROUP_RENAMED)
        assert (event.message.sender, event.message.body) == ("ada", "fowl")
        assert stream.next(timeout=5.0).message == sent
    assert bob.messages(group.id)[-1].mentions_me
    assert not ada.messages(group.id)[-1].mentions_me
    assert bob.conversation(group.id).mention_count == 1
    bob.read_unread(group.id)
    assert bob.conversation(group.id).mention_count == 0
    assert [m.read_seq for m in ada.members(group.id) if m.account.name == "bob"] == [sent.seq]


def test_an_admin_deletes_for_everybody(ada, bob, group):
    sent = bob.send(group.id, "nonsense")
    mine = ada.send(group.id, "sense")
    with pytest.raises(starling.PermissionDenied):
        bob.delete_messages(group.id, [mine.seq])
    assert ada.delete_messages(group.id, [sent.seq]) == 1
    assert [m.deleted for m in bob.messages(group.id, around=sent.seq, limit=1)] == [True]
