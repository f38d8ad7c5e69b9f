#!/usr/bin/env python3
"""Judges the recorded histories of a torture run: ./checker.py DIRECTORY [-o json]

history.py says what the files hold. What is found is one of

  lost        acknowledged, and not there (on a server, or in a stream that has given everything)
  doubled     one send or event, twice
  reordered   order differs: between ids and seqs, from what was acknowledged, from one client's order of calls,
              from real time (an acknowledged send stands behind one that was called later), in a stream
  stale       a read misses what its level promises
  invented    there, and nobody sent it, or not so, or not yet; or said never to happen
  gaps        a seq is left out
  unresolved  a send without an outcome that is there on some servers only, or still in an outbox
  diverged    servers hold different things
  unfounded   acknowledged though no majority could meet

Exit 0: nothing found; 1: something; 2: no history. It knows nothing of the product's code.
"""

import argparse
import bisect
import json
import sys

import history as histories
import reads as read_checks
from history import INF

CLASSES = ("lost", "doubled", "reordered", "stale", "invented", "gaps", "unresolved", "diverged", "unfounded")
EXAMPLES_MAX = 5


class Verdict:
    def __init__(self):
        self.found = dict.fromkeys(CLASSES, 0)
        self.examples = {name: [] for name in CLASSES}
        self.counts = {}

    def add(self, name, sentence):
        self.found[name] += 1
        if len(self.examples[name]) < EXAMPLES_MAX:
            self.examples[name].append(sentence)

    @property
    def clean(self):
        return not any(self.found.values())

    def json(self):
        return {"clean": self.clean, **self.counts, **self.found,
                "examples": {name: texts for name, texts in self.examples.items() if texts}}

    def line(self):
        counts = self.counts
        return (f"{counts['acknowledged']} acknowledged on {counts['replicas']} servers: "
                + ", ".join(f"{self.found[name]} {name}" for name in CLASSES)
                + f"; {counts['open']} sends without an outcome: {counts['open_applied']} applied, "
                f"{counts['open_absent']} absent; {counts['reads']} reads, {counts['events']} events")


class Final:
    """The log as one server holds it in the end: what the others, and everybody's view, are compared with."""

    def __init__(self, history):
        self.rows = {}  # c -> messages in the order of seq
        self.ids = {}  # c -> their ids
        self.place = {}  # body -> (c, seq, id)
        self.by_place = {}  # (c, seq) -> body
        rids = {send.rid: send for send in history.sends.values() if send.rid}
        for send in history.sends.values():
            for seq, _ in send.places:
                self.by_place[send.c, seq] = send.body
        replica = min(history.replicas.values(), key=lambda one: one.name, default=None)
        for (_, c), messages in sorted((replica.views if replica else {}).items()):
            rows = self.rows.setdefault(c, messages)
            for seq, number, _, body, rid in messages:
                if body is None and rid in rids:  # A tombstone keeps the request's id.
                    body = rids[rid].body
                if body is None:
                    body = self.by_place.get((c, seq))
                if body is not None:
                    self.by_place[c, seq] = body
                    self.place.setdefault(body, (c, seq, number))
            self.ids[c] = [row[1] for row in rows]

    def row(self, c, seq):
        rows = self.rows.get(c, ())
        return rows[seq - 1] if 0 < seq <= len(rows) and rows[seq - 1][0] == seq else None


def check_shape(history, replica, verdict):
    """One server's rows by themselves, and against what was asked for."""
    deleted = {(one.c, seq) for one in history.deletes for seq in one.call["seqs"]}
    for (viewer, c), rows in replica.views.items():
        where = f"{replica.name}, conversation {c} as {viewer} sees it"
        seen, before = {}, 0
        for position, (seq, number, sender, body, rid) in enumerate(rows, 1):
            if seq != position:
                verdict.add("gaps", f"{where}: seq {seq} stands at place {position}")
                break
            if number <= before:
                verdict.add("reordered", f"{where}: seq {seq} has id {number}, after id {before}")
            before = number
            if body is None:
                if (c, seq) not in deleted:
                    verdict.add("invented", f"{where}: seq {seq} is deleted, and nobody asked for that")
                continue
            if body in seen:
                verdict.add("doubled", f"{where}: {body} at seq {seen[body]} and at seq {seq}")
            seen[body] = seq
            send = history.sends.get(body)
            if send is None or send.c != c or send.sender != sender:
                verdict.add("invented", f"{where}: seq {seq}, {body} of {sender}, was sent by nobody there")
            elif send.refused:
                verdict.add("invented", f"{where}: seq {seq}, {body}, was said never to happen")
            elif rid and send.rid and rid != send.rid:
                verdict.add("invented", f"{where}: seq {seq}, {body}, has the request id {rid}, not {send.rid}")
        last_seq = replica.conversations.get((viewer, c), (len(rows), 0))[0]
        if last_seq != len(rows):
            verdict.add("gaps", f"{where}: {len(rows)} messages, and the last seq is {last_seq}")


