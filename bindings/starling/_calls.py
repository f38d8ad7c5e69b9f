"""What the blocking and the asyncio clients share: each function checks the arguments of one
operation and gives the call to make. The call waits when it is given None, and otherwise answers
through the callable that it is given."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Optional

from . import _check as check
from . import _core
from ._types import Account

Start = Callable[[Optional[Callable[[Any, Any], object]]], Any]


def connect(addresses: Any, timeout: Any, on_cluster_event: Any, max_queued_writes: Any,
            client_name: Any, discover: Any, wait_for_server: Any) -> Start:
    if on_cluster_event is not None:
        check.callback(on_cluster_event, "on_cluster_event")
    return partial(_core.connect, check.addresses(addresses), check.some_seconds(timeout),
                   check.number("max_queued_writes", max_queued_writes, 1, 1_000_000),
                   check.text("client_name", client_name), check.flag("discover", discover),
                   check.flag("wait_for_server", wait_for_server), on_cluster_event)


def create_account(core: _core.Client, name: Any, password: Any, display_name: Any,
                   timeout: Any) -> Start:
    return partial(core.create_account, check.text("name", name), check.text("password", password),
                   check.optional_text("display_name", display_name), check.seconds(timeout))


def login(core: _core.Client, name: Any, password: Any, device: Any, timeout: Any) -> Start:
    return partial(core.login, check.text("name", name), check.text("password", password),
                   check.optional_text("device", device), check.seconds(timeout))


def resume(core: _core.Client, token: Any, account: Any) -> _core.Session:
    if not isinstance(account, Account):
        raise TypeError(f"account: a starling.Account is needed, not {type(account).__name__}")
    return core.resume(check.token(token), account)


def accounts(core: _core.Session, pattern: Any, limit: Any, after: Any, level: Any,
             timeout: Any) -> Start:
    return partial(core.accounts, check.text("pattern", pattern), check.limit(limit),
                   check.optional_text("after", after), check.level(level),
                   check.seconds(timeout))


def conversations(core: _core.Session, limit: Any, after: Any, level: Any, timeout: Any) -> Start:
    return partial(core.conversations, check.limit(limit), check.optional_number("after", after),
                   check.level(level), check.seconds(timeout))


def open_direct(core: _core.Session, name: Any, timeout: Any) -> Start:
    return partial(core.open_direct, check.text("name", name), check.seconds(timeout))


def send(core: _core.Session, conversation_id: Any, body: Any, request_id: Any,
         timeout: Any) -> Start:
    return partial(core.send, check.identity("conversation_id", conversation_id),
                   check.text("body", body), check.request_id(request_id), check.seconds(timeout))


def messages(core: _core.Session, conversation_id: Any, before: Any, after: Any, limit: Any,
             level: Any, timeout: Any) -> Start:
    chat = check.identity("conversation_id", conversation_id)
    rest = (check.limit(limit), check.level(level), check.seconds(timeout))
    if after is None:
        # 0 would mean "the newest" to the servers; before the first message there is nothing.
        bound = 0 if before is None else check.number("before", before, low=1)
        return partial(core.messages, chat, bound, *rest)
    if before is not None:
        raise check.invalid("before", "cannot be given together with after.")
    return partial(core.messages_after, chat, check.number("after", after), *rest)


def read_unread(core: _core.Session, conversation_id: Any, limit: Any, mark_read: Any,
                timeout: Any) -> Start:
    return partial(core.read_unread, check.identity("conversation_id", conversation_id),
                   check.limit(limit), check.flag("mark_read", mark_read), check.seconds(timeout))


def mark_read(core: _core.Session, conversation_id: Any, seq: Any, timeout: Any) -> Start:
    return partial(core.mark_read, check.identity("conversation_id", conversation_id),
                   check.number("seq", seq), check.seconds(timeout))


def delete_messages(core: _core.Session, conversation_id: Any, seqs: Any, timeout: Any) -> Start:
    return partial(core.delete_messages, check.identity("conversation_id", conversation_id),
                   check.numbers("seqs", seqs), check.seconds(timeout))


def logout(core: _core.Session, timeout: Any) -> Start:
    return partial(core.logout, check.seconds(timeout))


def delete_account(core: _core.Session, password: Any, timeout: Any) -> Start:
    return partial(core.delete_account, check.text("password", password), check.seconds(timeout))
