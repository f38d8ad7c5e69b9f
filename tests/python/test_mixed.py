"""All that people do to messages, mixed at random while primaries are killed: afterwards every server
shows every member the same, and what each of them was told has happened."""

import os
import random

import starling
from conftest import account

# As many as the long run by hand asks for.
ROUNDS = int(os.environ.get("STARLING_PYTHON_ROUNDS", "240"))
KILLS = 3
SEED = int(os.environ.get("STARLING_PYTHON_SEED", str(random.randrange(1 << 32))))
EMOJI = ["+1", "\u2764", "\U0001f600"]


class Ledger:
    """What has to be there, by the answers that were given."""

    def __init__(self):
        self.bodies = {}     # seq: the text, None once deleted.
        self.reactions = {}  # (seq, emoji): names.
        self.hidden = set()  # (name, seq)

    def one(self, chance, sender=None, senders=None):
        """The seq of a text that is there, of that sender."""
        seqs = [seq for seq, body in self.bodies.items()
                if body is not None and sender in (None, (senders or {}).get(seq))]
        return chance.choice(seqs) if seqs else None


def act(chance, people, group, ledger, senders):
    """One random operation, and its mark in the ledger."""
    name = chance.choice(list(people))
    session = people[name]
    kind = chance.choice(["send", "send", "send", "edit", "react", "unreact", "delete", "hide",
                          "read", "draft"])
    if kind == "send":
        body = f"{name} says {chance.randrange(1000)} to @{chance.choice(list(people))}"
        sent = session.send(group, body, reply_to=ledger.one(chance))
        ledger.bodies[sent.seq], senders[sent.seq] = body, name
        return
    own = kind in ("edit", "delete")
    seq = ledger.one(chance, name if own else None, senders)
    if seq is None:
        return
    if kind == "edit":
        ledger.bodies[seq] = f"{name} edits {chance.randrange(1000)}"
        session.edit_message(group, seq, ledger.bodies[seq])
    elif kind == "delete":
        assert session.delete_messages(group, [seq]) == 1
        ledger.bodies[seq] = None
    elif kind in ("react", "unreact"):
        emoji = chance.choice(EMOJI)
        session.react(group, seq, emoji, kind == "react")
        who = ledger.reactions.setdefault((seq, emoji), set())
        (who.add if kind == "react" else who.discard)(name)
    elif kind == "hide":
        session.hide_messages(group, [seq])
        ledger.hidden.add((name, seq))
    elif kind == "read":
        session.mark_read(group, seq)
    else:
        session.set_draft(group, f"draft {chance.randrange(1000)}")


def view(session, group):
    """All that a member sees of the group, as a value to compare."""
    messages, before = [], None
    while True:
        page = session.messages(group, before=before, limit=200)
        messages = list(page) + messages
        if len(page) < 200:
            break
        before = page[0].seq
    conversation = session.conversation(group)
    members = sorted((m.account.name, m.role.name, m.read_seq, m.delivered_seq)
                     for m in session.members(group, limit=200))
    return {
        "messages": [(m.seq, m.sender, m.kind.name, m.body, m.deleted, m.hidden, m.edits,
                      m.reply_to, m.mentions_me,
                      [(r.emoji, r.count, r.mine) for r in m.reactions]) for m in messages],
        "unread": (conversation.unread_count, conversation.mention_count, conversation.read_seq),
        "draft": conversation.draft,
        "members": members,
        "found": found(session, "says"),
    }


def found(session, word):
    """What a search finds, in its order: the seqs."""
    seqs, page = [], None
    while True:
        some = session.search(word, limit=200, page=page, level=starling.ReadLevel.LINEARIZABLE)
        seqs += [hit.message.seq for hit in some]
        page = some.next_page
        if page is None:
            return seqs


def check(name, seen, ledger):
    """What that member sees against what everybody was told."""
    for seq, body in ledger.bodies.items():
        message = next(m for m in seen["messages"] if m[0] == seq)
        hidden = (name, seq) in ledger.hidden
        assert message[4] == (body is None), f"message {seq}"
        assert message[5] == hidden, f"message {seq}"
        assert message[3] == ("" if hidden or body is None else body), f"message {seq}"
        told = {} if hidden or body is None else {
            emoji: who for (at, emoji), who in ledger.reactions.items() if at == seq and who}
        assert {r[0]: (r[1], r[2]) for r in message[9]} == {
            emoji: (len(who), name in who) for emoji, who in told.items()}, f"message {seq}"
    assert sorted(seen["found"]) == sorted(
        seq for seq, body in ledger.bodies.items()
        if body is not None and "says" in body and (name, seq) not in ledger.hidden)
    seqs = [m[0] for m in seen["messages"]]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "a gap"


def test_every_server_shows_the_same_after_kills(cluster, client):
    print(f"STARLING_PYTHON_SEED={SEED}")
    chance = random.Random(SEED)
    people = {name: account(client, name) for name in ("ada", "bob", "carl")}
    group = people["ada"].create_group("mixed", ["bob", "carl"]).id
    ledger, senders, killed = Ledger(), {}, []
    for turn in range(ROUNDS):
        if turn in [ROUNDS * part // (KILLS + 1) for part in range(1, KILLS + 1)]:
            if killed:
                cluster.restart(killed[-1])
            killed.append(cluster.kill_primary())
        act(chance, people, group, ledger, senders)
    cluster.restart(killed[-1])
    views = {}
    for address in cluster.addresses:
        with starling.Client([address], discover=False) as there:
            for name, session in people.items():
                here = there.resume(session.token, session.account)
                views.setdefault(name, []).append(view(here, group))
    for name, (first, *others) in views.items():
        check(name, first, ledger)
        for other in others:
            assert other == first, f"for {name}"