def check_acknowledged(history, replica, verdict):
    """What was acknowledged is there, where it was said to be."""
    rows = {}
    for (_, c), messages in replica.views.items():
        rows.setdefault(c, {}).update((row[0], row) for row in messages)
    bodies = {}
    for c, messages in rows.items():
        for row in messages.values():
            if row[3] is not None:
                bodies[row[3]] = (c, row[0])
    for send in history.sends.values():
        for seq, number in send.places[:1]:
            row = rows.get(send.c, {}).get(seq)
            if row and row[3] in (None, send.body) and number in (None, row[1]):
                continue
            if send.body in bodies:
                verdict.add("reordered", f"{replica.name}: {send.says()} was acknowledged as seq {seq}, id "
                            f"{number}, and is at {bodies[send.body]}")
            else:
                verdict.add("lost", f"{replica.name}: {send.says()} was acknowledged as seq {seq}, and is not there")
    for one in history.deletes:
        for seq in one.call["seqs"] if one.outcome == "ok" else ():
            row = rows.get(one.c, {}).get(seq)
            if row and row[3] is not None:
                verdict.add("lost", f"{replica.name}: the deletion of {one.c}/{seq} was acknowledged ({one.op})")
    for one in history.marks:
        stands = replica.conversations.get((one.viewer, one.c), (0, 0))[1]
        if one.outcome == "ok" and stands < one.call["seq"]:
            verdict.add("lost", f"{replica.name}: {one.viewer} marked {one.c} as read up to {one.call['seq']} "
                        f"({one.op}), and the mark stands at {stands}")


def check_equal(history, verdict):
    """All servers hold the same."""
    replicas = sorted(history.replicas.values(), key=lambda one: one.name)
    for replica in replicas[1:]:
        first = replicas[0]
        names = f"{first.name} and {replica.name}"
        if (replica.applied_index, replica.state_hash) != (first.applied_index, first.state_hash):
            verdict.add("diverged", f"{names}: state {first.state_hash} at {first.applied_index}, "
                        f"{replica.state_hash} at {replica.applied_index}")
        if replica.conversations != first.conversations:
            verdict.add("diverged", f"{names}: other conversations, or other marks in them")
        for view in sorted(set(first.views) | set(replica.views)):
            compare(history, names, view, first.views.get(view, []), replica.views.get(view, []), verdict)


def compare(history, names, view, one, other, verdict):
    if one == other:
        return
    where = f"{names}, conversation {view[1]} as {view[0]} sees it"
    left, right = {row[1]: row for row in one}, {row[1]: row for row in other}
    for number in sorted(left.keys() ^ right.keys()):
        row = left.get(number) or right.get(number)
        send = history.sends.get(row[3])
        if send is not None and not send.acked:
            verdict.add("unresolved", f"{where}: {send.says()} has no outcome, and only one of them has it")
        else:
            verdict.add("diverged", f"{where}: only one has {row}")
    common = [row[1] for row in one if row[1] in right]
    if common != [row[1] for row in other if row[1] in left]:
        verdict.add("reordered", f"{where}: the same messages in another order")
    for number in common:
        if left[number] != right[number]:
            verdict.add("diverged", f"{where}: {left[number]} and {right[number]}")


