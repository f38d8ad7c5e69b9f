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
from datetime import datetime
from types import TracebackType
from typing import Any, Optional, TypeVar, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._aio_answer import answer, call_soon, shared
from ._aio_events import EventStream
from ._errors import Closed, Unauthenticated
from ._types import (Account, ClusterEvent, Conversation, Cursor, Message, Page, ReadLevel, Server,
                     Stale, Unread)

__all__ = ["Client", "Session", "EventStream"]

EventStream.__module__ = __name__

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


class Session:
    """As `starling.Session`; made by `Client.login`."""

    def __init__(self, client: Client, core: _core.Session) -> None:
        if not isinstance(core, _core.Session):
            raise TypeError("Sessions come from Client.login() and Client.resume()")
        self._client = client
        self._core = core

    def __repr__(self) -> str:
        closed = ", closed" if self._core.closed else ""
        return f"<starling.aio.Session of {self._core.account.name!r}{closed}>"

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    @property
    def account(self) -> Account:
        """Whose session this is."""
        return self._core.account

    @property
    def token(self) -> str:
        """A secret that takes up this session elsewhere: `Client.resume`."""
        return self._core.token

    @property
    def expires_at(self) -> Optional[datetime]:
        """As `starling.Session.expires_at`."""
        return self._core.expires_at

    @property
    def closed(self) -> bool:
        """Whether the session is of no use any more."""
        return self._core.closed

    async def open_direct(self, name: str, *, timeout: Optional[float] = None) -> Conversation:
        """As `starling.Session.open_direct`."""
        return cast(Conversation, await answer(_calls.open_direct(self._core, name, timeout)))

    async def send(self, conversation_id: int, body: str, *, request_id: Optional[bytes] = None,
                   timeout: Optional[float] = None) -> Message:
        """As `starling.Session.send`. Of several at once, the one started first is sent first."""
        return cast(Message, await answer(
            _calls.send(self._core, conversation_id, body, request_id, timeout)))

    async def messages(self, conversation_id: int, *, before: Optional[int] = None,
                       after: Optional[int] = None, limit: int = 50,
                       level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> Page[Message]:
        """As `starling.Session.messages`."""
        return cast("Page[Message]", await answer(
            _calls.messages(self._core, conversation_id, before, after, limit, level, timeout)))

    async def read_unread(self, conversation_id: int, *, limit: int = 50, mark_read: bool = True,
                          timeout: Optional[float] = None) -> Unread:
        """As `starling.Session.read_unread`."""
        return cast(Unread, await answer(
            _calls.read_unread(self._core, conversation_id, limit, mark_read, timeout)))

    async def mark_read(self, conversation_id: int, seq: int, *,
                        timeout: Optional[float] = None) -> None:
        """As `starling.Session.mark_read`."""
        await answer(_calls.mark_read(self._core, conversation_id, seq, timeout))

    async def delete_messages(self, conversation_id: int, seqs: Iterable[int], *,
                              timeout: Optional[float] = None) -> int:
        """As `starling.Session.delete_messages`."""
        return cast(int, await answer(
            _calls.delete_messages(self._core, conversation_id, seqs, timeout)))

    async def conversations(self, *, limit: int = 200, after: Optional[int] = None,
                            level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                            timeout: Optional[float] = None) -> Page[Conversation]:
        """As `starling.Session.conversations`."""
        return cast("Page[Conversation]", await answer(
            _calls.conversations(self._core, limit, after, level, timeout)))

    async def accounts(self, pattern: str = "*", *, limit: int = 50, after: Optional[str] = None,
                       level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> Page[Account]:
        """As `starling.Session.accounts`."""
        return cast("Page[Account]", await answer(
            _calls.accounts(self._core, pattern, limit, after, level, timeout)))

    def events(self, *, after: Union[Cursor, int, None] = None) -> EventStream:
        """As `starling.Session.events`, an asynchronous iterator. "From now" is when it is first
        awaited: by `async with`, by `await`, or by the first step of `async for`."""
        return EventStream(self._core, self._client._streams, check.cursor(after))

    async def logout(self, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.logout`."""
        await answer(_calls.logout(self._core, timeout))
        await self.close()

    async def delete_account(self, password: str, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.delete_account`."""
        await answer(_calls.delete_account(self._core, password, timeout))
        await self.close()

    async def close(self) -> None:
        """As `starling.Session.close`."""
        self._core.close()
        for stream in list(self._client._streams):
            stream._wake_up()
