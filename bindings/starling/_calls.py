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


def logout(core: _core.Session, timeout: Any) -> Start:
    return partial(core.logout, check.seconds(timeout))


def delete_account(core: _core.Session, password: Any, timeout: Any) -> Start:
    return partial(core.delete_account, check.text("password", password), check.seconds(timeout))


def set_profile(core: _core.Session, display_name: Any, about: Any, timeout: Any) -> Start:
    return partial(core.set_profile, check.text("display_name", display_name),
                   check.text("about", about), check.seconds(timeout))


def change_password(core: _core.Session, password: Any, new_password: Any, timeout: Any) -> Start:
    return partial(core.change_password, check.text("password", password),
                   check.text("new_password", new_password), check.seconds(timeout))


def sessions(core: _core.Session, level: Any, timeout: Any) -> Start:
    return partial(core.sessions, check.level(level), check.seconds(timeout))


def end_session(core: _core.Session, session_id: Any, timeout: Any) -> Start:
    return partial(core.end_session, check.identity("session_id", session_id),
                   check.seconds(timeout))


def accounts(core: _core.Session, pattern: Any, limit: Any, after: Any, level: Any,
             timeout: Any) -> Start:
    return partial(core.accounts, check.text("pattern", pattern), check.limit(limit),
                   check.optional_text("after", after), check.level(level),
                   check.seconds(timeout))


def profile(core: _core.Session, name: Any, level: Any, timeout: Any) -> Start:
    return partial(core.profile, check.text("name", name), check.level(level),
                   check.seconds(timeout))


def set_block(core: _core.Session, name: Any, blocked: Any, timeout: Any) -> Start:
    return partial(core.set_block, check.text("name", name), check.flag("blocked", blocked),
                   check.seconds(timeout))


def blocked(core: _core.Session, limit: Any, after: Any, level: Any, timeout: Any) -> Start:
    return partial(core.blocked, check.limit(limit), check.optional_number("after", after),
                   check.level(level), check.seconds(timeout))


def open_direct(core: _core.Session, name: Any, timeout: Any) -> Start:
    return partial(core.open_direct, check.text("name", name), check.seconds(timeout))


def conversations(core: _core.Session, limit: Any, after: Any, level: Any, timeout: Any) -> Start:
    return partial(core.conversations, check.limit(limit), check.optional_number("after", after),
                   check.level(level), check.seconds(timeout))


def _chat(conversation_id: Any) -> int:
    return check.identity("conversation_id", conversation_id)


def conversation(core: _core.Session, conversation_id: Any, level: Any, timeout: Any) -> Start:
    return partial(core.conversation, _chat(conversation_id), check.level(level),
                   check.seconds(timeout))


def create_group(core: _core.Session, title: Any, names: Any, timeout: Any) -> Start:
    return partial(core.create_group, check.text("title", title), check.texts("names", names),
                   check.seconds(timeout))


def add_members(core: _core.Session, conversation_id: Any, names: Any, timeout: Any) -> Start:
    return partial(core.add_members, _chat(conversation_id), check.texts("names", names),
                   check.seconds(timeout))


def remove_member(core: _core.Session, conversation_id: Any, account_id: Any,
                  timeout: Any) -> Start:
    return partial(core.remove_member, _chat(conversation_id),
                   check.identity("account_id", account_id), check.seconds(timeout))


def leave(core: _core.Session, conversation_id: Any, timeout: Any) -> Start:
    return partial(core.leave, _chat(conversation_id), check.seconds(timeout))


def set_role(core: _core.Session, conversation_id: Any, account_id: Any, role: Any,
             timeout: Any) -> Start:
    return partial(core.set_role, _chat(conversation_id), check.identity("account_id", account_id),
                   check.role(role), check.seconds(timeout))


def rename_group(core: _core.Session, conversation_id: Any, title: Any, timeout: Any) -> Start:
    return partial(core.rename_group, _chat(conversation_id), check.text("title", title),
                   check.seconds(timeout))


def dissolve_group(core: _core.Session, conversation_id: Any, timeout: Any) -> Start:
    return partial(core.dissolve_group, _chat(conversation_id), check.seconds(timeout))


