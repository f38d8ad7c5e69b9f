"""starling.aio: completion, cancellation, streams, and no thread for each call."""

import asyncio
import gc
import os
import time

import pytest

import starling
from conftest import PASSWORD
from starling import aio


def threads():
    return len(os.listdir("/proc/self/task"))


async def login(client, name):
    try:
        await client.create_account(name, PASSWORD)
    except starling.AlreadyExists:
        pass
    return await client.login(name, PASSWORD)


async def settle(stream, session, chat):
    """As in conftest."""
    mark = (await session.send(chat, "mark")).id
    while True:
        event = await stream.next(timeout=10.0)
        if event.message and event.message.id == mark:
            return


def with_client(cluster):
    """Runs a coroutine function of (client, ada, bob, chat id) on a client of its own."""

    def decorate(work):
        async def main():
            async with aio.Client(cluster.addresses) as client:
                ada, bob = await login(client, "ada"), await login(client, "bob")
                chat = await ada.open_direct("bob")
                return await work(client, ada, bob, chat.id)

        return asyncio.run(main())

    return decorate


def test_every_operation(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        sent = await ada.send(chat, "hello")
        assert sent.body == "hello" and sent.sender == "ada"
        assert (await ada.messages(chat))[-1] == sent
        assert (await ada.messages(chat, after=sent.seq - 1)) == [sent]
        assert (await bob.conversations())[0].unread_count >= 1
        assert (await bob.read_unread(chat))[-1] == sent
        await bob.mark_read(chat, sent.seq)
        assert await ada.delete_messages(chat, [sent.seq]) == 1
        assert [one.name for one in await client.accounts("b*")] == ["bob"]
        assert len(await client.servers()) == 3 and await client.primary()
        with pytest.raises(starling.NotFound):
            await ada.open_direct("nobody")
        with pytest.raises(starling.InvalidArgument):
            await ada.messages(chat, limit=0)
        with pytest.raises(TypeError):
            await ada.send(chat, b"x")
        again = await client.resume(ada.token, ada.account)
        assert again.account == ada.account
        await again.logout()
        with pytest.raises(starling.Closed):
            await again.conversations()
        doomed = await login(client, "doomed-aio")
        await doomed.delete_account(PASSWORD)


def test_every_operation_on_groups_and_people(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        group = (await ada.create_group("birds", [])).id
        assert await ada.add_members(group, ["bob"]) == 1
        await ada.set_role(group, bob.account.id, starling.MemberRole.ADMIN)
        await bob.rename_group(group, "fowl")
        assert (await ada.conversation(group)).title == "fowl"
        assert [m.role.name for m in await ada.members(group)] == ["OWNER", "ADMIN"]
        await ada.remove_member(group, bob.account.id)
        await ada.leave(group)
        other = (await bob.create_group("other", ["ada"])).id
        await bob.dissolve_group(other)
        await bob.set_profile("Bob", "Sleeps.")
        assert (await ada.profile("bob")).account.about == "Sleeps."
        await ada.set_block("bob", True)
        assert [one.name for one in await ada.blocked()] == ["bob"]
        await ada.set_block("bob", False)
        other = await client.login("ada", PASSWORD)
        last = (await ada.sessions())[-1]
        assert not last.current
        await ada.end_session(last.id)
        with pytest.raises(starling.Unauthenticated):
            await other.conversations()
        await ada.change_password(PASSWORD, "battery staple")
        await ada.change_password("battery staple", PASSWORD)


def test_every_operation_on_messages(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        sent = await ada.send(chat, "helo")
        reply = await bob.send(chat, "what?", reply_to=sent.seq)
        assert (await ada.messages(chat, around=sent.seq, limit=2))[-1].seq <= reply.seq
        assert (await ada.edit_message(chat, sent.seq, "hello")).edits == 1
        assert [edit.body for edit in await bob.edits(chat, sent.seq)] == ["helo"]
        await bob.react(chat, sent.seq, "👍")
        assert (await ada.messages(chat, around=sent.seq, limit=1))[0].reactions[0].count == 1
        await bob.mark_delivered({chat: reply.seq})
        assert (await ada.conversation(chat)).peer_delivered_seq == reply.seq
        await ada.hide_messages(chat, [reply.seq])
        await ada.set_draft(chat, "half a")
        assert (await ada.conversation(chat)).draft.body == "half a"


def test_ways_to_connect(cluster):
    async def main():
        client = await aio.Client(cluster.addresses)
        await client.close()
        await client.close()
        with pytest.raises(starling.Closed):
            await client.servers()
        lazy = aio.Client(cluster.addresses)
        assert "not connected" in repr(lazy)
        first, second = await asyncio.gather(lazy.servers(), lazy.servers())
        assert len(first) == len(second) == 3
        await lazy.close()
        begun = time.monotonic()
        with pytest.raises(starling.Unavailable):
            async with aio.Client(["127.0.0.1:1"], timeout=0.3):
                pass
        assert time.monotonic() - begun < 2.0
        late = aio.Client(["127.0.0.1:1"], timeout=5.0)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(late.primary(), 0.1)
        waiting = [asyncio.create_task(late.primary()) for _ in range(2)]
        await asyncio.sleep(0.05)
        await late.close()
        for one in waiting:  # Not as if the tasks themselves had been cancelled.
            with pytest.raises(starling.Closed):
                await one

    asyncio.run(main())


THOUSAND = """
import asyncio, os
from starling import aio
threads = lambda: len(os.listdir("/proc/self/task"))
async def main():
    async with aio.Client(SERVERS) as client:
        ada = await client.login("ada", "correct horse")
        bob = await client.login("bob", "correct horse")
        chat = (await ada.open_direct("bob")).id
        stream = await bob.events()
        mark = (await ada.send(chat, "mark")).id
        async for event in stream:
            if event.message and event.message.id == mark: break
        tasks = [asyncio.create_task(ada.send(chat, str(n))) for n in range(1000)]
        most = 0
        while not all(task.done() for task in tasks):
            most = max(most, threads())
            await asyncio.sleep(0.002)
        seqs = [task.result().seq for task in tasks]
        assert seqs == list(range(seqs[0], seqs[0] + 1000))
        got = [(await stream.next(timeout=10.0)).message.body for _ in range(1000)]
        assert got == [str(n) for n in range(1000)]
        waits = [asyncio.create_task(bob.events().next()) for _ in range(100)]
        for _ in range(50):
            most = max(most, threads())
            await asyncio.sleep(0.01)
        print(most)
asyncio.run(main())
"""


def test_a_thousand_at_once(cluster, script):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        pass  # The accounts are there.

    code, out, err = script(THOUSAND).end(timeout=60.0)
    assert code == 0, err
    assert 0 < int(out) <= 16


FULL = """
import asyncio, os
from starling import aio
async def main():
    async with aio.Client(SERVERS) as client:
        bob = await client.login("bob", "correct horse")
        waits = [asyncio.create_task(bob.events().next()) for _ in range(1000)]
        await asyncio.sleep(1.0)
asyncio.run(main())
print("end")
"""


def test_closing_waits_for_no_stream_that_finds_no_place(cluster, script):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        pass  # The accounts are there.

    code, out, err = script(FULL).end(timeout=60.0)
    assert (code, out) == (0, "end\n"), err


def test_cancelling_frees_the_call(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        await ada.conversations()
        killed = [server["name"] for server in cluster.servers() if server["role"] != "primary"]
        for name in killed:
            cluster.ctl("kill", name)

        def read():
            return asyncio.create_task(
                ada.conversations(level=starling.ReadLevel.LINEARIZABLE, timeout=60.0))

        try:
            # Nearly as many as the client takes at once, again and again: each round needs the
            # places of the one before, which are free once the connections are done with them.
            for _ in range(3):
                reads = set()
                async with asyncio.timeout(20.0):
                    while len(reads) < 3000:
                        reads.update([read() for _ in range(3000 - len(reads))])
                        await asyncio.sleep(0.05)  # Who finds no place is told at once.
                        refused = {one for one in reads if one.done()}
                        assert all(type(one.exception()) is starling.ResourceExhausted
                                   for one in refused)
                        reads -= refused
                for one in reads:
                    one.cancel()
                ends = await asyncio.wait_for(asyncio.gather(*reads, return_exceptions=True), 10.0)
                assert all(isinstance(end, asyncio.CancelledError) for end in ends)
        finally:
            for name in killed:
                cluster.restart(name)
        assert (await ada.send(chat, "after")).body == "after"


def test_a_cancelled_wait_loses_no_event(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        stream = await bob.events()
        await settle(stream, ada, chat)
        got = []

        async def read():
            got.append((await stream.next()).message.body)

        for n in range(100):
            sending = asyncio.create_task(ada.send(chat, str(n)))
            reading = asyncio.create_task(read())
            await asyncio.sleep(n % 5 * 0.001)
            reading.cancel()
            await asyncio.gather(sending, reading, return_exceptions=True)
        while len(got) < 100:
            got.append((await stream.next(timeout=5.0)).message.body)
        assert got == [str(n) for n in range(100)]
        with pytest.raises(starling.DeadlineExceeded):
            await stream.next(timeout=0.05)


def test_a_slow_reader_gets_everything_from_bounded_memory(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        stream = await bob.events()
        await settle(stream, ada, chat)
        for start in range(0, 4000, 500):  # Beyond the queue's 1,024.
            await asyncio.gather(*(ada.send(chat, str(n)) for n in range(start, start + 500)))
        got = []
        async for event in stream:
            got.append(event.message.body)
            if len(got) == 2000:
                await asyncio.sleep(0.2)
            if len(got) == 4000:
                break
        assert got == [str(n) for n in range(4000)]
        assert stream.cursor == event.cursor
        async with bob.events(after=event.cursor) as rest:
            await ada.send(chat, "last")
            assert (await rest.next(timeout=5.0)).message.body == "last"
        async with bob.events(after=0) as everything:
            assert (await everything.next(timeout=5.0)).cursor < event.cursor


def test_a_stream_that_cannot_be_taken_up_again_says_so(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        stream = await bob.events()
        await settle(stream, ada, chat)
        async with bob.events(after=stream.cursor) as seen:
            for start in range(0, 2000, 500):  # The queue is full at 1,024, and takes no more.
                await asyncio.gather(*(ada.send(chat, str(n)) for n in range(start, start + 500)))
            while (await seen.next(timeout=10.0)).message.body != "1999":
                pass
        other = await client.resume(bob.token, bob.account)
        await other.logout()
        got = []
        async with asyncio.timeout(20.0):
            with pytest.raises(starling.Unauthenticated):
                async for event in stream:
                    got.append(event.message.body)
        # What was queued, and what the server gave that had not heard of the log-out yet.
        assert len(got) >= 1024 and got == [str(n) for n in range(len(got))]
        with pytest.raises(starling.Unauthenticated):  # Again and again.
            await stream.next(timeout=10.0)


def test_a_cursor_never_passes_what_was_not_given(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        stream = await bob.events()
        await settle(stream, ada, chat)
        first = await ada.send(chat, "first")
        assert (await stream.next(timeout=10.0)).message == first
        # More than a stream takes at once; it queues them while nobody asks.
        later = [(await ada.send(chat, str(n))).id for n in range(600)]
        done = 0
        for given in (0, 1, 255, 256, 257, 512, 600):
            while done < given:
                assert (await stream.next(timeout=10.0)).message.id == later[done]
                done += 1
            async with bob.events(after=stream.cursor) as resumed:
                if given < 600:
                    assert (await resumed.next(timeout=10.0)).message.id == later[given]


def test_a_stream_from_now_has_its_place_before_what_comes(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        for turn in range(20):
            sends = [asyncio.create_task(ada.send(chat, f"{turn} {n}")) for n in range(20)]
            stream = await bob.events()
            place = stream.cursor
            await asyncio.gather(*sends)
            last = (await ada.send(chat, "last")).id
            got = []
            for one in (stream, await bob.events(after=place)):
                ids = []
                while not ids or ids[-1] != last:
                    ids.append((await one.next(timeout=10.0)).message.id)
                got.append(ids)
                await one.close()
            assert got[0] == got[1]


def test_streams_end_with_what_they_stand_on(cluster):
    @with_client(cluster)
    async def _(client, ada, bob, chat):
        async def ends(stream, close):
            reading = asyncio.create_task(collect(stream))
            await asyncio.sleep(0.05)
            begun = time.monotonic()
            await close()
            await reading
            assert time.monotonic() - begun < 0.5

        async def collect(stream):
            return [event async for event in stream]

        stream = ada.events()
        await ends(stream, stream.close)
        await ends(bob.events(), bob.close)
        with pytest.raises(starling.Resync):
            await ada.events(after=starling.Cursor(99, 1, 0)).next(timeout=5.0)
        for turns in range(1, 5):  # Closed while it is being opened.
            opening = ada.events()
            reading = [asyncio.create_task(collect(opening)) for _ in range(2)]
            waiting = asyncio.create_task(opening.next())
            for _ in range(turns):
                await asyncio.sleep(0)
            await opening.close()
            assert await asyncio.gather(*reading) == [[], []]
            with pytest.raises(starling.Closed):
                await waiting
        # A task that is cancelled as well is still cancelled.
        opening = ada.events()
        cancelled = asyncio.create_task(collect(opening))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        cancelled.cancel()
        await opening.close()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        await ends(ada.events(), client.close)
        with pytest.raises(starling.Closed):
            await ada.conversations()


def test_cluster_events_come_on_the_loop(cluster):
    async def main():
        seen = []
        loop = asyncio.get_running_loop()

        def tell(event):
            assert asyncio.get_running_loop() is loop
            seen.append(event)

        async with aio.Client(cluster.addresses, on_cluster_event=tell) as client:
            later = []
            client.on_cluster_event(later.append)
            name = await asyncio.to_thread(cluster.kill_primary)
            await login(client, "ada")
            kinds = starling.ClusterEventKind
            async with asyncio.timeout(10.0):
                while kinds.FAILED_OVER not in [event.kind for event in later]:
                    await asyncio.sleep(0.02)
            assert seen[0].kind is kinds.CONNECTED
            over = next(event for event in later if event.kind is kinds.FAILED_OVER)
            assert over.source and over.target and over.source != over.target and over.ms >= 0
            await asyncio.to_thread(cluster.restart, name)

    asyncio.run(main())


def test_a_forgotten_client_goes(cluster):
    async def main():
        client = await aio.Client(cluster.addresses)
        await login(client, "ada")
        before = threads()
        del client
        gc.collect()
        await asyncio.sleep(0)
        gc.collect()
        assert threads() < before

    asyncio.run(main())
