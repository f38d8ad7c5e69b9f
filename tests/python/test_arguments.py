"""Wrong types, values out of range, unreachable servers, use after close."""

import datetime
import inspect
import math
import socket
import time

import pytest

import starling
from starling import aio

WRONG_TYPES = {
    "create_account": [((1, "p"), {}), (("n", b"p"), {}), (("n", None), {}),
                       (("n", "p"), {"display_name": 3}), (("n", "p"), {"timeout": "1"}),
                       (("n", "p", "Ada"), {})],
    "login": [((None, "p"), {}), (("n", "p"), {"device": 1}), (("n", "p"), {"timeout": True})],
    "resume": [((b"t", "ada"), {}), (("t", "ada"), {})],
    "on_cluster_event": [((None,), {}), (("print",), {})],
    "open_direct": [((7,), {}), ((["bob"],), {}), (("bob", 1.0), {})],
    "send": [(("1", "x"), {}), ((1.0, "x"), {}), ((True, "x"), {}), ((1, b"x"), {}),
             ((1, None), {}), ((1, "x"), {"request_id": "0123456789abcdef"}), ((1,), {}),
             ((1, "x"), {"reply_to": "1"}), ((1, "x"), {"reply_to": True}),
             ((1, "x"), {"unknown": 1})],
    "messages": [((None,), {}), ((1,), {"before": "3"}), ((1,), {"after": 3.0}),
                 ((1,), {"around": "3"}),
                 ((1,), {"limit": None}), ((1,), {"limit": 2.5}), ((1,), {"level": "session"})],
    "read_unread": [((1,), {"mark_read": 1}), (("1",), {})],
    "mark_read": [((1, "1"), {}), ((1, None), {})],
    "delete_messages": [((1, 1), {}), ((1, "12"), {}), ((1, ["1"]), {})],
    "conversations": [((), {"limit": "1"}), ((5,), {})],
    "accounts": [((b"*",), {}), (("*",), {"after": 1}), (("*", 50), {})],
    "events": [((), {"after": "1:2:3"}), ((), {"after": 0.0}), ((), {"after": False})],
    "delete_account": [((None,), {})],
    "set_profile": [((None, ""), {}), (("", None), {}), (("",), {})],
    "change_password": [((None, "p"), {}), (("p", b"p"), {}), (("p",), {})],
    "sessions": [((1,), {}), ((), {"level": "session"})],
    "end_session": [(("1",), {}), ((None,), {})],
    "profile": [((1,), {}), ((None,), {})],
    "set_block": [((1, True), {}), (("bob", 1), {}), (("bob",), {})],
    "blocked": [((), {"after": "1"}), ((5,), {})],
    "conversation": [(("1",), {}), ((None,), {})],
    "create_group": [((1, []), {}), (("birds", "bob"), {}), (("birds", [1]), {}),
                     (("birds", None), {}), (("birds",), {})],
    "add_members": [((1, "bob"), {}), ((1, [None]), {}), (("1", ["bob"]), {})],
    "remove_member": [((1, "bob"), {}), (("1", 1), {})],
    "leave": [(("1",), {})],
    "set_role": [((1, 2, 1), {}), ((1, 2, "ADMIN"), {}), ((1, "2", starling.MemberRole.ADMIN), {})],
    "rename_group": [((1, None), {}), (("1", "birds"), {})],
    "dissolve_group": [(("1",), {})],
    "members": [(("1",), {}), ((1,), {"after": "1"}), ((1, 50), {})],
    "mark_delivered": [(([(1, 1)],), {}), (({"1": 1},), {}), (({1: "1"},), {}), ((None,), {})],
    "hide_messages": [((1, 1), {}), ((1, ["1"]), {})],
    "edit_message": [((1, "1", "x"), {}), ((1, 1, b"x"), {})],
    "edits": [((1, "1"), {}), ((1, None), {})],
    "react": [((1, 1, b"x"), {}), ((1, 1, "x", 1), {}), ((1, "1", "x"), {})],
    "set_draft": [((1, None), {}), ((1, "x"), {"reply_to": "1"}), ((1, "x", 1), {})],
}

