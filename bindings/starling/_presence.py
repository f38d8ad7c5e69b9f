"""Who is online and who types, for the blocking client."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Optional, Union

from . import _check as check
from . import _core
from ._errors import Closed
from ._types import Presence, Typing

MAX_WATCHED = 500


def accounts(values: Any) -> list[int]:
    ids = check.numbers("account_ids", values)
    if len(ids) > MAX_WATCHED:
        raise check.invalid("account_ids", f"{len(ids)} are too many; {MAX_WATCHED} can be watched.")
    return ids


class PresenceWatch:
    """While it lives its session is online; made by `Session.presence`. It fails over by itself, and
    others do not see it go meanwhile. At the end of a `with` block the session is no longer online
    by it."""

    def __init__(self, core: Any) -> None:
        if not isinstance(core, _core.PresenceWatch):
            raise TypeError("Presence watches come from Session.presence()")
        self._core: _core.PresenceWatch = core
        self._closed = False

    def _open(self) -> _core.PresenceWatch:
        if self._closed:
            raise Closed("The presence watch is closed.")
        return self._core

    def __enter__(self) -> "PresenceWatch":
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def watch(self, account_ids: Iterable[int]) -> None:
        """Whose presence is wanted, in place of whom was named before: 500 at most. How each of them
        is comes as a signal once, then every change."""
        self._open().watch(accounts(account_ids))

    def set_away(self, away: bool) -> None:
        """Whether this session is away; at first it is not."""
        self._open().set_away(check.flag("away", away))

    def typing(self, conversation_id: int) -> None:
        """Tells the other members that the account types now. Call it while it does, as often as you
        like: a notice goes out every two seconds at most, and none in the second after a message of
        the account there."""
        self._open().typing(check.identity("conversation_id", conversation_id))

    def signals(self, *, timeout: Optional[float] = None) -> Iterator[Union[Presence, Typing]]:
        """A `Presence` for every change of somebody watched, and a `Typing` for everybody who types,
        as they come. The iteration ends when none has come for `timeout` seconds, and when the
        watch, its session or its client is closed. It raises `Unauthenticated` when the session
        ended."""
        seconds = check.seconds(timeout)

        def each() -> Iterator[Union[Presence, Typing]]:
            while True:
                signals = self._core.take(seconds)
                if not signals:
                    return
                yield from signals

        return each()

    def current(self) -> list[Presence]:
        """How those watched are, by account id, as far as that has been told."""
        return self._open().current()

    @property
    def server(self) -> Optional[str]:
        """The address of the server that answers now; None while none does."""
        return self._core.server()

    def close(self) -> None:
        """The session is not online any more by this watch. Again: nothing."""
        self._closed = True
        self._core.close()
