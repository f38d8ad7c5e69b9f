"""Chat that keeps talking when servers die.

A Client is given one address and learns the rest; it hides every failover. Writes take effect
exactly once, in the order of the calls; events arrive exactly once, in one order.

    import starling

    with starling.Client(["127.0.0.1:5101"]) as client:
        for name in ("ada", "bob"):
            try:
                client.create_account(name, "correct horse")
            except starling.AlreadyExists:
                pass                          # The second time.
        me = client.login("ada", "correct horse")
        chat = me.open_direct("bob")
        sent = me.send(chat.id, "hello")

        for event in me.events(after=0):      # 0: all there ever was; None: from now
            if event.kind is starling.EventKind.MESSAGE:
                print(event.message.sender, event.message.body)
            if event.message == sent:
                break

Every failed call raises a class of starling.Error, which says by .retryable whether the same call
may succeed later, and by .may_have_happened whether a write may have taken effect all the same.
A wrong type is a TypeError. Times are seconds (float) and aware datetimes in UTC.

starling.aio has the same names for asyncio.
"""

import atexit
import os
from typing import TYPE_CHECKING, Any

from . import _core
from ._client import Client
from ._errors import (AlreadyExists, Cancelled, Closed, DeadlineExceeded, Error, InvalidArgument,
                      NotFound, PermissionDenied, ResourceExhausted, Resync, Unauthenticated,
                      Unavailable)
from ._events import EventStream
from ._presence import PresenceWatch
from ._session import Session
from ._types import (Account, ClusterEvent, ClusterEventKind, Conversation, ConversationKind,
                     Cursor, Draft, Edit, Edited, Event, EventKind, Member, MemberRole, Message,
                     MessageKind, Page, Presence, PresenceState, Profile, Reaction, ReadLevel,
                     Role, SearchHit, SearchPage, Server, ServerState, SessionInfo, Stale, Typing,
                     Unread)

if TYPE_CHECKING:
    from . import aio as aio

__all__ = [
    "Client", "Session", "EventStream", "PresenceWatch",
    "Message", "Reaction", "Edited", "Edit", "Conversation", "Draft", "Member", "Account",
    "Profile", "SessionInfo", "Event", "Cursor", "Presence", "Typing", "Server", "ClusterEvent",
    "Page", "Unread", "SearchHit", "SearchPage",
    "EventKind", "MessageKind", "ConversationKind", "MemberRole", "PresenceState",
    "ClusterEventKind", "Role", "ServerState", "ReadLevel", "Stale",
    "Error", "NotFound", "AlreadyExists", "Unauthenticated", "PermissionDenied", "InvalidArgument",
    "Unavailable", "DeadlineExceeded", "ResourceExhausted", "Cancelled", "Resync", "Closed",
]
__version__ = "0.1.0"

# They are starling.Client and so on to everybody; in which file they stand is our business.
for _name in __all__:
    globals()[_name].__module__ = __name__
del _name

# Threads of a client's must not come back into an interpreter that ends, and do not come along
# into a forked child.
atexit.register(_core.shut_down)
os.register_at_fork(after_in_child=_core.after_fork)


def __getattr__(name: str) -> Any:
    if name == "aio":  # Imported when it is first named: asyncio takes its time.
        import importlib
        return importlib.import_module("starling.aio")
    raise AttributeError(f"module 'starling' has no attribute {name!r}")
