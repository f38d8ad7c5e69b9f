"""Histories in the making, for the tests of the checker."""

import json

import checker
import history

MS = 1_000_000


class Story:
    """A history in the making: two people in conversation 1, three servers that hold the same."""

    def __init__(self):
        self.lines, self.log, self.now, self.calls = [], [], 0, 0
        self.marks = {"ada": 0, "bob": 0}
        self.replicas = {name: None for name in ("n1", "n2", "n3")}

    def tick(self, ms=10):
        self.now += ms * MS
        return self.now

    def call(self, f, client="w/ada", t=None, **words):
        self.calls += 1
        op = f"{client.split('/')[0]}/{self.calls}"
        self.lines.append({"e": "call", "op": op, "client": client, "sender": client.split("/")[1], "f": f,
                           "t": t or self.tick(), "c": 1, **words})
        return op

    def answer(self, op, r="ok", t=None, **words):
        self.lines.append({"e": "return", "op": op, "t": t or self.tick(), "r": r, **words})

    def store(self, body, sender="ada", rid=""):
        """Into the log of all servers; (seq, id)."""
        seq = len(self.log) + 1
        self.log.append([seq, seq * 65536, sender, body, rid])
        return {"seq": seq, "id": seq * 65536}

    def sent(self, body, client="w/ada", rid=""):
        """Called, stored, acknowledged."""
        op = self.call("send", client, body=body, **({"rid": rid} if rid else {}))
        place = self.store(body, client.split("/")[1], rid)
        self.answer(op, **place)
        return place

    def read(self, upto=None, level="linearizable", client="w/bob", after=-1, more=False, **words):
        op = self.call("read", client, level=level, after=after, limit=100, **words)
        rows = [list(row) for row in self.log if row[0] > after]
        rows = rows[:upto] if upto is not None else rows
        self.answer(op, messages=rows, more=more)
        return op

    def event(self, row, stream="s", cursor=None, kind="message"):
        self.lines.append({"e": "event", "stream": stream, "client": "w/bob", "t": self.tick(), "kind": kind,
                           "cursor": cursor or [1, row[0], 0, 9], "c": 1, "seq": row[0], "message": list(row)})

    def whole(self):
        """With what the servers hold; self.replicas may name rows that are another server's own."""
        lines = list(self.lines)
        for name, own in self.replicas.items():
            rows = self.log if own is None else own
            for viewer in ("ada", "bob"):
                seen = [row[:4] + [row[4] if row[2] == viewer else ""] for row in rows]
                lines.append({"e": "conversation", "replica": name, "viewer": viewer, "c": 1,
                              "last_seq": len(rows), "read_seq": self.marks[viewer]})
                lines.append({"e": "messages", "replica": name, "viewer": viewer, "c": 1, "messages": seen})
            lines.append({"e": "replica", "replica": name, "applied_index": 99, "state_hash": "7"})
        return lines

    def verdict(self):
        kept = history.History()
        for line in self.whole():
            kept.add(json.loads(json.dumps(line)))
        kept.close()
        return checker.check(kept)


def sound():
    """A bit of everything, as it should be."""
    story = Story()
    for number in range(6):
        story.sent(f"a{number}", rid=f"{number:032x}")
        story.sent(f"b{number}", "w/bob")
    story.read()
    story.read(level="session")
    story.read(level="stale", bound_ms=100)
    story.read(after=3)
    for row in story.log:
        story.event(row)
    return story
