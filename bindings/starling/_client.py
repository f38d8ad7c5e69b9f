"""The blocking client."""

from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, Optional, TypeVar, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._errors import Closed, Unauthenticated
from ._types import (Account, ClusterEvent, Conversation, Cursor, Event, Message, Page, ReadLevel,
                     Server, Stale, Unread)

Listener = TypeVar("Listener", bound=Callable[[ClusterEvent], object])


class Client:
    """A connection to a cluster. One address is enough: it learns the other servers, and hides
    every failover.

    >>> client = starling.Client(["127.0.0.1:5101"])
    >>> ada = client.create_account("doc-ada", "correct horse", display_name="Ada")
    >>> bob = client.create_account("doc-bob", "correct horse")
    >>> with client.login("doc-ada", "correct horse") as me:
    ...     chat = me.open_direct("doc-bob")
    ...     sent = me.send(chat.id, "hello")
    >>> sent.seq, sent.sender, sent.body
    (1, 'doc-ada', 'hello')
    >>> client.close()

    Any thread may use it. Every call that waits lets other threads run, ends within 100 ms on
    Ctrl-C, and takes `timeout`: the seconds that it may last over all its retries.

    A client is closed by `close()`, at the end of a `with` block, and when the interpreter ends.
    It does not survive a fork: the child gets `starling.Closed`.
    """

    def __init__(self, addresses: Iterable[str], *, timeout: float = 10.0,
                 on_cluster_event: Optional[Callable[[ClusterEvent], object]] = None,
                 max_queued_writes: int = 4096, client_name: str = "starling-python",
                 discover: bool = True, wait_for_server: bool = True) -> None:
        """Returns once a server answers; `Unavailable`, naming the addresses, when none does.

        Args:
            addresses: "HOST:PORT" of one server or several.
            timeout: seconds; of this connect, and of every call that gives none of its own.
            on_cluster_event: as for the method of that name, and it misses nothing.
            max_queued_writes: unanswered sends; one more raises ResourceExhausted.
            client_name: shown in the servers' list of clients.
            discover: False keeps to the given addresses.
            wait_for_server: False returns at once; calls wait for a server, as long as they may.
        """
        self._session: Optional[Session] = None
        self._core: _core.Client = _calls.connect(addresses, timeout, on_cluster_event,
                                                  max_queued_writes, client_name, discover,
                                                  wait_for_server)(None)

    def __repr__(self) -> str:
        if self._core.closed:
            return "<starling.Client, closed>"
        return f"<starling.Client, primary {self._core.primary()}>"

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def create_account(self, name: str, password: str, *, display_name: Optional[str] = None,
                       timeout: Optional[float] = None) -> Account:
        """Makes an account. Raises `AlreadyExists` when the name is taken.

        Names have 1 to 32 of a-z, 0-9, '.', '_' and '-'.
        """
        return cast(Account, _calls.create_account(self._core, name, password, display_name,
                                                   timeout)(None))

    def login(self, name: str, password: str, *, device: Optional[str] = None,
              timeout: Optional[float] = None) -> "Session":
        """Logs in. An unknown name and a wrong password are the same `Unauthenticated`.

        `device` is a name by which people tell their sessions apart.
        """
        session = Session(_calls.login(self._core, name, password, device, timeout)(None))
        self._session = session
        return session

    def resume(self, token: str, account: Account) -> "Session":
        """Takes up a session by the `token` of an earlier one, without asking a server: a token
        that is no longer good shows in the first call.

        >>> token, account = me.token, me.account      # kept somewhere safe
        >>> client.resume(token, account).open_direct("bob").title
        'bob'
        """
        session = Session(_calls.resume(self._core, token, account))
        self._session = session
        return session

    def accounts(self, pattern: str = "*", *, limit: int = 50, after: Optional[str] = None,
                 level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                 timeout: Optional[float] = None) -> Page[Account]:
        """As `Session.accounts`, asked by the account that logged in last through this client.
        Raises `Unauthenticated` when none did."""
        session = self._session
        if session is None or (session.closed and not self._core.closed):
            raise Unauthenticated("Log in first: accounts are shown to accounts only, and "
                                  "Client.accounts asks as the one that logged in last.")
        return session.accounts(pattern, limit=limit, after=after, level=level, timeout=timeout)

    def servers(self) -> list[Server]:
        """The members of the cluster as last heard; asks nobody.

        >>> sorted(server.role.name for server in client.servers())
        ['BACKUP', 'BACKUP', 'PRIMARY']
        """
        return self._core.servers()

    def primary(self) -> Optional[str]:
        """The address of the primary as last heard; None while there is none."""
        return self._core.primary()

    def on_cluster_event(self, callback: Listener) -> Listener:
        """Calls `callback(event)` with every later `ClusterEvent`, in order, until close.

        It runs on a thread of the client's: it must not block, and cannot make blocking calls.
        What it raises goes to sys.unraisablehook. Works as a decorator too.

        >>> @client.on_cluster_event
        ... def tell(event):
        ...     print(event.kind, event.target)
        """
        check.callback(callback)
        self._core.on_cluster_event(callback)
        return callback

    def close(self) -> None:
        """Ends every call under way (`Cancelled`) and every stream, and hangs up. Again: nothing."""
        self._core.close(None)

    @property
    def closed(self) -> bool:
        """Whether the client is of no use any more."""
        return self._core.closed


