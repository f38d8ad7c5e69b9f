"""Profiles, passwords, sessions and blocks."""

import pytest

import starling
from conftest import PASSWORD, account, poll, settle
from starling import EventKind


def test_profiles(ada, bob, chat):
    with bob.events() as stream:
        settle(stream, ada, chat)
        told = ada.set_profile("Ada L.", "Counts birds 🐦")
        assert (told.display_name, told.about) == ("Ada L.", "Counts birds 🐦")
        event = stream.next(timeout=5.0)
        assert (event.kind, event.account_id) == (EventKind.PROFILE, ada.account.id)
    profile = bob.profile("ada")
    assert profile.account.about == "Counts birds 🐦" and not profile.blocked
    assert profile.account.display_name == bob.accounts("ada")[0].display_name == "Ada L."
    with pytest.raises(starling.NotFound):
        bob.profile("nobody-at-all")


def ended(session):
    """A server may know an ended session for a moment: less than a second."""
    try:
        session.conversations()
    except starling.Unauthenticated:
        return True
    return False


def test_a_password_and_the_sessions_of_an_account(client):
    first = account(client, "grace")
    second = client.login("grace", PASSWORD, device="phone")
    told = second.sessions()
    assert [one.current for one in told] == [False, True]
    assert told[1].device == "phone" and told[1].expires_at == second.expires_at
    with pytest.raises(starling.Unauthenticated):
        second.change_password("wrong password", "battery staple")
    assert second.change_password(PASSWORD, "battery staple") == 1
    poll(lambda: ended(first), "the session from before the change has ended")
    with pytest.raises(starling.Unauthenticated):
        client.login("grace", PASSWORD)
    third = client.login("grace", "battery staple")
    last = third.sessions()[-1].id
    with pytest.raises(starling.NotFound):
        account(client, "heidi").end_session(last)  # Not hers to end.
    second.end_session(last)
    poll(lambda: ended(third), "the session that was ended has")
    second.end_session(last)  # Nothing is left to do.


def test_who_is_blocked_can_neither_write_nor_add(client, ada, bob, chat):
    eve = account(client, "eve")
    between = eve.open_direct("ada")
    eve.send(between.id, "hello")
    ada.set_block("eve", True)
    assert [one.name for one in ada.blocked()] == ["eve"]
    assert ada.profile("eve").blocked and not eve.profile("ada").blocked
    with pytest.raises(starling.PermissionDenied):
        eve.send(between.id, "hello?")
    with pytest.raises(starling.PermissionDenied):
        eve.create_group("us", ["ada"])
    ada.set_block("eve", False)
    assert ada.blocked() == []
    eve.send(between.id, "hello again")