def check_order(history, final, verdict):
    """The order of the log, against real time and against each client's order of calls."""
    there = sorted((final.place[send.body][2], send) for send in history.sends.values()
                   if send.body in final.place)
    earliest, which = INF, None
    for number, send in reversed(there):
        if earliest < send.called:
            verdict.add("reordered", f"{which.says()} was acknowledged before {send.says()} was called, and "
                        f"stands behind it (ids {final.place[which.body][2]} and {number})")
        if send.answered < earliest:
            earliest, which = send.answered, send
    lanes = {}
    for send in history.sends.values():
        if send.body in final.place:
            lanes.setdefault(send.lane, []).append(send)
    for (name, _), sends in lanes.items():
        sends.sort(key=lambda send: send.called if send.queued else send.order)
        for before, after in zip(sends, sends[1:]):
            if final.place[before.body][2] > final.place[after.body][2]:
                verdict.add("reordered", f"{name} sent {before.says()} before {after.says()}, and it stands behind it")


def check_outcomes(history, final, verdict):
    """Each send by itself: the same answer each time, an outcome in the end."""
    applied = absent = 0
    for send in history.sends.values():
        told = [place for place in send.places if place[1] is not None] or send.places
        if len(set(told)) > 1:
            verdict.add("doubled", f"{send.says()} was acknowledged as {' and as '.join(map(str, told))}")
        if send.acked or send.refused:
            continue
        if send.body in final.place:
            applied += 1
        else:
            absent += 1
            if send.queued and "queued" in send.outcomes:
                left = history.outboxes.get(send.sender)
                verdict.add("lost" if left == 0 else "unresolved",
                            f"{send.says()} was in its outbox, in which {left} are left, and is nowhere")
    verdict.counts.update(open=applied + absent, open_applied=applied, open_absent=absent)


def check_founded(history, verdict):
    """Without a majority nothing is acknowledged that was called meanwhile."""
    windows = sorted(history.no_quorum)
    begins = [window[0] for window in windows]

    def inside(called, answered):
        at = bisect.bisect_right(begins, called) - 1
        return at >= 0 and answered <= windows[at][1]

    for send in history.sends.values():
        for called, answered, outcome in send.attempts:
            # A repeated send may be answered from what is known already: by its first answer it is judged.
            if outcome == "ok" and called == send.called and inside(called, answered):
                verdict.add("unfounded", f"{send.says()} was acknowledged without a majority")
    for one in history.reads:
        if one.outcome == "ok" and one.call["level"] == "linearizable" and inside(one.called, one.answered):
            verdict.add("unfounded", f"the linearizable read {one.op} was answered without a majority")
    verdict.counts["reads_without_quorum"] = sum(
        1 for one in history.reads if one.outcome == "ok" and inside(one.called, one.answered))


def check(history):
    if not history.replicas:
        raise histories.Malformed("no server's final state was recorded: there is nothing to compare with")
    verdict = Verdict()
    final = Final(history)
    sends = history.sends.values()
    verdict.counts = {
        "acknowledged": sum(1 for send in sends if send.acked), "sends": len(sends),
        "failed": sum(1 for send in sends if send.refused), "replicas": len(history.replicas),
        "reads": sum(1 for one in history.reads if one.outcome == "ok"),
        "events": sum(len(events) for events in history.streams.values()),
        "deletions": sum(1 for one in history.deletes if one.outcome == "ok")}
    for replica in history.replicas.values():
        check_shape(history, replica, verdict)
        check_acknowledged(history, replica, verdict)
    check_equal(history, verdict)
    check_order(history, final, verdict)
    check_outcomes(history, final, verdict)
    check_founded(history, verdict)
    read_checks.check_streams(history, final, verdict)
    read_checks.check_reads(history, final, verdict)
    return verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", help="where the histories are")
    parser.add_argument("-o", "--output", choices=("text", "json"), default="text")
    arguments = parser.parse_args()
    try:
        verdict = check(histories.read_directory(arguments.directory))
    except (histories.Malformed, OSError) as error:
        print(f"checker: {error}", file=sys.stderr)
        return 2
    if arguments.output == "json":
        print(json.dumps(verdict.json()))
    else:
        for name, texts in verdict.examples.items():
            for text in texts:
                print(f"{name}: {text}")
        print(verdict.line())
    return 0 if verdict.clean else 1


if __name__ == "__main__":
    sys.exit(main())
