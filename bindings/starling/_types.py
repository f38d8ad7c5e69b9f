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
    """What an `Event` tells. OTHER: something that this version does not know."""

    MESSAGE = "message"
    MESSAGE_DELETED = "message_deleted"
    CONVERSATION_OPENED = "conversation_opened"
    READ_MARK = "read_mark"
    ACCOUNT_DELETED = "account_deleted"
    PEER_READ = "peer_read"
    MESSAGE_EDITED = "message_edited"
    REACTION = "reaction"
    DELIVERED = "delivered"
    DRAFT = "draft"
    HIDDEN = "hidden"
    PROFILE = "profile"
    BLOCK = "block"
    OTHER = "other"


class MessageKind(enum.Enum, metaclass=QuietEnum):
    """What a `Message` is: TEXT, or a system message, which tells what its sender did to the group.
    Its body then says to whom, or what: the title (GROUP_CREATED, GROUP_RENAMED), the names
    (MEMBERS_ADDED), the name (MEMBER_REMOVED, OWNER_CHANGED, ADMIN_ADDED, ADMIN_REMOVED). OTHER:
    one that this version does not know."""

    TEXT = "text"
    GROUP_CREATED = "group_created"
    GROUP_RENAMED = "group_renamed"
    MEMBERS_ADDED = "members_added"
    MEMBER_REMOVED = "member_removed"
    MEMBER_LEFT = "member_left"
    OWNER_CHANGED = "owner_changed"
    ADMIN_ADDED = "admin_added"
    ADMIN_REMOVED = "admin_removed"
    GROUP_DISSOLVED = "group_dissolved"
    OTHER = "other"


class ConversationKind(enum.Enum, metaclass=QuietEnum):
    """Between how many a `Conversation` is: two, or the members of a group."""

    DIRECT = "direct"
    GROUP = "group"


class MemberRole(enum.Enum, metaclass=QuietEnum):
    """What a member may do in a group, each what those before it may: write; rename it, add and
    remove members, delete anybody's messages; give out roles and dissolve it."""

    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


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
    """Somebody who can log in. A deleted one keeps its id, not its name. `about`, what it says of
    itself, is told by `Session.profile` and `Session.set_profile` only."""

    id: int
    name: str
    display_name: str
    created_at: datetime
    deleted: bool = False
    about: str = field(default="", compare=False)


@dataclass(frozen=True)
class Profile(metaclass=Quiet):
    """An account as another one sees it. `blocked`: by the one that asked."""

    account: Account
    blocked: bool = False


@dataclass(frozen=True)
class SessionInfo(metaclass=Quiet):
    """One log-in of an account, on the servers. `current`: the one that asked."""

    id: int
    device: str
    created_at: datetime
    expires_at: datetime
    current: bool = False


@dataclass(frozen=True)
class Reaction(metaclass=Quiet):
    """How many reacted to a message with an emoji, and whether the account is one of them."""

    emoji: str
    count: int
    mine: bool = False


