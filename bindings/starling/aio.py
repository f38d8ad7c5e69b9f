"""starling for asyncio: the names of starling.Client, Session and EventStream, as coroutines,
asynchronous iterators and asynchronous context managers.

    import asyncio
    from starling import aio

    async def main():
        async with aio.Client(["127.0.0.1:5101"]) as client:
            me = await client.login("ada", "correct horse")
            chat = await me.open_direct("bob")
            await asyncio.gather(*(me.send(chat.id, f"number {n}") for n in range(100)))
            async for event in me.events():
                print(event)

    asyncio.run(main())

No call has a thread of its own, so that thousands may wait at once; the order of sends is the order
in which they were started. Cancelling a task takes its call back. Everything of one client belongs
to one event loop.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Generator, Iterable
from types import TracebackType
from typing import Any, Optional, TypeVar, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._aio_answer import answer, call_soon, shared
from ._aio_events import EventStream
from ._aio_presence import PresenceWatch
from ._aio_session import Session
from ._errors import Closed, Unauthenticated
from ._types import Account, ClusterEvent, Page, ReadLevel, Server, Stale

__all__ = ["Client", "Session", "EventStream", "PresenceWatch"]

for _one in (Session, EventStream, PresenceWatch):
    _one.__module__ = __name__
del _one

Listener = TypeVar("Listener", bound=Callable[[ClusterEvent], object])


class Client:
    """As `starling.Client`. It connects by `async with`, by `await`, or with its first call:

        async with aio.Client(["127.0.0.1:5101"]) as client: ...
        client = await aio.Client(["127.0.0.1:5101"])
    """

    def __init__(self, addresses: Iterable[str], *, timeout: float = 10.0,
                 on_cluster_event: Optional[Callable[[ClusterEvent], object]] = None,
                 max_queued_writes: int = 4096, client_name: str = "starling-python",
                 discover: bool = True, wait_for_server: bool = True) -> None:
        self._listeners: list[Callable[[ClusterEvent], object]] = []
        if on_cluster_event is not None:
            check.callback(on_cluster_event, "on_cluster_event")
            self._listeners.append(on_cluster_event)
        # The connection must not keep this object: it would never be given up then.
        tell = weakref.WeakMethod(self._tell_from_thread)

        def tell_from_thread(event: ClusterEvent) -> None:
            method = tell()
            if method is not None:
                method(event)

        self._start = _calls.connect(addresses, timeout, tell_from_thread, max_queued_writes,
                                     client_name, discover, wait_for_server)
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._connecting: Optional[asyncio.Task[_core.Client]] = None
        self._core: Optional[_core.Client] = None
        self._session: Optional[Session] = None
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._closed = False

    def __repr__(self) -> str:
        if self.closed:
            return "<starling.aio.Client, closed>"
        if self._core is None:
            return "<starling.aio.Client, not connected yet>"
        return f"<starling.aio.Client, primary {self._core.primary()}>"

    def __await__(self) -> Generator[Any, None, Client]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Client:
        await self._connected()
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    def _tell_from_thread(self, event: ClusterEvent) -> None:
        if self._loop is not None:
            call_soon(self._loop, self._tell, event)

    def _tell(self, event: ClusterEvent) -> None:
        for listener in list(self._listeners):
            listener(event)

    async def _connected(self) -> _core.Client:
        if self._closed:
            raise Closed("The client is closed.")
        if self._core is not None:
            return self._core
        if self._connecting is None:
            self._loop = asyncio.get_running_loop()
            self._connecting = self._loop.create_task(answer(self._start))
        connecting = self._connecting
        try:
            core = await shared(connecting)
        finally:
            if connecting.done() and self._connecting is connecting:
                self._connecting = None
        if self._core is None:
            self._core = core
        if core is None or self._closed:
            raise Closed("The client is closed.")
        return core

    async def create_account(self, name: str, password: str, *,
                             display_name: Optional[str] = None,
                             timeout: Optional[float] = None) -> Account:
        """As `starling.Client.create_account`."""
        core = await self._connected()
        return cast(Account, await answer(
            _calls.create_account(core, name, password, display_name, timeout)))

    async def login(self, name: str, password: str, *, device: Optional[str] = None,
                    timeout: Optional[float] = None) -> Session:
        """As `starling.Client.login`."""
        core = await self._connected()
        session = Session(self, await answer(_calls.login(core, name, password, device, timeout)))
        self._session = session
        return session

    async def resume(self, token: str, account: Account) -> Session:
        """As `starling.Client.resume`."""
        session = Session(self, _calls.resume(await self._connected(), token, account))
        self._session = session
        return session

    async def accounts(self, pattern: str = "*", *, limit: int = 50, after: Optional[str] = None,
                       level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> Page[Account]:
        """As `starling.Client.accounts`."""
        session = self._session
        if session is None or (session.closed and not self.closed):
            raise Unauthenticated("Log in first: accounts are shown to accounts only, and "
                                  "Client.accounts asks as the one that logged in last.")
        return await session.accounts(pattern, limit=limit, after=after, level=level,
                                      timeout=timeout)

    async def servers(self) -> list[Server]:
        """As `starling.Client.servers`."""
        return (await self._connected()).servers()

    async def primary(self) -> Optional[str]:
        """As `starling.Client.primary`."""
        return (await self._connected()).primary()

    def on_cluster_event(self, callback: Listener) -> Listener:
        """Calls `callback(event)` on the event loop with every later `ClusterEvent`, in order."""
        check.callback(callback)
        if self.closed:
            raise Closed("The client is closed.")
        self._listeners.append(callback)
        return callback

    async def close(self) -> None:
        """As `starling.Client.close`."""
        if self._closed:
            return
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        core = self._core
        if core is not None:
            await answer(core.close)
        for stream in list(self._streams):
            stream._wake_up()

    @property
    def closed(self) -> bool:
        """Whether the client is of no use any more."""
        return self._closed or (self._core is not None and self._core.closed)
