"""The events of the blocking client."""

from types import TracebackType
from typing import Any, Optional

from . import _check as check
from . import _core
from ._errors import Closed
from ._types import Cursor, Event


class EventStream:
    """The events of a session, an iterator; made by `Session.events`. The iteration waits for the
    next event, and ends when the stream, its session or its client is closed.

    It raises `Resync` when the cursor is too old or of another history, and `Unauthenticated` when
    the session ended.
    """

    def __init__(self, core: Any) -> None:
        if not isinstance(core, _core.Subscription):
            raise TypeError("Event streams come from Session.events()")
        self._core: _core.Subscription = core

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def __iter__(self) -> "EventStream":
        return self

    def __next__(self) -> Event:
        event = self._core.next(None)
        if event is None:
            raise StopIteration
        return event

    def next(self, *, timeout: Optional[float] = None) -> Event:
        """The next event; `DeadlineExceeded` when none comes in time, `Closed` at the end.

        >>> me.events().next(timeout=0.1)
        Traceback (most recent call last):
            ...
        starling.DeadlineExceeded: No event came in time.
        """
        event = self._core.next(check.seconds(timeout))
        if event is None:
            raise Closed("The event stream is closed.")
        return event

    @property
    def cursor(self) -> Cursor:
        """Where to go on later, in another process too: behind the last event given out."""
        return self._core.cursor()

    def close(self) -> None:
        """Ends the stream. Again: nothing."""
        self._core.close()
