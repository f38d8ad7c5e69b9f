"""Search: what is found, where in a body, page by page, and on every server the same."""

import pytest

import starling
from conftest import PASSWORD, account
from starling import aio


def bodies(found):
    return sorted(hit.message.body for hit in found)


def test_words_phrases_and_places(ada, bob, chat):
    ada.send(chat.id, "Grüße, the blue boat sails")
    bob.send(chat.id, "a boat, not blue")
    bob.send(chat.id, "boats of 明天去北京 🎉")
    assert bodies(ada.search("BLUE boat ")) == ["Grüße, the blue boat sails", "a boat, not blue"]
    [hit] = ada.search('"blue boat"')
    assert hit.ranges == ((11, 20),)
    assert hit.message.body[11:20] == "blue boat"
    assert bodies(bob.search("grusse")) == []  # ß is a letter of its own.
    assert bodies(bob.search("grüße")) == bodies(bob.search("GRUSSE".replace("SS", "ß")))
    [hit] = bob.search("北京")
    assert [hit.message.body[b:e] for b, e in hit.ranges] == ["北京"]
    assert bodies(bob.search("🎉")) == bodies(bob.search("boats from:me"))


def test_one_sees_what_one_wrote(ada, chat):
    for n in range(20):
        sent = ada.send(chat.id, f"marker{n}")
        assert [hit.message.seq for hit in ada.search(f"marker{n}")] == [sent.seq]
        ada.edit_message(chat.id, sent.seq, f"another{n}")
        assert ada.search(f"marker{n}") == []
        ada.delete_messages(chat.id, [sent.seq])
        assert ada.search(f"another{n}") == []


def test_pages(ada, chat):
    for n in range(7):
        ada.send(chat.id, f"paged {n}")
    found, page = [], None
    while True:
        some = ada.search("paged", conversation_id=chat.id, limit=3, page=page)
        found += bodies(some)
        page = some.next_page
        if page is None:
            break
    assert sorted(found) == [f"paged {n}" for n in range(7)]


def test_what_is_refused(ada, bob, chat):
    for query in ("", "   ", "?", "before:soon", "from:", "x" * 513):
        with pytest.raises(starling.InvalidArgument) as refused:
            ada.search(query)
        assert refused.value.field == "query", query
    with pytest.raises(TypeError):
        ada.search(7)
    with pytest.raises(starling.NotFound):
        ada.search("word", conversation_id=chat.id + 1_000_000)


def test_every_server_finds_the_same(cluster, ada, bob, chat):
    for n in range(30):
        ada.send(chat.id, f"everywhere {n}")
    ada.edit_message(chat.id, ada.messages(chat.id)[-1].seq, "everywhere at last")
    wanted = bodies(ada.search("everywhere", limit=200))
    assert len(wanted) == 30
    for address in cluster.addresses:
        with starling.Client([address], discover=False) as client:
            me = client.login(ada.account.name, PASSWORD)
            found = me.search("everywhere", limit=200, level=starling.ReadLevel.LINEARIZABLE)
            assert bodies(found) == wanted, address


def test_asyncio(cluster, ada, chat):
    import asyncio

    ada.send(chat.id, "asynchronous")

    async def main():
        async with aio.Client(cluster.addresses) as client:
            me = await client.login(ada.account.name, PASSWORD)
            return bodies(await me.search("asynchronous",
                                          level=starling.ReadLevel.LINEARIZABLE))

    assert asyncio.run(main()) == ["asynchronous"]
