"""Reads the histories of a torture run: what each client saw, and what each server holds at the end.

A directory of files *.jsonl, one object a line. `t` is the machine's monotonic clock in nanoseconds. `c` is a
conversation. A body is written as its first word, which no other body has, and a hash of the whole; a message
is [seq, id, sender, body or null when deleted, request id in hex or "" for those who did not send it].

  {"e":"start","process":"w0.1","t":..}                one run of a recording process begins
  {"e":"call","op":"w0.1/7","client":"w0.1/c0","sender":"t0","f":F,"t":..,"c":..} before a call, and
      F=send    "body" "rid" (if the client chose it)  sent; the same body again: the same send, repeated
      F=queue   "body"                                 put into the durable outbox of "sender"
      F=read    "level" linearizable|session|stale, "bound_ms" (stale), "after" (-1: the newest), "limit"
      F=delete  "seqs"                                 for all
      F=mark    "seq"                                  read up to there
  {"e":"return","op":..,"t":..,"r":R}                  after it; R = ok | failed (it never happens) | unknown
      and, when ok: "seq" "id" of a send, "messages" "more" of a read, "rid" of a queue. No return: unknown.
  {"e":"outbox","t":..,"body":..,"r":ok|failed,"seq":..}  what became of a queued message, in whichever run
  {"e":"drained","sender":..,"open":N}                 what is left in the outbox of "sender" at the end
  {"e":"event","stream":S,"client":..,"t":..,"kind":message|deleted|other,"cursor":[epoch,index,ordinal,cluster],
      "c":..,"seq":..,"message":[..]}                  given by a subscription that goes on over runs, from the first
  {"e":"end","stream":S,"viewer":..,"t":..}            the subscription has given all that there was
  {"e":"no_quorum","from":..,"to":..}                  no majority of the servers ran or could meet meanwhile
  {"e":"conversation","replica":N,"viewer":..,"c":..,"last_seq":..,"read_seq":..}     what a server holds
  {"e":"messages","replica":N,"viewer":..,"c":..,"messages":[..]}
  {"e":"replica","replica":N,"applied_index":..,"state_hash":".."}

What the operations on a client saw is taken from `t` and from the numbers in `op`, in the order of which one
client called. Nothing here knows the product's code.
"""

import glob
import json
import os

INF = float("inf")


class Malformed(Exception):
    """The files are no history."""


class Send:
    """One message that somebody wanted to send, by its body."""

    __slots__ = ("body", "client", "sender", "c", "order", "called", "answered", "rid", "places", "outcomes",
                 "attempts", "queued")

    def __init__(self, body, call, queued):
        self.body, self.client, self.sender, self.c = body, call["client"], call["sender"], call["c"]
        self.order = operation_number(call["op"])
        self.called = call["t"]
        self.answered = INF  # The first acknowledgement.
        self.rid = call.get("rid", "")
        self.places = []  # (seq, id) of each acknowledgement; the outbox tells no id.
        self.outcomes = []
        self.attempts = []  # (called, answered, outcome)
        self.queued = queued

    @property
    def acked(self):
        return self.answered != INF

    @property
    def refused(self):
        """It is known never to happen."""
        return bool(self.outcomes) and all(outcome == "failed" for outcome in self.outcomes)

    @property
    def lane(self):
        """What is ordered among itself: one client, or one outbox over all runs, in one conversation."""
        return (f"outbox of {self.sender}" if self.queued else self.client, self.c)

    def says(self):
        return f"{self.body.split('#')[0]} ({self.sender} in {self.c})"


class Operation:
    """A read, a deletion or a mark."""

    __slots__ = ("op", "client", "viewer", "f", "c", "called", "answered", "outcome", "call", "messages", "more")

    def __init__(self, call):
        self.op, self.client, self.f, self.c = call["op"], call["client"], call["f"], call["c"]
        self.viewer = call["sender"]
        self.called, self.answered, self.outcome = call["t"], INF, "unknown"
        self.call, self.messages, self.more = call, (), False


class Replica:
    def __init__(self, name):
        self.name = name
        self.applied_index = self.state_hash = None
        self.views = {}  # (viewer, c) -> messages
        self.conversations = {}  # (viewer, c) -> (last_seq, read_seq)


