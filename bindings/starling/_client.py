"""The blocking client."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Optional, TypeVar, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._errors import Unauthenticated
from ._session import Session
from ._types import Account, ClusterEvent, Page, ReadLevel, Server, Stale

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
              timeout: Optional[float] = None) -> Session:
        """Logs in. An unknown name and a wrong password are the same `Unauthenticated`.

        `device` is a name by which people tell their sessions apart.
        """
        session = Session(_calls.login(self._core, name, password, device, timeout)(None))
        self._session = session
        return session

    def resume(self, token: str, account: Account) -> Session:
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
