"""Replies, edits, reactions, hiding, delivered marks and drafts."""

import pytest

import starling
from conftest import PASSWORD, settle
from starling import EventKind


def test_a_reply_and_what_stands_around_it(ada, bob, chat):
    question = ada.send(chat.id, "question")
    for n in range(4):
        ada.send(chat.id, str(n))
    reply = bob.send(chat.id, "answer", reply_to=question.seq)
    assert reply.reply_to == question.seq and question.reply_to is None
    assert ada.messages(chat.id, limit=1)[0].reply_to == question.seq
    page = ada.messages(chat.id, around=question.seq, limit=3)
    assert [m.seq for m in page] == [question.seq + n for n in (-1, 0, 1) if question.seq + n > 0]
    assert page.more_after
    with pytest.raises(starling.Error):
        bob.send(chat.id, "answer", reply_to=reply.seq + 100)
    again = bob.send(chat.id, "x", reply_to=question.seq, request_id=b"fedcba9876543210")
    with pytest.raises(starling.InvalidArgument) as other:
        bob.send(chat.id, "x", reply_to=reply.seq, request_id=b"fedcba9876543210")
    assert other.value.field == "request_id" and again.reply_to == question.seq


def test_edits(ada, bob, chat):
    sent = ada.send(chat.id, "helo")
    with bob.events() as stream:
        settle(stream, ada, chat)
        edited = ada.edit_message(chat.id, sent.seq, "hello")
        event = stream.next(timeout=5.0)
        assert (event.kind, event.seq) == (EventKind.MESSAGE_EDITED, sent.seq)
        assert (event.message.body, event.message.edits) == ("hello", 1)
    assert edited.edits == 1 and event.message.edited_at == edited.edited_at
    assert [edit.body for edit in bob.edits(chat.id, sent.seq)] == ["helo"]
    with pytest.raises(starling.PermissionDenied):
        bob.edit_message(chat.id, sent.seq, "bye")


def test_a_deletion_is_told_with_its_number(ada, bob, chat):
    sent = ada.send(chat.id, "a slip")
    with bob.events() as stream:
        settle(stream, ada, chat)
        ada.delete_messages(chat.id, [sent.seq])
        event = stream.next(timeout=5.0)
        assert (event.kind, event.seq) == (EventKind.MESSAGE_DELETED, sent.seq)
        assert (event.conversation_id, event.message) == (chat.id, None)
        mark = ada.send(chat.id, "behind it")
    with bob.events(after=0) as everything:  # The same when it is read from the store.
        told = {}
        while mark.seq not in told:
            one = everything.next(timeout=5.0)
            if one.kind is EventKind.MESSAGE_DELETED:
                assert (one.seq, one.cursor) == (sent.seq, event.cursor)
                told["deletion"] = one
            elif one.kind is EventKind.MESSAGE:
                told[one.seq] = one
    assert told["deletion"] and told[sent.seq].message.deleted


def test_reactions(ada, bob, chat):
    sent = ada.send(chat.id, "a heron!")
    with ada.events() as stream:
        settle(stream, ada, chat)
        bob.react(chat.id, sent.seq, "🐦")
        event = stream.next(timeout=5.0)
        assert (event.kind, event.seq, event.text) == (EventKind.REACTION, sent.seq, "🐦")
        assert event.on and event.account_id == bob.account.id
        ada.react(chat.id, sent.seq, "🐦")
        bob.react(chat.id, sent.seq, "👍")
        shown = bob.messages(chat.id, around=sent.seq, limit=1)[0]
        assert shown.reactions == (starling.Reaction("🐦", 2, True),
                                   starling.Reaction("👍", 1, True))
        assert shown == sent  # What differs from reader to reader does not compare.
        bob.react(chat.id, sent.seq, "🐦", False)
        told = [stream.next(timeout=5.0) for _ in range(3)]
        assert not told[-1].on
    assert ada.messages(chat.id, around=sent.seq, limit=1)[0].reactions == (
        starling.Reaction("🐦", 1, True), starling.Reaction("👍", 1, False))


def test_what_is_hidden_is_hidden_from_one(ada, bob, chat):
    sent = ada.send(chat.id, "not for long")
    with bob.events() as stream:
        settle(stream, ada, chat)
        bob.hide_messages(chat.id, [sent.seq])
        event = stream.next(timeout=5.0)
        assert (event.kind, event.seq) == (EventKind.HIDDEN, sent.seq)
    hidden = bob.messages(chat.id, around=sent.seq, limit=1)[0]
    assert hidden.hidden and hidden.body == ""
    assert ada.messages(chat.id, around=sent.seq, limit=1)[0] == sent
    bob.hide_messages(chat.id, [sent.seq])  # Again: nothing.


def test_delivered_marks(ada, bob, chat):
    sent = ada.send(chat.id, "on its way")
    with ada.events() as stream:
        settle(stream, ada, chat)
        bob.mark_delivered({chat.id: sent.seq, 2**40: 1})
        event = stream.next(timeout=5.0)
        assert (event.kind, event.seq) == (EventKind.DELIVERED, sent.seq)
        assert event.account_id == bob.account.id
    assert ada.conversation(chat.id).peer_delivered_seq == sent.seq
    bob.mark_delivered({chat.id: 1})  # Marks never go back.
    assert ada.conversation(chat.id).peer_delivered_seq == sent.seq


def test_a_draft_is_there_on_other_devices(client, ada, chat):
    other = client.login("ada", PASSWORD, device="phone")
    with other.events() as stream:
        settle(stream, ada, chat)
        ada.set_draft(chat.id, "half a", reply_to=1)
        event = stream.next(timeout=5.0)
        assert (event.kind, event.conversation_id) == (EventKind.DRAFT, chat.id)
    draft = other.conversation(chat.id).draft
    assert (draft.body, draft.reply_to) == ("half a", 1)
    ada.set_draft(chat.id, "")
    assert other.conversation(chat.id).draft is None
