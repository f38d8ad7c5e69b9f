"""Who is online and who types, for asyncio."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Optional, Union

from . import _check as check
from . import _core
from ._aio_answer import call_soon
from ._errors import Closed
from ._presence import accounts
from ._types import Presence, Typing

_LOOK_SECONDS = 1.0  # Between two looks whether a watch without signals has ended.


class PresenceWatch:
    """As `starling.PresenceWatch`; made by `Session.presence` while an event loop runs."""

    def __init__(self, session: _core.Session) -> None:
        if not isinstance(session, _core.Session):
            raise TypeError("Presence watches come from Session.presence()")
        self._loop = asyncio.get_running_loop()
        self._news: Optional[asyncio.Future[None]] = None
        self._closed = False
        loop = self._loop
        watch = weakref.ref(self)

        def wake() -> None:
            opened = watch()
            if opened is not None:
                opened._wake_up()

        self._core: _core.PresenceWatch = _core.presence(session, lambda: call_soon(loop, wake))

    def _open(self) -> _core.PresenceWatch:
        if self._closed:
            raise Closed("The presence watch is closed.")
        return self._core

    async def __aenter__(self) -> PresenceWatch:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

    def _wake_up(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def watch(self, account_ids: Iterable[int]) -> None:
        """As `starling.PresenceWatch.watch`."""
        self._open().watch(accounts(account_ids))

    def set_away(self, away: bool) -> None:
        """As `starling.PresenceWatch.set_away`."""
        self._open().set_away(check.flag("away", away))

    def typing(self, conversation_id: int) -> None:
        """As `starling.PresenceWatch.typing`."""
        self._open().typing(check.identity("conversation_id", conversation_id))

    def signals(self, *,
                timeout: Optional[float] = None) -> AsyncIterator[Union[Presence, Typing]]:
        """As `starling.PresenceWatch.signals`."""
        seconds = check.seconds(timeout)

        async def each() -> AsyncIterator[Union[Presence, Typing]]:
            loop = asyncio.get_running_loop()
            until = None if seconds is None else loop.time() + seconds
            while not self._closed:
                signals = self._core.take_now()
                if signals is None:
                    return
                for signal in signals:
                    yield signal
                if signals:
                    until = None if seconds is None else loop.time() + seconds
                    continue
                if until is not None and loop.time() >= until:
                    return
                await self._wait_for_news(until)

        return each()

    async def _wait_for_news(self, until: Optional[float]) -> None:
        loop = asyncio.get_running_loop()
        if self._news is None or self._news.done():
            self._news = loop.create_future()
        wait = _LOOK_SECONDS if until is None else min(_LOOK_SECONDS, max(0.0, until - loop.time()))
        look = loop.call_later(wait, self._wake_up)
        try:
            await asyncio.shield(self._news)
        finally:
            look.cancel()

    def current(self) -> list[Presence]:
        """As `starling.PresenceWatch.current`."""
        return self._open().current()

    @property
    def server(self) -> Optional[str]:
        """As `starling.PresenceWatch.server`."""
        return self._core.server()

    async def close(self) -> None:
        """As `starling.PresenceWatch.close`."""
        self._closed = True
        self._core.close()
        self._wake_up()
