"""A session for asyncio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Optional, Union, cast

from . import _calls
from . import _check as check
from . import _core
from ._aio_answer import answer
from ._aio_events import EventStream
from ._aio_presence import PresenceWatch
from ._types import (Account, Conversation, Cursor, Edit, Edited, Member, MemberRole, Message, Page,
                     Profile, ReadLevel, SearchPage, SessionInfo, Stale, Unread)

if TYPE_CHECKING:
    from .aio import Client


class Session:
    """As `starling.Session`; made by `Client.login`."""

    def __init__(self, client: Client, core: _core.Session) -> None:
        if not isinstance(core, _core.Session):
            raise TypeError("Sessions come from Client.login() and Client.resume()")
        self._client = client
        self._core = core

    def __repr__(self) -> str:
        closed = ", closed" if self._core.closed else ""
        return f"<starling.aio.Session of {self._core.account.name!r}{closed}>"

    async def __aenter__(self) -> Session:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.close()

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
        """As `starling.Session.expires_at`."""
        return self._core.expires_at

    @property
    def closed(self) -> bool:
        """Whether the session is of no use any more."""
        return self._core.closed

    async def open_direct(self, name: str, *, timeout: Optional[float] = None) -> Conversation:
        """As `starling.Session.open_direct`."""
        return cast(Conversation, await answer(_calls.open_direct(self._core, name, timeout)))

    async def send(self, conversation_id: int, body: str, *, reply_to: Optional[int] = None,
                   request_id: Optional[bytes] = None, timeout: Optional[float] = None) -> Message:
        """As `starling.Session.send`. Of several at once, the one started first is sent first."""
        return cast(Message, await answer(
            _calls.send(self._core, conversation_id, body, reply_to, request_id, timeout)))

    async def messages(self, conversation_id: int, *, before: Optional[int] = None,
                       after: Optional[int] = None, around: Optional[int] = None, limit: int = 50,
                       level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> Page[Message]:
        """As `starling.Session.messages`."""
        return cast("Page[Message]", await answer(
            _calls.messages(self._core, conversation_id, before, after, around, limit, level,
                            timeout)))

    async def read_unread(self, conversation_id: int, *, limit: int = 50, mark_read: bool = True,
                          timeout: Optional[float] = None) -> Unread:
        """As `starling.Session.read_unread`."""
        return cast(Unread, await answer(
            _calls.read_unread(self._core, conversation_id, limit, mark_read, timeout)))

    async def mark_read(self, conversation_id: int, seq: int, *,
                        timeout: Optional[float] = None) -> None:
        """As `starling.Session.mark_read`."""
        await answer(_calls.mark_read(self._core, conversation_id, seq, timeout))

    async def mark_delivered(self, marks: Mapping[int, int], *,
                             timeout: Optional[float] = None) -> None:
        """As `starling.Session.mark_delivered`."""
        await answer(_calls.mark_delivered(self._core, marks, timeout))

    async def delete_messages(self, conversation_id: int, seqs: Iterable[int], *,
                              timeout: Optional[float] = None) -> int:
        """As `starling.Session.delete_messages`."""
        return cast(int, await answer(
            _calls.delete_messages(self._core, conversation_id, seqs, timeout)))

    async def hide_messages(self, conversation_id: int, seqs: Iterable[int], *,
                            timeout: Optional[float] = None) -> None:
        """As `starling.Session.hide_messages`."""
        await answer(_calls.hide_messages(self._core, conversation_id, seqs, timeout))

    async def edit_message(self, conversation_id: int, seq: int, body: str, *,
                           timeout: Optional[float] = None) -> Edited:
        """As `starling.Session.edit_message`."""
        return cast(Edited, await answer(
            _calls.edit_message(self._core, conversation_id, seq, body, timeout)))

    async def edits(self, conversation_id: int, seq: int, *,
                    level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                    timeout: Optional[float] = None) -> list[Edit]:
        """As `starling.Session.edits`."""
        return cast("list[Edit]", await answer(
            _calls.edits(self._core, conversation_id, seq, level, timeout)))

    async def react(self, conversation_id: int, seq: int, emoji: str, on: bool = True, *,
                    timeout: Optional[float] = None) -> None:
        """As `starling.Session.react`."""
        await answer(_calls.react(self._core, conversation_id, seq, emoji, on, timeout))

    async def set_draft(self, conversation_id: int, body: str, *, reply_to: Optional[int] = None,
                        timeout: Optional[float] = None) -> None:
        """As `starling.Session.set_draft`."""
        await answer(_calls.set_draft(self._core, conversation_id, body, reply_to, timeout))

    async def search(self, query: str, *, conversation_id: Optional[int] = None, limit: int = 50,
                     page: Optional[str] = None,
                     level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                     timeout: Optional[float] = None) -> SearchPage:
        """As `starling.Session.search`."""
        return cast(SearchPage, await answer(
            _calls.search(self._core, query, conversation_id, limit, page, level, timeout)))

    async def conversations(self, *, limit: int = 200, after: Optional[int] = None,
                            level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                            timeout: Optional[float] = None) -> Page[Conversation]:
        """As `starling.Session.conversations`."""
        return cast("Page[Conversation]", await answer(
            _calls.conversations(self._core, limit, after, level, timeout)))

    async def conversation(self, conversation_id: int, *,
                           level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                           timeout: Optional[float] = None) -> Conversation:
        """As `starling.Session.conversation`."""
        return cast(Conversation, await answer(
            _calls.conversation(self._core, conversation_id, level, timeout)))

    async def create_group(self, title: str, names: Iterable[str], *,
                           timeout: Optional[float] = None) -> Conversation:
        """As `starling.Session.create_group`."""
        return cast(Conversation, await answer(
            _calls.create_group(self._core, title, names, timeout)))

    async def add_members(self, conversation_id: int, names: Iterable[str], *,
                          timeout: Optional[float] = None) -> int:
        """As `starling.Session.add_members`."""
        return cast(int, await answer(
            _calls.add_members(self._core, conversation_id, names, timeout)))

    async def remove_member(self, conversation_id: int, account_id: int, *,
                            timeout: Optional[float] = None) -> None:
        """As `starling.Session.remove_member`."""
        await answer(_calls.remove_member(self._core, conversation_id, account_id, timeout))

    async def leave(self, conversation_id: int, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.leave`."""
        await answer(_calls.leave(self._core, conversation_id, timeout))

    async def set_role(self, conversation_id: int, account_id: int, role: MemberRole, *,
                       timeout: Optional[float] = None) -> None:
        """As `starling.Session.set_role`."""
        await answer(_calls.set_role(self._core, conversation_id, account_id, role, timeout))

    async def rename_group(self, conversation_id: int, title: str, *,
                           timeout: Optional[float] = None) -> None:
        """As `starling.Session.rename_group`."""
        await answer(_calls.rename_group(self._core, conversation_id, title, timeout))

    async def dissolve_group(self, conversation_id: int, *,
                             timeout: Optional[float] = None) -> None:
        """As `starling.Session.dissolve_group`."""
        await answer(_calls.dissolve_group(self._core, conversation_id, timeout))

    async def members(self, conversation_id: int, *, limit: int = 50, after: Optional[int] = None,
                      level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                      timeout: Optional[float] = None) -> Page[Member]:
        """As `starling.Session.members`."""
        return cast("Page[Member]", await answer(
            _calls.members(self._core, conversation_id, limit, after, level, timeout)))

    async def accounts(self, pattern: str = "*", *, limit: int = 50, after: Optional[str] = None,
                       level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> Page[Account]:
        """As `starling.Session.accounts`."""
        return cast("Page[Account]", await answer(
            _calls.accounts(self._core, pattern, limit, after, level, timeout)))

    def events(self, *, after: Union[Cursor, int, None] = None) -> EventStream:
        """As `starling.Session.events`, an asynchronous iterator. "From now" is when it is first
        awaited: by `async with`, by `await`, or by the first step of `async for`."""
        return EventStream(self._core, self._client._streams, check.cursor(after))

    def presence(self) -> PresenceWatch:
        """As `starling.Session.presence`."""
        return PresenceWatch(self._core)

    async def set_profile(self, display_name: str, about: str, *,
                          timeout: Optional[float] = None) -> Account:
        """As `starling.Session.set_profile`."""
        return cast(Account, await answer(
            _calls.set_profile(self._core, display_name, about, timeout)))

    async def change_password(self, password: str, new_password: str, *,
                              timeout: Optional[float] = None) -> int:
        """As `starling.Session.change_password`."""
        return cast(int, await answer(
            _calls.change_password(self._core, password, new_password, timeout)))

    async def sessions(self, *, level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                       timeout: Optional[float] = None) -> list[SessionInfo]:
        """As `starling.Session.sessions`."""
        return cast("list[SessionInfo]", await answer(
            _calls.sessions(self._core, level, timeout)))

    async def end_session(self, session_id: int, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.end_session`."""
        await answer(_calls.end_session(self._core, session_id, timeout))

    async def profile(self, name: str, *, level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                      timeout: Optional[float] = None) -> Profile:
        """As `starling.Session.profile`."""
        return cast(Profile, await answer(
            _calls.profile(self._core, name, level, timeout)))

    async def set_block(self, name: str, blocked: bool, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.set_block`."""
        await answer(_calls.set_block(self._core, name, blocked, timeout))

    async def blocked(self, *, limit: int = 50, after: Optional[int] = None,
                      level: Union[ReadLevel, Stale] = ReadLevel.SESSION,
                      timeout: Optional[float] = None) -> Page[Account]:
        """As `starling.Session.blocked`."""
        return cast("Page[Account]", await answer(
            _calls.blocked(self._core, limit, after, level, timeout)))

    async def logout(self, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.logout`."""
        await answer(_calls.logout(self._core, timeout))
        await self.close()

    async def delete_account(self, password: str, *, timeout: Optional[float] = None) -> None:
        """As `starling.Session.delete_account`."""
        await answer(_calls.delete_account(self._core, password, timeout))
        await self.close()

    async def close(self) -> None:
        """As `starling.Session.close`."""
        self._core.close()
        for stream in list(self._client._streams):
            stream._wake_up()