@dataclass(frozen=True)
class Message(metaclass=Quiet):
    """A stored message. `seq` numbers the messages of a conversation without gaps; `sent_at` is
    aware, in UTC. A deleted message has an empty body. `request_id` is shown to the sender only.

    `kind` tells a text from a system message, `reply_to` is the seq of the message that it answers,
    `edits` how often it was edited and `edited_at` when last. What differs from reader to reader is
    told by reads, not by events, and does not compare: whether the account has `hidden` it (then it
    has no body), whether it `mentions_me`, and its `reactions`.
    """

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
    kind: MessageKind = MessageKind.TEXT
    reply_to: Optional[int] = None
    edits: int = 0
    edited_at: Optional[datetime] = None
    hidden: bool = field(default=False, compare=False)
    mentions_me: bool = field(default=False, compare=False)
    reactions: tuple[Reaction, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Edited(metaclass=Quiet):
    """What an edit left behind; `edits` counts this one."""

    edits: int
    edited_at: datetime


@dataclass(frozen=True)
class Edit(metaclass=Quiet):
    """What a message said before one of its edits, and when that was replaced."""

    body: str
    at: datetime


@dataclass(frozen=True)
class Draft(metaclass=Quiet):
    """What the account is writing in a conversation, maybe on another device."""

    body: str
    updated_at: datetime
    reply_to: Optional[int] = None


@dataclass(frozen=True)
class Conversation(metaclass=Quiet):
    """A conversation as one account sees it.

    Attributes:
        id, kind: which one, and whether it is direct or a group.
        title: of a group; of a direct one, the other account's name.
        last_seq, first_seq: the newest message and the oldest that the account may see.
        read_seq, unread_count, mention_count: how far it has read, how many texts of others are
            behind that, and how many of those name it.
        peer_id, peer_read_seq, peer_delivered_seq: of a direct one, the other account, how far it
            has read, and how far a device of its has the messages.
        role, member_count: the account's own role, and how many there are.
        draft: what the account is writing there; None when it is not.
    """

    id: int
    title: str
    unread_count: int
    last_seq: int = 0
    read_seq: int = 0
    peer_id: int = 0
    peer_read_seq: int = 0
    kind: ConversationKind = ConversationKind.DIRECT
    peer_delivered_seq: int = 0
    role: MemberRole = MemberRole.MEMBER
    member_count: int = 0
    first_seq: int = 0
    mention_count: int = 0
    draft: Optional[Draft] = None


@dataclass(frozen=True)
class Member(metaclass=Quiet):
    """Somebody in a conversation; `read_seq` is how far it has read, `delivered_seq` how far one of
    its devices has the messages."""

    account: Account
    role: MemberRole
    joined_at: datetime
    read_seq: int = 0
    delivered_seq: int = 0


@dataclass(frozen=True)
class Event(metaclass=Quiet):
    """Something that happened, in the one order that every client sees.

    Attributes:
        kind: what; it says which of the others are there.
        cursor: where in the history; `Session.events(after=cursor)` goes on behind it.
        conversation_id: where; 0 for PROFILE and BLOCK, which are about accounts.
        message: of MESSAGE and MESSAGE_EDITED.
        seq: of the message concerned (MESSAGE, MESSAGE_EDITED, MESSAGE_DELETED, REACTION, HIDDEN),
            or how far it went (READ_MARK: this account has read; PEER_READ: `account_id` has;
            DELIVERED: a device of `account_id` has the messages).
        account_id: who read, has the messages or reacted; whose profile is new (PROFILE), who is
            blocked (BLOCK).
        text: REACTION: the emoji.
        on: REACTION: put there, or taken back. BLOCK: blocked, or no longer.

    DRAFT: the account's own draft has changed, and `Session.conversation` has it.
    """

    kind: EventKind
    cursor: Cursor
    conversation_id: int
    message: Optional[Message] = None
    seq: int = 0
    account_id: int = 0
    text: str = ""
    on: bool = False


class PresenceState(enum.Enum, metaclass=QuietEnum):
    """How an account is, over all its sessions: ONLINE when one is, AWAY when all are."""

    OFFLINE = "offline"
    AWAY = "away"
    ONLINE = "online"


@dataclass(frozen=True)
class Presence(metaclass=Quiet):
    """How an account is. One that shares no conversation with yours, or that blocks it or is blocked
    by it, is told as offline and never seen.

    Attributes:
        last_seen: OFFLINE: when its last session went; None when that is not known, as after all
            servers were down at once.
    """

    account_id: int
    state: PresenceState
    last_seen: Optional[datetime] = None


@dataclass(frozen=True)
class Typing(metaclass=Quiet):
    """Somebody types in a conversation: for about six seconds, unless it is told again."""

    conversation_id: int
    account_id: int


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
    """A list with `more`: whether there is another page behind it. Of `messages` around a seq,
    `more` tells of older ones and `more_after` of newer ones."""

    more: bool
    more_after: bool

    def __init__(self, items: Iterable[T] = (), more: bool = False,
                 more_after: bool = False) -> None:
        super().__init__(items)
        self.more = more
        self.more_after = more_after


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


@dataclass(frozen=True)
class SearchHit(metaclass=Quiet):
    """A message that `search` found, and where: `ranges` of its body, as (begin, end) of slices.

    >>> sent = me.send(chat.id, "a wigeon")
    >>> [hit.message.body[begin:end] for hit in me.search("wig*") for begin, end in hit.ranges]
    ['wigeon']
    """

    message: Message
    ranges: tuple[tuple[int, int], ...]


class SearchPage(list[SearchHit], metaclass=Quiet):  # type: ignore[misc]
    """What one `search` found, with `next_page`: what to give as its `page` for more, or None at
    the end. A page may have few hits, or none, and yet not be the last."""

    next_page: Optional[str]

    def __init__(self, items: Iterable[SearchHit] = (), next_page: Optional[str] = None) -> None:
        super().__init__(items)
        self.next_page = next_page