def members(core: _core.Session, conversation_id: Any, limit: Any, after: Any, level: Any,
            timeout: Any) -> Start:
    return partial(core.members, _chat(conversation_id), check.limit(limit),
                   check.optional_number("after", after), check.level(level),
                   check.seconds(timeout))


def send(core: _core.Session, conversation_id: Any, body: Any, reply_to: Any, request_id: Any,
         timeout: Any) -> Start:
    return partial(core.send, _chat(conversation_id), check.text("body", body),
                   check.seq("reply_to", reply_to), check.request_id(request_id),
                   check.seconds(timeout))


def messages(core: _core.Session, conversation_id: Any, before: Any, after: Any, around: Any,
             limit: Any, level: Any, timeout: Any) -> Start:
    chat = _chat(conversation_id)
    rest = (check.limit(limit), check.level(level), check.seconds(timeout))
    given = [name for name, value in (("before", before), ("after", after), ("around", around))
             if value is not None]
    if len(given) > 1:
        raise check.invalid(given[0], f"cannot be given together with {given[1]}.")
    if after is not None:
        return partial(core.messages_after, chat, check.number("after", after), *rest)
    if around is not None:
        return partial(core.messages_around, chat, check.number("around", around, low=1), *rest)
    # 0 would mean "the newest" to the servers; before the first message there is nothing.
    return partial(core.messages, chat, check.seq("before", before), *rest)


def read_unread(core: _core.Session, conversation_id: Any, limit: Any, mark_read: Any,
                timeout: Any) -> Start:
    return partial(core.read_unread, _chat(conversation_id), check.limit(limit),
                   check.flag("mark_read", mark_read), check.seconds(timeout))


def mark_read(core: _core.Session, conversation_id: Any, seq: Any, timeout: Any) -> Start:
    return partial(core.mark_read, _chat(conversation_id), check.number("seq", seq),
                   check.seconds(timeout))


def mark_delivered(core: _core.Session, marks: Any, timeout: Any) -> Start:
    return partial(core.mark_delivered, check.marks(marks), check.seconds(timeout))


def delete_messages(core: _core.Session, conversation_id: Any, seqs: Any, timeout: Any) -> Start:
    return partial(core.delete_messages, _chat(conversation_id), check.numbers("seqs", seqs),
                   check.seconds(timeout))


def hide_messages(core: _core.Session, conversation_id: Any, seqs: Any, timeout: Any) -> Start:
    return partial(core.hide_messages, _chat(conversation_id), check.numbers("seqs", seqs),
                   check.seconds(timeout))


def edit_message(core: _core.Session, conversation_id: Any, seq: Any, body: Any,
                 timeout: Any) -> Start:
    return partial(core.edit_message, _chat(conversation_id), check.identity("seq", seq),
                   check.text("body", body), check.seconds(timeout))


def edits(core: _core.Session, conversation_id: Any, seq: Any, level: Any, timeout: Any) -> Start:
    return partial(core.edits, _chat(conversation_id), check.identity("seq", seq),
                   check.level(level), check.seconds(timeout))


def react(core: _core.Session, conversation_id: Any, seq: Any, emoji: Any, on: Any,
          timeout: Any) -> Start:
    return partial(core.react, _chat(conversation_id), check.identity("seq", seq),
                   check.text("emoji", emoji), check.flag("on", on), check.seconds(timeout))


def set_draft(core: _core.Session, conversation_id: Any, body: Any, reply_to: Any,
              timeout: Any) -> Start:
    return partial(core.set_draft, _chat(conversation_id), check.text("body", body),
                   check.seq("reply_to", reply_to), check.seconds(timeout))


def search(core: _core.Session, query: Any, conversation_id: Any, limit: Any, page: Any, level: Any,
           timeout: Any) -> Start:
    return partial(core.search, check.text("query", query),
                   0 if conversation_id is None else _chat(conversation_id), check.limit(limit),
                   "" if page is None else check.text("page", page), check.level(level),
                   check.seconds(timeout))
