"""Events for asyncio."""

from __future__ import annotations

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterator, Generator
from types import TracebackType
from typing import Any, Optional

from . import _check as check
from . import _core
from ._aio_answer import answer, call_soon, shared
from ._errors import Closed, DeadlineExceeded, Error
from ._types import Cursor, Event

_BATCH = 256  # Events taken from the queue at once.
_LOOK_SECONDS = 1.0  # Between two looks whether a stream without events has ended.


class EventStream(AsyncIterator[Event]):
    """As `starling.EventStream`; made by `Session.events`. Cancelling a task that waits for the next
    event loses none."""

    def __init__(self, session: _core.Session, streams: weakref.WeakSet[EventStream],
                 after: Optional[tuple[int, int, int, int]]) -> None:
        if not isinstance(session, _core.Session):
            raise TypeError("Event streams come from Session.events()")
        self._session = session
        self._after = after
        self._feed: Optional[_core.Feed] = None
        self._opening: Optional[asyncio.Task[_core.Feed]] = None
        self._taken: deque[Event] = deque()
        self._place: Optional[Cursor] = None  # Behind the last event given out.
        self._news: Optional[asyncio.Future[None]] = None
        self._closed = False
        streams.add(self)

    def __await__(self) -> Generator[Any, None, EventStream]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> EventStream:
        await self._opened()
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    async def _opened(self) -> _core.Feed:
        if self._feed is not None:
            return self._feed
        if self._opening is None:
            loop = asyncio.get_running_loop()
            stream = weakref.ref(self)

            def wake() -> None:
                opened = stream()
                if opened is not None:
                    opened._wake_up()

            def start(done: Any) -> Any:
                return _core.feed(self._session, self._after,
                                  lambda: call_soon(loop, wake), done)

            self._opening = loop.create_task(answer(start))
        opening = self._opening
        try:
            feed = await shared(opening)
        finally:
            if opening.done() and self._opening is opening:
                self._opening = None
        if feed is None:
            raise Closed("The event stream is closed.")
        if self._feed is None:
            self._feed = feed
            self._place = feed.cursor()
        if self._closed:
            feed.close()
        return self._feed

    def _wake_up(self) -> None:
        """Has whoever waits look again; for the session and client."""
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        event = await self._next()
        if event is None:
            raise StopAsyncIteration
        return event

    async def next(self, *, timeout: Optional[float] = None) -> Event:
        """As `starling.EventStream.next`."""
        try:
            event = await asyncio.wait_for(self._next(), check.seconds(timeout))
        except asyncio.TimeoutError:
            raise DeadlineExceeded("No event came in time.") from None
        if event is None:
            raise Closed("The event stream is closed.")
        return event

    async def _next(self) -> Optional[Event]:
        if self._closed:
            return None
        try:
            feed = await self._opened()
        except Closed:
            if not self._closed:
                raise
            return None
        while not self._taken:
            events = feed.take(_BATCH)
            if events is None:
                return None
            if not events:
                await self._wait_for_news()
                continue
            self._taken.extend(events)
            await asyncio.sleep(0)  # A stream that never runs dry lets others run too.
        event = self._taken.popleft()
        self._place = event.cursor
        return event

    async def _wait_for_news(self) -> None:
        loop = asyncio.get_running_loop()
        if self._news is None or self._news.done():
            self._news = loop.create_future()
        look = loop.call_later(_LOOK_SECONDS, self._wake_up)
        try:
            await asyncio.shield(self._news)
        finally:
            look.cancel()

    @property
    def cursor(self) -> Cursor:
        """As `starling.EventStream.cursor`."""
        if self._feed is None or self._place is None:
            if self._after is None:
                raise Error("The event stream has not begun: await it first.")
            return Cursor(*self._after)
        return self._place if self._taken else self._feed.cursor()

    async def close(self) -> None:
        """As `starling.EventStream.close`."""
        self._closed = True
        self._taken.clear()
        if self._opening is not None:
            self._opening.cancel()
        if self._feed is not None:
            self._feed.close()
        self._wake_up()
