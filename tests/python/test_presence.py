"""Who is online and who types: on servers that are killed, stopped and joined."""

import asyncio
import datetime
import os
import signal
import time

import pytest

import starling
from conftest import PASSWORD, Cluster, account, poll
from starling import aio
from starling import PresenceState

# What a test waits, on a machine that may be busy; printed is what it took. Three seconds are promised, and
# bench/presence.py fails when they are not kept.
WITHIN = 10.0


@pytest.fixture(scope="module")
def cluster():
    """One whose servers this file breaks."""
    cluster = Cluster()
    yield cluster
    for server in cluster.servers():
        if server["pid"] and cluster.runs(server["pid"]):
            os.kill(server["pid"], signal.SIGCONT)
    cluster.end()


def state_of(live, who):
    return next((one.state for one in live.current() if one.account_id == who.account.id), None)


def becomes(live, who, state, timeout=WITHIN):
    poll(lambda: state_of(live, who) is state, f"{who.account.name} {state}", timeout)


def test_who_is_there(ada, bob, chat):
    with ada.presence() as live:
        live.watch([bob.account.id])
        first = next(live.signals(timeout=WITHIN))
        assert first == starling.Presence(bob.account.id, PresenceState.OFFLINE, first.last_seen)
        with bob.presence() as other:
            assert next(live.signals()).state is PresenceState.ONLINE
            other.set_away(True)
            assert next(live.signals()).state is PresenceState.AWAY
            assert [one.state for one in live.current()] == [PresenceState.AWAY]
            other.typing(chat.id)
            assert next(live.signals()) == starling.Typing(chat.id, bob.account.id)
        gone = next(live.signals())
        assert gone.state is PresenceState.OFFLINE
        age = datetime.datetime.now(datetime.timezone.utc) - gone.last_seen
        assert abs(age) < datetime.timedelta(seconds=30)
        begun = time.monotonic()
        assert list(live.signals(timeout=0.3)) == []
        assert 0.2 < time.monotonic() - begun < WITHIN
    assert list(live.signals()) == []  # It is closed.


def test_strangers_and_blocked_ones_look_like_nobody(client, ada, bob, chat):
    stranger = account(client, "stranger")
    with ada.presence() as live, bob.presence(), stranger.presence() as other:
        live.watch([bob.account.id])
        becomes(live, bob, PresenceState.ONLINE)
        other.watch([bob.account.id])
        assert next(other.signals()) == starling.Presence(bob.account.id, PresenceState.OFFLINE)
        bob.set_block("ada", True)
        becomes(live, bob, PresenceState.OFFLINE)
        assert live.current()[0].last_seen is None
        bob.set_block("ada", False)
        becomes(live, bob, PresenceState.ONLINE)


def test_arguments(ada):
    with ada.presence() as live:
        for wrong in ("1", 5, [1, "2"], None):
            with pytest.raises(TypeError):
                live.watch(wrong)
        with pytest.raises(starling.InvalidArgument, match="500"):
            live.watch(range(1, 502))
        with pytest.raises(starling.InvalidArgument):
            live.watch([0])
        with pytest.raises(TypeError):
            live.set_away(1)
        with pytest.raises(starling.InvalidArgument):
            live.typing(0)
        with pytest.raises(starling.InvalidArgument):
            live.signals(timeout=0)
    with pytest.raises(TypeError, match="Session.presence"):
        starling.PresenceWatch(None)


def test_it_ends_with_its_session(client, ada):
    other = client.login("ada", PASSWORD)
    live = other.presence()
    poll(lambda: live.server, "a server")
    current = next(one for one in other.sessions() if one.current)
    ada.end_session(current.id)
    with pytest.raises(starling.Unauthenticated):
        for _ in live.signals(timeout=WITHIN):
            pass
    other.close()
    with pytest.raises(starling.Closed):
        other.presence()
    with pytest.raises(starling.Closed):
        live.watch([1])
    assert list(live.signals()) == []


def test_a_closed_watch_takes_no_more(ada):
    with ada.presence() as live:
        pass
    for use in (lambda: live.watch([1]), lambda: live.set_away(True), lambda: live.typing(1), live.current):
        with pytest.raises(starling.Closed):
            use()
    live.close()
    assert list(live.signals()) == []


def fault(cluster, kind, address):
    """Kills or stops the server there; gives what mends it, and when it was."""
    server = next(one for one in cluster.servers() if one["address"] == address)
    os.kill(server["pid"], signal.SIGKILL if kind == "kill" else signal.SIGSTOP)

    def mend():
        if kind == "kill":
            cluster.restart(server["name"])
        else:
            os.kill(server["pid"], signal.SIGCONT)
            cluster.ctl("wait", "--converged", "--timeout", "30s")

    return mend, time.monotonic()