class Session:
    """A logged-in account; made by `Client.login`. Any thread may use it.

    At the end of a `with` block it is closed: its streams end and it cannot be used any more here.
    The servers keep it, so that its `token` stays good; `logout()` is what ends it there.
    """

    def __init__(self, core: Any) -> None:
        if not isinstance(core, _core.Session):
            raise TypeError("Sessions come from Client.login() and Client.resume()")
        self._core: _core.Session = core

    def __repr__(self) -> str:
        closed = ", closed" if self._core.closed else ""
        return f"<starling.Session of {self._core.account.name!r}{closed}>"

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

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
        """When the servers end the session; None for a resumed one, which is not told."""
        return self._core.expires_at

    @property
    def closed(self) -> bool:
        """Whether the session is of no use any more."""
        return self._core.closed

    def open_direct(self, name: str, *, timeout: Optional[float] = None) -> Conversation:
        """The conversation with another account, made when there is none yet.

        Raises `NotFound` when nobody has that name.

        >>> me.open_direct("bob").title
        'bob'
        """
        return cast(Conversation, _calls.open_direct(self._core, name, timeout)(None))

    def send(self, conversation_id: int, body: str, *, request_id: Optional[bytes] = None,
             timeout: Optional[float] = None) -> Message:
        """Sends a message, exactly once and in the order of the calls, whatever servers die
        meanwhile. It is stored on a majority when this returns.

        `request_id`: 16 bytes of your own that name this send; the same ones again, even after a
        crash of this process, do not send it twice but give the first outcome, or go on to it when
        a timeout came first. With another body or conversation they are an `InvalidArgument`. After
        a timeout or a cancellation, repeat them before you send anything else in that conversation,
        and within a minute: later they are refused for good, unless it had happened.

        >>> me.send(chat.id, "hello").body
        'hello'
        """
        return cast(Message, _calls.send(self._core, conversation_id, body, request_id,
                                         timeout)(None))

    def messages(self, conversation_id: int, *, before: Optional[int] = None,
                 after: Optional[int] = None, limit: int = 50,
                 level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                 timeout: Optional[float] = None) -> Page[Message]:
        """A page of the history, ascending in seq: the newest, those `before` a seq, or those
        `after` one. `.more` tells whether it goes on in that direction.

        >>> [message.seq for message in me.messages(chat.id, after=0, limit=2)]
        [1, 2]
        """
        return cast("Page[Message]", _calls.messages(self._core, conversation_id, before, after,
                                                     limit, level, timeout)(None))

    def read_unread(self, conversation_id: int, *, limit: int = 50, mark_read: bool = True,
                    timeout: Optional[float] = None) -> Unread:
        """The oldest unread messages, which the same call marks as read once it has them.
        `.still_unread` of the answer tells how many are left.

        No failover loses any: a call that raises has marked none, and when nobody can tell whether
        the mark stands, the messages are returned with `.marked` False, and may come again. But a
        call that is interrupted (Ctrl-C, or a cancelled task) may leave marked what it returned to
        nobody; where that matters, read with mark_read=False, and call `mark_read` afterwards.
        """
        return cast(Unread, _calls.read_unread(self._core, conversation_id, limit, mark_read,
                                               timeout)(None))

    def mark_read(self, conversation_id: int, seq: int, *,
                  timeout: Optional[float] = None) -> None:
        """Marks everything up to `seq` as read. A mark never goes back."""
        _calls.mark_read(self._core, conversation_id, seq, timeout)(None)

    def delete_messages(self, conversation_id: int, seqs: Iterable[int], *,
                        timeout: Optional[float] = None) -> int:
        """Deletes own messages for everybody. Returns how many were not deleted before."""
        return cast(int, _calls.delete_messages(self._core, conversation_id, seqs, timeout)(None))

    def conversations(self, *, limit: int = 200, after: Optional[int] = None,
                      level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                      timeout: Optional[float] = None) -> Page[Conversation]:
        """The account's conversations with their unread counts, in the order of their ids.
        `after` is the last id of the page before."""
        return cast("Page[Conversation]",
                    _calls.conversations(self._core, limit, after, level, timeout)(None))

    def accounts(self, pattern: str = "*", *, limit: int = 50, after: Optional[str] = None,
                 level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                 timeout: Optional[float] = None) -> Page[Account]:
        """Accounts by name, with '*' and '?' as wildcards, in name order. `after` is the last name
        of the page before.

        >>> [account.name for account in me.accounts("b?b")]
        ['bob']
        """
        return cast("Page[Account]",
                    _calls.accounts(self._core, pattern, limit, after, level, timeout)(None))

    def events(self, *, after: Union[Cursor, int, None] = None) -> "EventStream":
        """What happens from now on, or from 0, the beginning, or behind a `Cursor`: each event
        once, in the order that everybody sees, over any number of failovers.

        >>> with me.events() as events:
        ...     sent = me.send(chat.id, "are you there?")
        ...     for event in events:
        ...         print(event.kind, event.message.body)
        ...         break
        EventKind.MESSAGE are you there?
        """
        return EventStream(_core.subscribe(self._core, check.cursor(after), None))

    def logout(self, *, timeout: Optional[float] = None) -> None:
        """Ends the session on the servers, and closes it here."""
        _calls.logout(self._core, timeout)(None)
        self.close()

    def delete_account(self, password: str, *, timeout: Optional[float] = None) -> None:
        """Deletes the account for good. The messages that it sent stay, under "deleted account"."""
        _calls.delete_account(self._core, password, timeout)(None)
        self.close()

    def close(self) -> None:
        """Ends the session's streams, and its use here. Again: nothing."""
        self._core.close()


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
