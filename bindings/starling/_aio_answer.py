"""How a call of the C++ side becomes something to await."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Optional, TypeVar

from ._calls import Start

_T = TypeVar("_T")


def call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[..., object],
               *arguments: Any) -> None:
    try:
        loop.call_soon_threadsafe(callback, *arguments)
    except RuntimeError:
        pass  # The loop is closed: nobody waits any more.


def _settle(future: asyncio.Future[Any], value: Any, error: Optional[BaseException]) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


async def answer(start: Start) -> Any:
    """Starts a call and waits for its answer. Cancelled, it takes the call back."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()
    call = start(lambda value, error: call_soon(loop, _settle, future, value, error))
    try:
        return await future
    except asyncio.CancelledError:
        call.cancel()
        raise


async def shared(task: asyncio.Task[_T]) -> Optional[_T]:
    """Waits for a task that others wait for too: one's end must not end it for them. None when it
    was cancelled itself, which is no cancellation of those who wait."""
    await asyncio.wait({task})
    return None if task.cancelled() else task.result()
