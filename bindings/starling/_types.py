"""The values that starling gives and takes. They cannot be changed, can be compared, and are
shown in full by repr()."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Optional, TypeVar

from ._errors import InvalidArgument
from ._quiet import Quiet, QuietEnum

T = TypeVar("T")


class EventKind(enum.Enum, metaclass=QuietEnum):
    """What an `Event` tells."""

    MESSAGE = "message"
    MESSAGE_DELETED = "message_deleted"
    CONVERSATION_OPENED = "conversation_opened"
    READ_MARK = "read_mark"
    ACCOUNT_DELETED = "account_deleted"
    PEER_READ = "peer_read"


class ClusterEventKind(enum.Enum, metaclass=QuietEnum):
    """What a `ClusterEvent` tells."""

    CONNECTED = "connected"
    FAILOVER_STARTED = "failover_started"
    FAILED_OVER = "failed_over"
    SERVERS_CHANGED = "servers_changed"
    DEGRADED = "degraded"
    DRAINING = "draining"


class Role(enum.Enum, metaclass=QuietEnum):
    """What a server does in the cluster."""

    NONE = "none"
    PRIMARY = "primary"
    BACKUP = "backup"
    LEARNER = "learner"


class ServerState(enum.Enum, metaclass=QuietEnum):
    """Whether the primary hears a server."""

    UP = "up"
    SUSPECT = "suspect"
    DOWN = "down"


class ReadLevel(enum.Enum, metaclass=QuietEnum):
    """How fresh a read is.

    SESSION: sees everything that this session wrote and saw before, on whichever server.
    LINEARIZABLE: sees everything that anybody had written, at the price of asking a majority.
    """

    SESSION = "session"
    LINEARIZABLE = "linearizable"


@dataclass(frozen=True)
class Stale(metaclass=Quiet):
    """A read level: as `ReadLevel.SESSION`, and what others wrote is missing for at most `seconds`
    before the call, also at a server that was cut off or paused: 0.001 to 86,400, a day."""

    seconds: float

    def __post_init__(self) -> None:
        if isinstance(self.seconds, bool) or not isinstance(self.seconds, (int, float)):
            raise TypeError(
                f"seconds: a number of seconds is needed, not {type(self.seconds).__name__}")
        if not 0.001 <= self.seconds <= 86_400:  # Nor NaN.
            raise InvalidArgument(f"seconds: {self.seconds} is not between 0.001 and 86400.",
                                  field="seconds")


@dataclass(frozen=True, order=True)
class Cursor(metaclass=Quiet):
    """A place in the history of a cluster: events after it can be had again, on any server.

    It can be kept as text:

    >>> cursor = starling.Cursor(1, 42, 0, 0x9f86d081884c7d65)
    >>> str(cursor)
    '1:42:0@9f86d081884c7d65'
    >>> starling.Cursor.parse("1:42:0@9f86d081884c7d65") == cursor
    True

    By its `cluster` the servers refuse, with `Resync`, a cursor that has outlived the cluster it
    came from. One of cluster 0, `1:42:0` as text, is refused only when it lies ahead of all that
    there is.
    """

    epoch: int
    index: int
    ordinal: int
    cluster: int = 0

    def __str__(self) -> str:
        place = f"{self.epoch}:{self.index}:{self.ordinal}"
        return f"{place}@{self.cluster:016x}" if self.cluster else place

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor that str() gave; white space around it, such as a file's end of line, is no
        part of it."""
        if not isinstance(text, str):
            raise TypeError(f"text: a str is needed, not {type(text).__name__}")
        form = r"([0-9]{1,20}):([0-9]{1,20}):([0-9]{1,20})(?:@([0-9a-f]{1,16}))?"
        found = re.fullmatch(form, text.strip())
        numbers = [int(part) for part in found.groups()[:3]] if found else []
        # Of 64, 64 and 32 bits.
        if found is None or max(numbers[:2]) >= 2**64 or numbers[2] >= 2**32:
            raise InvalidArgument(f"text: {text[:80]!r} is not a cursor such as '1:42:0'.",
                                  field="text")
        return cls(numbers[0], numbers[1], numbers[2], int(found[4] or "0", 16))


@dataclass(frozen=True)
class Account(metaclass=Quiet):
    """Somebody who can log in. A deleted one keeps its id, not its name."""

    id: int
    name: str
    display_name: str
    created_at: datetime
    deleted: bool = False


@dataclass(frozen=True)
class Message(metaclass=Quiet):
    """A stored message. `seq` numbers the messages of a conversation without gaps; `sent_at` is
    aware, in UTC. A deleted message has an empty body. `request_id` is shown to the sender only."""

    id: int
    conversation_id: int
    seq: int
    sender: str
    body: str
    sent_at: datetime
    sender_id: int = 0
    deleted: bool = False
    # The same message for everybody, so it does not compare.
    request_id: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True)
class Conversation(metaclass=Quiet):
    """A conversation as one account sees it: `read_seq` is how far it has read, `peer_read_seq` how far
    the other side of a direct one has."""

    id: int
    title: str
    unread_count: int
    last_seq: int = 0
    read_seq: int = 0
    peer_id: int = 0
    peer_read_seq: int = 0


@dataclass(frozen=True)
class Event(metaclass=Quiet):
    """Something that happened, in the one order that every client sees.

    Attributes:
        kind: what; it says which of the others are there.
        cursor: where in the history; `Session.events(after=cursor)` goes on behind it.
        conversation_id: where.
        message: of MESSAGE.
        seq: of the message concerned (MESSAGE, MESSAGE_DELETED), or how far was read (READ_MARK:
            by this account; PEER_READ: by the other side).
    """

    kind: EventKind
    cursor: Cursor
    conversation_id: int
    message: Optional[Message] = None
    seq: int = 0


@dataclass(frozen=True)
class Server(metaclass=Quiet):
    """A member of the cluster, as the primary last told."""

    id: int
    address: str
    role: Role
    state: ServerState
    voter: bool = False


@dataclass(frozen=True)
class ClusterEvent(metaclass=Quiet):
    """What happened to the connection.

    Attributes:
        kind: what.
        source: FAILOVER_STARTED, FAILED_OVER: the address of the primary that was lost.
        target: CONNECTED, FAILED_OVER: the primary now. DRAINING: the server that stops soon.
        ms: FAILED_OVER: milliseconds from the loss noticed to the new primary known.
        servers: SERVERS_CHANGED: all of them.
    """

    kind: ClusterEventKind
    source: Optional[str] = None
    target: Optional[str] = None
    ms: Optional[int] = None
    servers: tuple[Server, ...] = ()


# The type checker takes list for an abstract class, with a metaclass for those.
class Page(list[T], Generic[T], metaclass=Quiet):  # type: ignore[misc]
    """A list with `more`: whether there is another page behind it."""

    more: bool

    def __init__(self, items: Iterable[T] = (), more: bool = False) -> None:
        super().__init__(items)
        self.more = more


class Unread(list[Message], metaclass=Quiet):  # type: ignore[misc]
    """The messages of one `read_unread`, with `still_unread`: how many are left, and `marked`:
    whether they are known to be marked as read."""

    still_unread: int
    marked: bool

    def __init__(self, items: Iterable[Message] = (), still_unread: int = 0,
                 marked: bool = False) -> None:
        super().__init__(items)
        self.still_unread = still_unread
        self.marked = marked