SOMEBODY = starling.Account(1, "ada", "Ada", datetime.datetime.now(datetime.timezone.utc))

OUT_OF_RANGE = [
    ("create_account", ("\ud800", "p"), {}, "name"),
    ("create_account", ("Not A Name", "a good password"), {}, "name"),
    ("create_account", ("n", "p" * 10_000), {}, "password"),
    ("create_account", ("n" * 100_000, "a good password"), {}, "name"),
    ("create_account", ("n", "a good password"), {"display_name": "x" * 100_000}, "display_name"),
    ("login", ("n", "\udfff"), {}, "password"),
    ("login", ("n", "p"), {"device": "x" * 100_000}, "device"),
    ("resume", ("x" * 100_000, SOMEBODY), {}, "token"),
    ("resume", ("line\nfeed", SOMEBODY), {}, "token"),
    ("resume", ("grüße", SOMEBODY), {}, "token"),
    ("open_direct", ("x" * 100_000,), {}, "name"),
    ("open_direct", ("ada",), {}, "name"),
    ("accounts", ("x" * 100_000,), {}, "pattern"),
    ("accounts", ("*",), {"after": "x" * 100_000}, "after"),
    ("login", ("n", "p"), {"timeout": 0}, "timeout"),
    ("login", ("n", "p"), {"timeout": -1.0}, "timeout"),
    ("login", ("n", "p"), {"timeout": math.nan}, "timeout"),
    ("login", ("n", "p"), {"timeout": math.inf}, "timeout"),
    ("send", (0, "x"), {}, "conversation_id"),
    ("send", (-1, "x"), {}, "conversation_id"),
    ("send", (2**64, "x"), {}, "conversation_id"),
    ("send", (1, "\ud800"), {}, "body"),
    ("send", (1, "x" * 5_000_000), {}, "body"),
    ("send", (1, "x"), {"request_id": b"short"}, "request_id"),
    ("messages", (1,), {"limit": 0}, "limit"),
    ("messages", (1,), {"limit": 201}, "limit"),
    ("messages", (1,), {"limit": 2**40}, "limit"),
    ("messages", (1,), {"before": 0}, "before"),
    ("messages", (1,), {"before": 5, "after": 2}, "before"),
    ("messages", (1,), {"after": -1}, "after"),
    ("messages", (1,), {"around": 0}, "around"),
    ("messages", (1,), {"after": 2, "around": 1}, "after"),
    ("send", (1, "x"), {"reply_to": 0}, "reply_to"),
    ("set_profile", ("x" * 65, ""), {}, "display_name"),
    ("set_profile", ("", "x" * 513), {}, "about"),
    ("change_password", ("a good password", "short"), {}, "new_password"),
    ("change_password", ("p" * 10_000, "a good password"), {}, "password"),
    ("end_session", (0,), {}, "session_id"),
    ("profile", ("x" * 100_000,), {}, "name"),
    ("set_block", ("x" * 100_000, True), {}, "name"),
    ("set_block", ("ada", True), {}, "name"),
    ("blocked", (), {"limit": 201}, "limit"),
    ("conversation", (0,), {}, "conversation_id"),
    ("create_group", ("", []), {}, "title"),
    ("create_group", ("x" * 129, []), {}, "title"),
    ("create_group", ("birds", ["bob"] * 201), {}, "names"),
    ("create_group", ("birds", ["\ud800"]), {}, "names"),
    ("add_members", (1, []), {}, "names"),
    ("remove_member", (1, 0), {}, "account_id"),
    ("leave", (-1,), {}, "conversation_id"),
    ("set_role", (1, 0, starling.MemberRole.ADMIN), {}, "account_id"),
    ("rename_group", (1, ""), {}, "title"),
    ("dissolve_group", (0,), {}, "conversation_id"),
    ("members", (1,), {"limit": 0}, "limit"),
    ("mark_delivered", ({},), {}, "marks"),
    ("mark_delivered", ({0: 1},), {}, "marks"),
    ("mark_delivered", ({one: 1 for one in range(1, 202)},), {}, "marks"),
    ("hide_messages", (1, []), {}, "seqs"),
    ("hide_messages", (1, [1] * 201), {}, "seqs"),
    ("edit_message", (1, 1, ""), {}, "body"),
    ("edit_message", (1, 0, "x"), {}, "seq"),
    ("edits", (1, 0), {}, "seq"),
    ("react", (1, 1, ""), {}, "emoji"),
    ("react", (1, 1, "x" * 33), {}, "emoji"),
    ("set_draft", (1, "x" * 16_385), {}, "body"),
    ("set_draft", (1, "x"), {"reply_to": 0}, "reply_to"),
    ("read_unread", (1,), {"limit": -3}, "limit"),
    ("mark_read", (1, -1), {}, "seq"),
    ("delete_messages", (1, [0]), {}, "seqs"),
    ("delete_messages", (1, [1] * 201), {}, "seqs"),
    ("conversations", (), {"after": -1}, "after"),
    ("accounts", ("*",), {"limit": 1000}, "limit"),
    ("events", (), {"after": 17}, "after"),
    ("events", (), {"after": starling.Cursor(-1, 0, 0)}, "after"),
]


