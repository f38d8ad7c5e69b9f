"""What clients saw, against the log: reads by their level, and streams of events. Part of checker.py."""

import bisect


class Known:
    """How far somebody had seen at a time: the highest number among what was noted before it."""

    def __init__(self):
        self._noted = []
        self._times = self._highest = None

    def note(self, t, number):
        self._noted.append((t, number))

    def before(self, t):
        if self._times is None:
            self._noted.sort()
            self._times, self._highest, highest = [], [], 0
            for time, number in self._noted:
                highest = max(highest, number)
                self._times.append(time)
                self._highest.append(highest)
        at = bisect.bisect_left(self._times, t)
        return self._highest[at - 1] if at else 0


class Seen:
    """Everything that was ever seen: by anybody in a conversation (seq), and by each client (id)."""

    def __init__(self, history, final):
        self.anybody, self.clients = {}, {}
        for send in history.sends.values():
            for _, answered, outcome in send.attempts:
                if outcome == "ok":
                    seq, number = send.places[0]
                    self.note(None if send.queued else send.client, answered, send.c, seq, number)
        for one in history.reads:
            if one.outcome == "ok" and one.messages:
                seq, number = one.messages[-1][:2]
                self.note(one.client, one.answered, one.c, seq, number)
        for events in history.streams.values():
            for event in events:
                if event["kind"] == "message":
                    self.note(event["client"], event["t"], event["c"], event["seq"], event["message"][1])
        self._final = final

    def note(self, client, t, c, seq, number):
        self.anybody.setdefault(c, Known()).note(t, seq)
        if client is not None and number is not None:
            self.clients.setdefault(client, Known()).note(t, number)

    def by_anybody(self, c, t):
        return self.anybody[c].before(t) if c in self.anybody else 0

    def by_client(self, client, c, t):
        """How far a conversation goes in the state that this client has seen: states are ordered by id."""
        number = self.clients[client].before(t) if client in self.clients else 0
        return bisect.bisect_right(self._final.ids.get(c, []), number)


def check_row(history, final, c, row, until, where, verdict):
    """One message as somebody saw it."""
    seq, number, sender, body, _ = row
    at = final.row(c, seq)
    send = history.sends.get(body)
    if body is not None and (send is None or send.c != c or send.sender != sender):
        verdict.add("invented", f"{where}: {body} of {sender}, which nobody sent there")
    elif send is not None and send.called > until:
        verdict.add("invented", f"{where}: {send.says()} was seen before it was sent")
    elif at is None or at[1] != number:
        place = final.place.get(body)
        if body is None or place is None:
            verdict.add("invented", f"{where}: seq {seq}, id {number}, {body}, is not in the log")
        else:
            verdict.add("reordered", f"{where}: {body} as seq {seq}, id {number}; in the log it is {place}")
    elif body is not None and final.by_place.get((c, seq), body) != body:
        verdict.add("reordered", f"{where}: {body} as seq {seq}; in the log that is {final.by_place[c, seq]}")


def check_reads(history, final, verdict):
    seen = Seen(history, final)
    first_call, first_answer = {}, {}  # Of the deletions of a message.
    for one in history.deletes:
        for seq in one.call["seqs"]:
            key = one.c, seq
            first_call[key] = min(first_call.get(key, one.called), one.called)
            if one.outcome == "ok":
                first_answer[key] = min(first_answer.get(key, one.answered), one.answered)
    for one in history.reads:
        if one.outcome == "ok":
            check_page(history, final, one, verdict)
            check_deletions(one, first_call, first_answer, verdict)
            check_fresh(one, seen, verdict)


def check_page(history, final, one, verdict):
    where = f"{one.op} ({one.call['level']} read of {one.c})"
    after = one.call["after"]
    expected = after + 1 if after >= 0 else None
    for row in one.messages:
        if expected is not None and row[0] != expected:
            verdict.add("gaps", f"{where}: seq {row[0]} where {expected} belongs")
        expected = row[0] + 1
        check_row(history, final, one.c, row, one.answered, where, verdict)
    if len(one.messages) > one.call["limit"]:
        verdict.add("invented", f"{where}: {len(one.messages)} messages, though {one.call['limit']} were asked for")


def check_deletions(one, first_call, first_answer, verdict):
    for row in one.messages:
        key = one.c, row[0]
        if row[3] is None and first_call.get(key, one.answered + 1) > one.answered:
            verdict.add("invented", f"{one.op}: {key} is deleted, and nobody had asked for that")
        if (row[3] is not None and one.call["level"] == "linearizable" and key in first_answer
                and first_answer[key] < one.called):
            verdict.add("stale", f"{one.op}: a linearizable read shows {key}, which was deleted before")


def check_fresh(one, seen, verdict):
    """A page that ends at the end of the log, as its reader saw it, has to reach what its level promises."""
    if one.call["after"] >= 0 and one.more:
        return
    reached = one.messages[-1][0] if one.messages else max(one.call["after"], 0)
    level = one.call["level"]
    if level == "linearizable":
        needed, whose = seen.by_anybody(one.c, one.called), "anybody"
    else:
        needed, whose = seen.by_client(one.client, one.c, one.called), "this client"
        if level == "stale":
            older = seen.by_anybody(one.c, one.called - one.call["bound_ms"] * 1_000_000)
            if older > needed:
                needed, whose = older, f"anybody {one.call['bound_ms']} ms before"
    if reached < needed:
        verdict.add("stale", f"{one.op}: a {level} read of {one.c} reaches seq {reached}, and {whose} had "
                    f"seen {needed} before it began")


def check_streams(history, final, verdict):
    deletions = {}
    for one in history.deletes:
        for seq in one.call["seqs"]:
            deletions[one.c, seq] = min(deletions.get((one.c, seq), one.called), one.called)
    for name, events in history.streams.items():
        last = check_stream(history, final, name, events, deletions, verdict)
        if name not in history.ends:
            continue
        for viewer, c in {view for one in history.replicas.values() for view in one.views}:
            if viewer == history.ends[name] and last.get(c, 0) < len(final.rows.get(c, ())):
                verdict.add("lost", f"{name} has given everything, and of {c} only {last.get(c, 0)} of "
                            f"{len(final.rows[c])} messages")


def check_stream(history, final, name, events, deletions, verdict):
    before, last = (), {}
    for event in events:
        cursor, c, seq = tuple(event["cursor"][:3]), event["c"], event["seq"]
        where = f"{name} at {cursor}"
        if cursor == before:
            verdict.add("doubled", f"{where}: the same event twice")
        elif cursor < before:
            verdict.add("reordered", f"{where}: after {before}")
        before = max(before, cursor)
        if event["kind"] == "deleted" and deletions.get((c, seq), event["t"] + 1) > event["t"]:
            verdict.add("invented", f"{where}: {c}/{seq} is deleted, and nobody had asked for that")
        if event["kind"] != "message":
            continue
        expected = last.get(c, 0) + 1
        if seq > expected:
            verdict.add("gaps", f"{where}: seq {seq} of {c} where {expected} belongs")
        elif seq < expected and cursor == max(before, cursor):
            verdict.add("doubled", f"{where}: seq {seq} of {c} again, after {expected - 1}")
        last[c] = max(seq, last.get(c, 0))
        check_row(history, final, c, event["message"], event["t"], where, verdict)
    return last
