"""What section 10 of the design promises, against a real cluster."""

import copy
import datetime
import pickle
import threading

import pytest

import starling
from conftest import PASSWORD, account, settle


def test_accounts(client):
    made = client.create_account("grace", PASSWORD, display_name="Grace")
    assert (made.name, made.display_name, made.deleted) == ("grace", "Grace", False)
    assert made.created_at.tzinfo is datetime.timezone.utc
    with pytest.raises(starling.AlreadyExists) as taken:
        client.create_account("grace", PASSWORD)
    assert not taken.value.retryable and not taken.value.may_have_happened
    for name, password in (("grace", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(starling.Unauthenticated):
            client.login(name, password)
    grace = client.login("grace", PASSWORD, device="laptop")
    assert grace.account == made
    assert grace.expires_at > datetime.datetime.now(datetime.timezone.utc)


def test_client_accounts_asks_as_the_last_login(cluster):
    with starling.Client(cluster.addresses) as client:
        with pytest.raises(starling.Unauthenticated, match="Log in first"):
            client.accounts("a*")
        account(client, "ada")
        bob = account(client, "bob")
        assert [one.name for one in client.accounts("ad?", limit=50)] == ["ada"]
        page = client.accounts(limit=1)
        assert [one.name for one in page] == ["ada"] and page.more
        assert client.accounts("*", after="ada")[0].name == "bob"
        bob.close()
        with pytest.raises(starling.Unauthenticated, match="Log in first"):
            client.accounts("a*")


def test_messages(ada, bob, chat):
    assert chat == ada.open_direct("bob") and chat.title == "bob"
    before = datetime.datetime.now(datetime.timezone.utc)
    sent = ada.send(chat.id, "grüße 🐦")
    assert (sent.conversation_id, sent.sender, sent.body) == (chat.id, "ada", "grüße 🐦")
    assert abs(sent.sent_at - before) < datetime.timedelta(seconds=30)
    assert sent.sent_at.utcoffset() == datetime.timedelta(0)
    for n in range(5):
        assert ada.send(chat.id, str(n)).seq == sent.seq + 1 + n
    assert bob.conversations()[0].unread_count >= 6
    newest = ada.messages(chat.id, before=None, limit=3)
    assert [m.body for m in newest] == ["2", "3", "4"] and newest.more
    assert [m.body for m in ada.messages(chat.id, before=newest[0].seq, limit=2)] == ["0", "1"]
    assert ada.messages(chat.id, after=sent.seq - 1, limit=1) == [sent]
    assert ada.messages(chat.id, level=starling.ReadLevel.LINEARIZABLE)[-1].body == "4"
    assert ada.messages(chat.id, level=starling.Stale(0.001))[-1].body == "4"
    assert ada.messages(chat.id, level=starling.Stale(5))[-1].body == "4"
    unread = bob.read_unread(chat.id, limit=200)
    assert unread[-1].body == "4" and unread.still_unread == 0
    ada.send(chat.id, "one more")
    seen = bob.read_unread(chat.id, mark_read=False)
    assert seen[0].body == "one more" and unread.marked and not seen.marked
    bob.mark_read(chat.id, ada.messages(chat.id, limit=1)[0].seq)
    assert bob.read_unread(chat.id) == []
    assert ada.delete_messages(chat.id, [sent.seq]) == 1
    assert ada.delete_messages(chat.id, [sent.seq]) == 0
    gone = ada.messages(chat.id, after=sent.seq - 1, limit=1)[0]
    assert gone.deleted and gone.body == ""


def test_a_request_id_sends_once(ada, bob, chat):
    first = ada.send(chat.id, "once", request_id=b"0123456789abcdef")
    again = ada.send(chat.id, "once", request_id=b"0123456789abcdef")
    assert first == again
    stored = [m for m in ada.messages(chat.id) if m.body == "once"]
    assert [m.request_id for m in (first, *stored)] == [b"0123456789abcdef"] * 2
    assert "request_id" not in repr(first)
    others = [m for m in bob.messages(chat.id) if m.body == "once"]
    assert others == [stored[0]] and others[0].request_id == b""
    with pytest.raises(starling.InvalidArgument) as other:
        ada.send(chat.id, "other", request_id=b"0123456789abcdef")
    assert other.value.field == "request_id"
    assert not other.value.retryable and not other.value.may_have_happened
    assert ada.send(chat.id, "next").seq == first.seq + 1


def test_events(ada, bob, chat):
    with bob.events() as now:
        settle(now, ada, chat)
        sent = ada.send(chat.id, "look")
        event = now.next(timeout=5.0)
        assert event.kind is starling.EventKind.MESSAGE and event.message == sent
        assert (event.seq, event.conversation_id) == (sent.seq, chat.id)
        assert now.cursor == event.cursor
        after = [ada.send(chat.id, str(n)).id for n in range(20)]
        bob.mark_read(chat.id, sent.seq)
        assert ada.conversations()[0].peer_read_seq == sent.seq
        assert bob.conversations()[0].peer_read_seq == 0
        with ada.events(after=event.cursor) as hers:
            told = [hers.next(timeout=5.0) for _ in range(21)][-1]
            assert (told.kind, told.seq) == (starling.EventKind.PEER_READ, sent.seq)
        ada.delete_messages(chat.id, [sent.seq])
        kinds = [now.next(timeout=5.0).kind for _ in range(22)]
        assert set(kinds[20:]) == {starling.EventKind.READ_MARK,
                                   starling.EventKind.MESSAGE_DELETED}
    assert list(now) == []
    with bob.events(after=event.cursor) as resumed:
        assert [resumed.next(timeout=5.0).message.id for _ in range(20)] == after
    with bob.events(after=starling.Cursor.parse(str(event.cursor))) as resumed:
        assert resumed.next(timeout=5.0).message.id == after[0]
    with bob.events(after=0) as everything:
        first = everything.next(timeout=5.0)
        assert first.kind is starling.EventKind.CONVERSATION_OPENED
    with bob.events() as quiet:
        settle(quiet, ada, chat)
        with pytest.raises(starling.DeadlineExceeded):
            quiet.next(timeout=0.05)


def test_events_of_another_history_say_so(bob):
    with pytest.raises(starling.Resync):
        next(bob.events(after=starling.Cursor(99, 1, 0)))


def test_an_iteration_ends_with_stream_session_or_client(cluster):
    for close in (lambda client, session, stream: stream.close(),
                  lambda client, session, stream: session.close(),
                  lambda client, session, stream: client.close()):
        with starling.Client(cluster.addresses) as client:
            session = account(client, "ada")
            stream = session.events()
            threading.Timer(0.1, close, (client, session, stream)).start()
            list(stream)


def test_servers_and_primary(client, cluster):
    servers = client.servers()
    assert sorted(one.address for one in servers) == sorted(cluster.addresses)
    assert all(one.voter and one.state is starling.ServerState.UP for one in servers)
    primary = next(one for one in servers if one.role is starling.Role.PRIMARY)
    assert client.primary() == primary.address


def test_a_session_closes_quietly_and_logs_out_aloud(client):
    with account(client, "ada") as ada:
        token, who = ada.token, ada.account
    with pytest.raises(starling.Closed, match="session is closed"):
        ada.conversations()
    again = client.resume(token, who)
    assert again.account == who
    assert again.expires_at is None  # Nobody told it.
    again.conversations()
    again.logout()
    with pytest.raises(starling.Unauthenticated):
        client.resume(token, who).conversations()


def test_delete_account(client):
    doomed = account(client, "doomed")
    with pytest.raises(starling.Error):
        doomed.delete_account("wrong")
    doomed.delete_account(PASSWORD)
    with pytest.raises(starling.Unauthenticated):
        client.login("doomed", PASSWORD)


def test_values_are_values(ada, chat):
    sent = ada.send(chat.id, "hello")
    with pytest.raises(AttributeError):
        sent.body = "other"
    for value in (sent, chat, ada.account, starling.Cursor(1, 2, 3),
                  starling.Event(starling.EventKind.MESSAGE, starling.Cursor(1, 2, 3), 1, sent)):
        assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
        assert hash(value) == hash(copy.copy(value))
        assert repr(value).startswith(type(value).__name__ + "(")
    assert "body='hello'" in repr(sent)
    assert starling.Cursor(1, 2, 3) < starling.Cursor(1, 3, 0)
    error = starling.InvalidArgument("no", field="name", retryable=True)
    assert pickle.loads(pickle.dumps(error)).field == "name"


def test_many_threads(ada, chat):
    bodies = [f"{thread}:{n}" for thread in range(16) for n in range(25)]
    failures = []

    def work(mine):
        try:
            for body in mine:
                ada.send(chat.id, body)
                ada.conversations()
        except BaseException as error:  # Shown below, in the test's own thread.
            failures.append(error)

    threads = [threading.Thread(target=work, args=(bodies[n * 25:(n + 1) * 25],))
               for n in range(16)]
    with ada.events() as events:
        settle(events, ada, chat)
        for thread in threads:
            thread.start()
        got = [events.next(timeout=10.0).message.body for _ in bodies]
        for thread in threads:
            thread.join()
    assert not failures
    assert sorted(got) == sorted(bodies)
    for n in range(16):
        mine = [body for body in got if body.startswith(f"{n}:")]
        assert mine == [f"{n}:{k}" for k in range(25)]