def method(name, client, session):
    return getattr(client if hasattr(starling.Client, name) and name != "accounts" else session,
                   name)


@pytest.mark.parametrize("name", WRONG_TYPES)
def test_wrong_types(name, client, ada):
    for words, options in WRONG_TYPES[name]:
        with pytest.raises(TypeError):
            method(name, client, ada)(*words, **options)


@pytest.mark.parametrize("name, words, options, field", OUT_OF_RANGE)
def test_out_of_range(name, words, options, field, client, ada):
    with pytest.raises(starling.InvalidArgument) as refused:
        method(name, client, ada)(*words, **options)
    assert refused.value.field == field
    assert field in str(refused.value)
    assert not refused.value.retryable and not refused.value.may_have_happened


@pytest.mark.parametrize("make", [starling.Client, aio.Client])
def test_client_arguments(make):
    for words, options in (((5,), {}), (("127.0.0.1:1",), {}), (([1],), {}), ((None,), {}),
                           ((["127.0.0.1:1"],), {"timeout": None}),
                           ((["127.0.0.1:1"],), {"timeout": "3"}),
                           ((["127.0.0.1:1"],), {"on_cluster_event": 3}),
                           ((["127.0.0.1:1"],), {"discover": 1}),
                           ((["127.0.0.1:1"],), {"wait_for_server": None}),
                           ((["127.0.0.1:1"], 3.0), {})):
        with pytest.raises(TypeError):
            make(*words, **options)
    with pytest.raises(starling.InvalidArgument) as refused:
        make(["127.0.0.1:1"], timeout=-1)
    assert refused.value.field == "timeout"


@pytest.mark.parametrize("seconds", [-1, 0, 0.0001, 86_401, math.nan, math.inf, -math.inf])
def test_an_age_that_cannot_be_asked_for(seconds):
    with pytest.raises(starling.InvalidArgument, match="seconds") as refused:
        starling.Stale(seconds)
    assert refused.value.field == "seconds"


@pytest.mark.parametrize("seconds", ["1", None, True, datetime.timedelta(seconds=1)])
def test_an_age_of_the_wrong_type(seconds):
    with pytest.raises(TypeError, match="seconds"):
        starling.Stale(seconds)


@pytest.mark.parametrize("text", ["", "1:2", "1:2:3:4", "1:2:-3", "1:2:x", "1:2:٣", f"1:2:{2**32}",
                                  f"1:{2**64}:3", f"{2**64}:2:3", "1:2:" + "9" * 5000])
def test_a_text_that_is_no_cursor(text):
    with pytest.raises(starling.InvalidArgument, match="text") as refused:
        starling.Cursor.parse(text)
    assert refused.value.field == "text" and len(str(refused.value)) < 200


