"""What has outlived its cluster: cursors in files and a running client, when another cluster is made
at the same addresses."""

import random
import socket

import pytest

import starling
from conftest import PASSWORD, PATIENCE, Cluster


def three_free_ports():
    """The first of them."""
    while True:
        first = random.randrange(20_000, 30_000)
        taken = []
        try:
            for port in range(first, first + 3):
                taken.append(socket.create_server(("127.0.0.1", port)))
            return first
        except OSError:
            continue
        finally:
            for one in taken:
                one.close()


@pytest.fixture
def own():
    cluster = Cluster(three_free_ports())
    yield cluster
    cluster.end()


def chat_of(client):
    for name in ("ada", "bob"):
        client.create_account(name, PASSWORD)
    ada = client.login("ada", PASSWORD)
    return ada, ada.open_direct("bob").id


def test_a_cursor_and_a_client_outlive_their_cluster(own):
    client = starling.Client(own.addresses, timeout=PATIENCE)
    ada, chat = chat_of(client)
    for i in range(40):
        ada.send(chat, f"old {i}")
    events = ada.events(after=0)
    last = [next(events) for _ in range(40)][-1].cursor
    assert last.cluster != 0
    kept = str(last)

    own.ctl("down", "--purge")
    own.up()
    # The one that ran through it learns that its session is gone, and is of use again.
    with pytest.raises(starling.Unauthenticated):
        ada.send(chat, "to whom?")
    with pytest.raises((starling.Unauthenticated, starling.Resync)):
        for _ in events:
            pass
    ada, chat = chat_of(client)
    for i in range(60):
        ada.send(chat, f"new {i}")
    assert len(ada.messages(chat, limit=200)) == 60

    # The place of the old cursor exists here too: what lies before it would be passed over.
    with pytest.raises(starling.Resync):
        next(ada.events(after=starling.Cursor.parse(kept)))
    # Without the cluster's id only a place that cannot be is noticed; no read waits for it.
    with pytest.raises(starling.Resync):
        next(ada.events(after=starling.Cursor(1, 10**9, 0)))
    assert ada.messages(chat, limit=1)
    client.close()