@pytest.mark.parametrize("kind", ["kill", "pause"])
def test_who_was_at_a_server_that_goes_is_offline(cluster, kind):
    """And the other way round: it is seen again where it comes back."""
    victim, *others = cluster.addresses
    with starling.Client(others, discover=False) as here, \
            starling.Client([victim], discover=False) as there:
        ada, bob = account(here, "ada"), account(there, "bob")
        ada.open_direct("bob")
        with ada.presence() as live, bob.presence() as other:
            live.watch([bob.account.id])
            becomes(live, bob, PresenceState.ONLINE)
            assert other.server == victim
            mend, begun = fault(cluster, kind, victim)
            try:
                becomes(live, bob, PresenceState.OFFLINE)
                print(f"{kind}: offline after {time.monotonic() - begun:.2f} s")
                assert live.current()[0].last_seen is not None
            finally:
                mend()
            becomes(live, bob, PresenceState.ONLINE, 30.0)


@pytest.mark.parametrize("kind", ["kill", "pause"])
def test_who_fails_over_is_never_seen_offline(cluster, client, ada, bob, chat, kind):
    with ada.presence() as live, bob.presence() as other:
        live.watch([bob.account.id])
        becomes(live, bob, PresenceState.ONLINE)
        before = poll(lambda: other.server, "bob's server")
        mend, begun = fault(cluster, kind, before)
        try:
            poll(lambda: other.server not in (None, before), "another server", WITHIN)
            other.set_away(True)
            seen = []
            for one in live.signals(timeout=WITHIN):
                seen.append(one.state)
                if one.state is PresenceState.AWAY:
                    break
            print(f"{kind}: moved and seen away after {time.monotonic() - begun:.2f} s")
            assert seen[-1] is PresenceState.AWAY and PresenceState.OFFLINE not in seen
            time_left = begun + 3.0 - time.monotonic()  # Nor once the old server's table is dropped.
            if time_left > 0:
                assert all(one.state is not PresenceState.OFFLINE
                           for one in live.signals(timeout=time_left))
        finally:
            mend()


def test_a_joining_server_knows_who_is_online(cluster, client, ada, bob, chat):
    with bob.presence() as other:
        poll(lambda: other.server, "bob's server")
        joined = set(one["address"] for one in cluster.servers())
        cluster.ctl("join")
        cluster.ctl("wait", "--converged", "--timeout", "30s")
        new = next(one for one in cluster.servers() if one["address"] not in joined)
        with starling.Client([new["address"]], discover=False) as there:
            me = there.login("ada", PASSWORD)
            with me.presence() as live:
                live.watch([bob.account.id])
                begun = time.monotonic()
                becomes(live, bob, PresenceState.ONLINE)
                print(f"join: online after {time.monotonic() - begun:.2f} s")
                assert live.server == new["address"]
        cluster.ctl("leave", new["name"])


def test_asyncio(cluster):
    async def main():
        async with aio.Client(cluster.addresses) as client:
            for name in ("carl", "dora"):
                await client.create_account(name, PASSWORD)
            carl, dora = [await client.login(name, PASSWORD) for name in ("carl", "dora")]
            chat = await carl.open_direct("dora")
            async with carl.presence() as live:
                live.watch([dora.account.id])
                signals = live.signals(timeout=WITHIN)
                assert (await signals.__anext__()).state is PresenceState.OFFLINE
                async with dora.presence() as other:
                    assert (await signals.__anext__()).state is PresenceState.ONLINE
                    other.set_away(True)
                    assert (await signals.__anext__()).state is PresenceState.AWAY
                    other.typing(chat.id)
                    assert await signals.__anext__() == starling.Typing(chat.id, dora.account.id)
                    assert live.current()[0].state is PresenceState.AWAY
                assert (await signals.__anext__()).state is PresenceState.OFFLINE
                assert [one async for one in live.signals(timeout=0.2)] == []
                waiting = asyncio.ensure_future(live.signals().__anext__())
                await asyncio.sleep(0)
                await live.close()
                with pytest.raises(StopAsyncIteration):
                    await waiting
                for use in (lambda: live.watch([1]), lambda: live.typing(chat.id), live.current):
                    with pytest.raises(starling.Closed):
                        use()
            with pytest.raises(starling.InvalidArgument):
                carl.presence().watch(range(1, 502))

    asyncio.run(main())