def test_the_largest_cursor_is_one():
    largest = starling.Cursor(2**64 - 1, 2**64 - 1, 2**32 - 1, 2**64 - 1)
    assert starling.Cursor.parse(f"  {largest}\n") == largest  # As read from a file.
    assert starling.Cursor.parse(str(largest)) == largest


def test_a_client_name_is_bounded():
    begun = time.monotonic()
    with pytest.raises(starling.InvalidArgument) as refused:
        starling.Client(["127.0.0.1:1"], client_name="x" * 100_000)
    assert refused.value.field == "client_name" and "client_name" in str(refused.value)
    assert time.monotonic() - begun < 5.0


@pytest.mark.parametrize("addresses", [[], ["nonsense"], ["host:0"], ["host:99999"], [":1"],
                                       ["http://127.0.0.1:5101"], ["127.0.0.1:5101/x"],
                                       ["x" * 300 + ":5101"]])
def test_bad_addresses(addresses):
    with pytest.raises(starling.InvalidArgument) as refused:
        starling.Client(addresses)
    assert refused.value.field == "addresses"
    assert not addresses or "HOST:PORT" in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_nobody_answers():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        addresses = ["127.0.0.1:1", "127.0.0.1:%d" % silent.getsockname()[1]]
        begun = time.monotonic()
        with pytest.raises(starling.Unavailable) as refused:
            starling.Client(addresses, timeout=0.4)
        assert 0.35 < time.monotonic() - begun < 2.0
    assert refused.value.retryable
    for address in addresses:
        assert address in str(refused.value)


def test_use_after_close(client, ada, chat):
    stream = ada.events()
    client.close()
    client.close()
    assert client.closed and ada.closed
    assert "closed" in repr(client) and "closed" in repr(ada)
    calls = [
        lambda: client.create_account("x", "correct horse"), lambda: client.login("ada", "x"),
        client.servers, client.primary, client.accounts, lambda: client.on_cluster_event(print),
        lambda: client.resume("t", ada.account), lambda: ada.open_direct("bob"),
        lambda: ada.send(chat.id, "x"), lambda: ada.messages(chat.id),
        lambda: ada.read_unread(chat.id), lambda: ada.mark_read(chat.id, 1),
        lambda: ada.delete_messages(chat.id, [1]), ada.conversations, ada.accounts, ada.events,
        lambda: ada.create_group("birds", []), lambda: ada.leave(chat.id), ada.sessions,
        lambda: ada.react(chat.id, 1, "x"), lambda: ada.mark_delivered({chat.id: 1}),
        ada.logout, lambda: ada.delete_account("x"), stream.next,
    ]
    for call in calls:
        with pytest.raises(starling.Closed, match="closed"):
            call()
    assert list(stream) == []
    ada.close()
    stream.close()
    assert isinstance(stream.cursor, starling.Cursor) and ada.account.name == "ada"


def parameters(function):
    return [(one.name, one.kind, one.default)
            for one in inspect.signature(function).parameters.values()]


def test_aio_has_the_same_names_and_options():
    for one in ("Client", "Session", "EventStream"):
        blocking, other = getattr(starling, one), getattr(aio, one)
        names = {name for name in vars(blocking) if not name.startswith("_")}
        assert names == {name for name in vars(other) if not name.startswith("_")}
        for name in names:
            ours, theirs = getattr(blocking, name), getattr(other, name)
            assert theirs.__doc__
            if callable(ours):
                assert parameters(ours) == parameters(theirs), name


@pytest.mark.parametrize("make", [starling.Session, starling.EventStream])
def test_what_is_only_given_out_says_where_it_comes_from(make):
    with pytest.raises(TypeError, match="come from"):
        aio.EventStream(None, None, None)
    with pytest.raises(TypeError, match="come from"):
        make(3)


def test_an_age_without_its_seconds(ada):
    with pytest.raises(TypeError, match=r"Stale\(1.0\)"):
        ada.conversations(level=starling.Stale)


def test_an_ipv6_address_needs_its_brackets():
    for bad in ("::1:5101", "[::1:5101", "[::1]5101"):
        with pytest.raises(starling.InvalidArgument, match=r"\[::1\]:5101"):
            starling.Client([bad])
