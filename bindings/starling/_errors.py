"""The errors of starling, and how the C++ side makes them."""

from typing import Any

from ._quiet import Quiet


class Error(Exception, metaclass=Quiet):
    """What every failed call raises; the classes below say why.

    Attributes:
        retryable: the same call may succeed later.
        may_have_happened: a write whose outcome is not known: it may have taken effect, or may
            still do so.
    """

    retryable: bool
    may_have_happened: bool

    def __init__(self, message: str = "", *, retryable: bool = False,
                 may_have_happened: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.may_have_happened = may_have_happened


class InvalidArgument(Error):
    """A value that cannot be: `field` names the parameter."""

    field: str

    def __init__(self, message: str = "", *, field: str = "", retryable: bool = False,
                 may_have_happened: bool = False) -> None:
        super().__init__(message, retryable=retryable, may_have_happened=may_have_happened)
        self.field = field


class NotFound(Error):
    """No such account, conversation or message."""


class AlreadyExists(Error):
    """The name is taken."""


class Unauthenticated(Error):
    """No session, or it ended; also a wrong name or password."""


class PermissionDenied(Error):
    """The account may not do that."""


class Unavailable(Error):
    """No server, or no primary, could be reached in time."""


class DeadlineExceeded(Error):
    """The answer did not come within the timeout. `may_have_happened` tells of a write whether it
    may have taken effect."""


class ResourceExhausted(Error):
    """A bounded queue is full: wait for some of the calls under way, and try again."""


class Cancelled(Error):
    """The call was ended before its answer, for example because its client was closed."""


class Resync(Error):
    """The cursor is too old, or of another history: take the state anew (`Session.messages`), and
    begin the events from now."""


class Closed(Error):
    """The client, session or stream was closed before, or belongs to the parent of a fork."""


_ALL: tuple[type[Error], ...] = (
    Error, InvalidArgument, NotFound, AlreadyExists, Unauthenticated, PermissionDenied, Unavailable,
    DeadlineExceeded, ResourceExhausted, Cancelled, Resync, Closed)
_CLASSES = {one.__name__: one for one in _ALL}

# Parameters that have another name on the C++ side.
_FIELDS = {"after_name": "after"}


def from_core(name: str, message: str, retryable: bool, may_have_happened: bool,
              field: str) -> Error:
    """The exception that the C++ side wants; it raises it itself."""
    more: dict[str, Any] = {}
    if name == "InvalidArgument":
        more["field"] = _FIELDS.get(field, field)
        message = message.replace(f"{field}:", f"{more['field']}:")
    return _CLASSES[name](message, retryable=retryable, may_have_happened=may_have_happened,
                          **more)
