"""A session of the blocking client: what a logged-in account can do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Optional, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._events import EventStream
from ._presence import PresenceWatch
from ._types import (Account, Conversation, Cursor, Edit, Edited, Member, MemberRole, Message, Page,
                     Profile, ReadLevel, SearchPage, SessionInfo, Stale, Unread)


class Session:
    """A logged-in account; made by `Client.login`. Any thread may use it.

    A conversation that the account is not in is `NotFound`, as one that does not exist; what its
    role, or somebody's block, does not allow is `PermissionDenied`.

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

    def send(self, conversation_id: int, body: str, *, reply_to: Optional[int] = None,
             request_id: Optional[bytes] = None, timeout: Optional[float] = None) -> Message:
        """Sends a message, exactly once and in the order of the calls, whatever servers die
        meanwhile. It is stored on a majority when this returns. `reply_to`: the seq of an earlier
        message that it answers.

        `request_id`: 16 bytes of your own that name this send; the same ones again, even after a
        crash of this process, do not send it twice but give the first outcome, or go on to it when
        a timeout came first. With another body or conversation they are an `InvalidArgument`. After
        a timeout or a cancellation, repeat them before you send anything else in that conversation,
        and within a minute: later they are refused for good, unless it had happened.

        >>> me.send(chat.id, "hello").body
        'hello'
        """
        return cast(Message, _calls.send(self._core, conversation_id, body, reply_to, request_id,
                                         timeout)(None))

    def messages(self, conversation_id: int, *, before: Optional[int] = None,
                 after: Optional[int] = None, around: Optional[int] = None, limit: int = 50,
                 level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                 timeout: Optional[float] = None) -> Page[Message]:
        """A page of the history, ascending in seq: the newest, those `before` a seq, those `after`
        one, or those `around` one, which then stands in the middle. `.more` tells whether it goes
        on in that direction; around a seq, `.more` of older and `.more_after` of newer ones.

        >>> [message.seq for message in me.messages(chat.id, after=0, limit=2)]
        [1, 2]
        """
        return cast("Page[Message]", _calls.messages(self._core, conversation_id, before, after,
                                                     around, limit, level, timeout)(None))

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

    def mark_delivered(self, marks: Mapping[int, int], *, timeout: Optional[float] = None) -> None:
        """Tells that the messages have reached this device, in up to 200 conversations at once:
        `marks` has the last seq of each, by its id. Marks never go back; those of conversations
        that the account is not in count for nothing."""
        _calls.mark_delivered(self._core, marks, timeout)(None)

    def delete_messages(self, conversation_id: int, seqs: Iterable[int], *,
                        timeout: Optional[float] = None) -> int:
        """Deletes up to 200 messages for everybody: own ones, and anybody's as an admin of a group.
        All or none of them. Returns how many were not deleted before."""
        return cast(int, _calls.delete_messages(self._core, conversation_id, seqs, timeout)(None))

    def hide_messages(self, conversation_id: int, seqs: Iterable[int], *,
                      timeout: Optional[float] = None) -> None:
        """Hides up to 200 messages from this account, for good."""
        _calls.hide_messages(self._core, conversation_id, seqs, timeout)(None)

    def edit_message(self, conversation_id: int, seq: int, body: str, *,
                     timeout: Optional[float] = None) -> Edited:
        """Gives an own message another body. What it said before is kept: `edits`.

        >>> sent = me.send(chat.id, "helo")
        >>> me.edit_message(chat.id, sent.seq, "hello").edits
        1
        >>> [edit.body for edit in me.edits(chat.id, sent.seq)]
        ['helo']
        """
        return cast(Edited, _calls.edit_message(self._core, conversation_id, seq, body,
                                                timeout)(None))

    def edits(self, conversation_id: int, seq: int, *,
              level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
              timeout: Optional[float] = None) -> list[Edit]:
        """What a message said before each of its edits, oldest first."""
        return cast("list[Edit]", _calls.edits(self._core, conversation_id, seq, level,
                                               timeout)(None))

    def react(self, conversation_id: int, seq: int, emoji: str, on: bool = True, *,
              timeout: Optional[float] = None) -> None:
        """Puts an emoji, of 1 to 32 bytes, on a message; with `on` False, takes the own one back.

        >>> me.react(chat.id, 1, "🐦")
        >>> me.messages(chat.id, around=1)[0].reactions
        (Reaction(emoji='🐦', count=1, mine=True),)
        """
        _calls.react(self._core, conversation_id, seq, emoji, on, timeout)(None)

    def set_draft(self, conversation_id: int, body: str, *, reply_to: Optional[int] = None,
                  timeout: Optional[float] = None) -> None:
        """Keeps what the account is writing for its other devices: `Conversation.draft`. An empty
        body: nothing any more."""
        _calls.set_draft(self._core, conversation_id, body, reply_to, timeout)(None)

    def search(self, query: str, *, conversation_id: Optional[int] = None, limit: int = 50,
               page: Optional[str] = None, level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
               timeout: Optional[float] = None) -> SearchPage:
        """The messages that the account may see and that fit `query`: words, all of which have to
        be there, in whatever case, accents or not; "a phrase"; wor* for the beginning of a word, as
        the last word is by itself; from:ada (or from:me), in:bob or in:"the title",
        before:2026-11-26, after:2026-11-26 (days of UTC, themselves left out). Two characters of
        Chinese are enough.

        The best of the newest thousand come first, then older ones. `.next_page` of the answer,
        given as `page`, brings more.

        >>> sent = me.send(chat.id, "I saw a kestrel")
        >>> [hit.message.body for hit in me.search("kestrel from:me")]
        ['I saw a kestrel']
        """
        return cast(SearchPage, _calls.search(self._core, query, conversation_id, limit, page,
                                              level, timeout)(None))

    def conversations(self, *, limit: int = 200, after: Optional[int] = None,
                      level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                      timeout: Optional[float] = None) -> Page[Conversation]:
        """The account's conversations with their unread counts, in the order of their ids.
        `after` is the last id of the page before."""
        return cast("Page[Conversation]",
                    _calls.conversations(self._core, limit, after, level, timeout)(None))

    def conversation(self, conversation_id: int, *,
                     level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                     timeout: Optional[float] = None) -> Conversation:
        """One conversation. Raises `NotFound` when the account is not in it."""
        return cast(Conversation,
                    _calls.conversation(self._core, conversation_id, level, timeout)(None))

    def create_group(self, title: str, names: Iterable[str], *,
                     timeout: Optional[float] = None) -> Conversation:
        """A group of the account, its owner, and up to 200 others. Each change to a group leaves a
        system message in it (`MessageKind`). Raises `NotFound` when nobody has one of the names.

        >>> group = me.create_group("birds", ["bob"])
        >>> group.title, group.kind.name, group.role.name, group.member_count
        ('birds', 'GROUP', 'OWNER', 2)
        """
        return cast(Conversation, _calls.create_group(self._core, title, names, timeout)(None))

    def add_members(self, conversation_id: int, names: Iterable[str], *,
                    timeout: Optional[float] = None) -> int:
        """Adds up to 200 to a group; by its admins and its owner. Who is in it already is passed
        over; returns how many were not."""
        return cast(int, _calls.add_members(self._core, conversation_id, names, timeout)(None))

    def remove_member(self, conversation_id: int, account_id: int, *,
                      timeout: Optional[float] = None) -> None:
        """Takes somebody with a lesser role than the account's out of a group."""
        _calls.remove_member(self._core, conversation_id, account_id, timeout)(None)

    def leave(self, conversation_id: int, *, timeout: Optional[float] = None) -> None:
        """Takes the account itself out of a group. A group that its owner leaves goes to the
        longest-standing admin, or else to the longest-standing member; the last one ends it."""
        _calls.leave(self._core, conversation_id, timeout)(None)

    def set_role(self, conversation_id: int, account_id: int, role: MemberRole, *,
                 timeout: Optional[float] = None) -> None:
        """Gives a member of a group its role; by the owner, who becomes an admin by making somebody
        else the owner."""
        _calls.set_role(self._core, conversation_id, account_id, role, timeout)(None)

    def rename_group(self, conversation_id: int, title: str, *,
                     timeout: Optional[float] = None) -> None:
        """Gives a group another title; by its admins and its owner."""
        _calls.rename_group(self._core, conversation_id, title, timeout)(None)

    def dissolve_group(self, conversation_id: int, *, timeout: Optional[float] = None) -> None:
        """Ends a group for all; by its owner."""
        _calls.dissolve_group(self._core, conversation_id, timeout)(None)

    def members(self, conversation_id: int, *, limit: int = 50, after: Optional[int] = None,
                level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                timeout: Optional[float] = None) -> Page[Member]:
        """Who is in a conversation, in the order of their ids. `after` is the last id of the page
        before.

        >>> sorted(member.account.name for member in me.members(chat.id))
        ['ada', 'bob']
        """
        return cast("Page[Member]", _calls.members(self._core, conversation_id, limit, after, level,
                                                   timeout)(None))

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

    def events(self, *, after: Union[Cursor, int, None] = None) -> EventStream:
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

    def presence(self) -> PresenceWatch:
        """Is online from now on, and tells how others are and who types, over any number of
        failovers. None of it is kept.

        >>> with me.presence() as live:
        ...     live.watch([me.account.id])
        ...     for signal in live.signals(timeout=10):
        ...         print(signal.state)
        ...         break
        PresenceState.ONLINE
        """
        return PresenceWatch(_core.presence(self._core, None))

    def set_profile(self, display_name: str, about: str, *,
                    timeout: Optional[float] = None) -> Account:
        """What others see of the account, in place of what they saw: at most 64 and 512 bytes.

        >>> me.set_profile("Ada", "Counts birds.").about
        'Counts birds.'
        """
        return cast(Account, _calls.set_profile(self._core, display_name, about, timeout)(None))

    def change_password(self, password: str, new_password: str, *,
                        timeout: Optional[float] = None) -> int:
        """Takes the present password and the next. Every other session of the account ends; returns
        how many there were. Raises `Unauthenticated` when the present one is wrong."""
        return cast(int, _calls.change_password(self._core, password, new_password, timeout)(None))

    def sessions(self, *, level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                 timeout: Optional[float] = None) -> list[SessionInfo]:
        """The account's sessions on the servers, one for each log-in, oldest first.

        >>> [one.current for one in me.sessions()][-1]
        True
        """
        return cast("list[SessionInfo]", _calls.sessions(self._core, level, timeout)(None))

    def end_session(self, session_id: int, *, timeout: Optional[float] = None) -> None:
        """Ends one of the account's `sessions`. Raises `NotFound` when it has ended already."""
        _calls.end_session(self._core, session_id, timeout)(None)

    def profile(self, name: str, *, level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                timeout: Optional[float] = None) -> Profile:
        """An account by its name, with what it says of itself, and whether this one blocks it.
        Raises `NotFound` when nobody has that name.

        >>> me.profile("bob").blocked
        False
        """
        return cast(Profile, _calls.profile(self._core, name, level, timeout)(None))

    def set_block(self, name: str, blocked: bool, *, timeout: Optional[float] = None) -> None:
        """Blocks an account, or no longer: it can neither write to this one directly nor add it to
        groups."""
        _calls.set_block(self._core, name, blocked, timeout)(None)

    def blocked(self, *, limit: int = 50, after: Optional[int] = None,
                level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                timeout: Optional[float] = None) -> Page[Account]:
        """Whom the account blocks, in the order of their ids. `after` is the last id of the page
        before."""
        return cast("Page[Account]", _calls.blocked(self._core, limit, after, level, timeout)(None))

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