class History:
    def __init__(self):
        self.sends = {}
        self.reads, self.deletes, self.marks = [], [], []
        self.streams = {}  # name -> events
        self.ends = {}  # name -> viewer
        self.outboxes = {}  # sender -> what is left in it
        self.no_quorum = []
        self.replicas = {}
        self.torn = 0
        self._open = {}
        self._outbox = []

    def add(self, line):
        kind = line["e"]
        if kind == "call":
            self._call(line)
        elif kind == "return":
            self._return(line)
        elif kind == "event":
            self.streams.setdefault(line["stream"], []).append(line)
        elif kind == "outbox":
            self._outbox.append(line)
        elif kind == "messages":
            view = self._replica(line).views.setdefault((line["viewer"], line["c"]), [])
            view.extend(line["messages"])
        elif kind == "conversation":
            replica = self._replica(line)
            replica.conversations[line["viewer"], line["c"]] = (line["last_seq"], line["read_seq"])
            replica.views.setdefault((line["viewer"], line["c"]), [])
        elif kind == "replica":
            replica = self._replica(line)
            replica.applied_index, replica.state_hash = line["applied_index"], line["state_hash"]
        elif kind == "end":
            self.ends[line["stream"]] = line["viewer"]
            self.streams.setdefault(line["stream"], [])
        elif kind == "drained":
            self.outboxes[line["sender"]] = line["open"]
        elif kind == "no_quorum":
            self.no_quorum.append((line["from"], line["to"]))
        elif kind not in ("start", "fault"):
            raise Malformed(f"no such line: {kind}")

    def _replica(self, line):
        return self.replicas.setdefault(line["replica"], Replica(line["replica"]))

    def _call(self, line):
        if line["op"] in self._open:
            raise Malformed(f"two calls are named {line['op']}")
        if line["f"] not in ("send", "queue"):
            operation = Operation(line)
            {"read": self.reads, "delete": self.deletes, "mark": self.marks}[line["f"]].append(operation)
            self._open[line["op"]] = operation
            return
        send = self.sends.get(line["body"])
        if send is None:
            send = self.sends[line["body"]] = Send(line["body"], line, line["f"] == "queue")
        elif (send.c, send.sender, send.rid) != (line["c"], line["sender"], line.get("rid", "")):
            raise Malformed(f"two sends have the body {line['body']}")
        self._open[line["op"]] = (send, line["t"])

    def _return(self, line):
        operation = self._open.get(line["op"])
        if operation is None:
            raise Malformed(f"{line['op']} returns and was not called")
        self._open[line["op"]] = None
        if isinstance(operation, Operation):
            operation.outcome, operation.answered = line["r"], line["t"]
            operation.messages, operation.more = line.get("messages", ()), line.get("more", False)
            return
        send, called = operation
        if send.queued:  # In the outbox: what became of it, the outbox tells.
            send.rid = line.get("rid", send.rid)
            send.attempts.append((called, line["t"], "queued" if line["r"] == "ok" else "unknown"))
            send.outcomes.append("queued" if line["r"] == "ok" else "unknown")
            return
        self._outcome(send, called, line)

    @staticmethod
    def _outcome(send, called, line):
        send.outcomes.append(line["r"])
        send.attempts.append((called, line["t"], line["r"]))
        if line["r"] == "ok":
            send.answered = min(send.answered, line["t"])
            send.places.append((line["seq"], line.get("id")))

    def close(self):
        """After the last line."""
        for operation in self._open.values():
            if isinstance(operation, tuple):
                operation[0].outcomes.append("unknown")
        for line in self._outbox:
            send = self.sends.get(line["body"])
            if send is None:
                raise Malformed(f"an outbox tells of {line['body']}, which nobody queued")
            if line["r"] == "failed":
                send.outcomes = ["failed"]
            else:
                self._outcome(send, send.called, line)
        self._open.clear()


def operation_number(name):
    return int(name.rsplit("/", 1)[1])


def read(paths):
    history = History()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n") if line]
        for number, text in enumerate(lines):
            try:
                line = json.loads(text)
            except ValueError:
                # A process was killed while it wrote: its last line, or the one before the next run.
                if number + 1 < len(lines) and not lines[number + 1].startswith('{"e":"start"'):
                    raise Malformed(f"{path}: no JSON: {text[:80]}") from None
                history.torn += 1
                continue
            history.add(line)
    history.close()
    return history


def read_directory(directory):
    paths = sorted(glob.glob(os.path.join(directory, "*.jsonl")))
    if not paths:
        raise Malformed(f"no histories in {directory}")
    return read(paths)
