#!/usr/bin/env python3
"""The checker against one broken history for each thing that it finds."""

import unittest

from story import sound


class Broken(unittest.TestCase):
    def finds(self, story, *names):
        verdict = story.verdict()
        found = {name for name, count in verdict.found.items() if count}
        self.assertEqual(found, set(names), verdict.json())
        for name in names:
            self.assertTrue(verdict.examples[name])

    def says(self, story, name, text):
        """Among other things it finds this."""
        verdict = story.verdict()
        self.assertIn(text, " | ".join(verdict.examples[name]), verdict.json())

    def without(self, story, seq):
        """The log as if that message had never been."""
        rows = [list(row) for row in story.log if row[0] != seq]
        for position, row in enumerate(rows, 1):
            row[0] = position
        return rows

    # lost

    def test_lost_on_all(self):
        story = sound()
        story.lines = [line for line in story.lines if line["e"] != "event" and line.get("f") != "read"
                       and "messages" not in line]
        story.log.pop()
        self.finds(story, "lost")

    def test_lost_on_one(self):
        story = sound()
        story.replicas["n3"] = story.log[:-1]
        self.finds(story, "lost", "diverged")

    def test_lost_in_the_middle(self):
        story = sound()
        story.replicas["n3"] = self.without(story, 4)
        found = story.verdict().found
        self.assertTrue(found["lost"] and found["reordered"], found)

    def test_lost_deletion(self):
        story = sound()
        story.answer(story.call("delete", seqs=[2]))
        self.finds(story, "lost")

    def test_lost_mark(self):
        story = sound()
        story.answer(story.call("mark", seq=5))
        story.marks["ada"] = 4
        self.finds(story, "lost")

    def test_lost_from_an_outbox(self):
        story = sound()
        story.answer(story.call("queue", "o/ada", body="x"), rid="aa")
        story.lines.append({"e": "drained", "sender": "ada", "open": 0})
        self.finds(story, "lost")

    def test_lost_by_a_stream(self):
        story = sound()
        story.sent("last")
        story.lines.append({"e": "end", "stream": "s", "viewer": "bob", "t": story.tick()})
        self.finds(story, "lost")

    # doubled

    def test_doubled_in_the_log(self):
        story = sound()
        story.store("a5", rid=f"{5:032x}")
        self.finds(story, "doubled")

    def test_doubled_outcome(self):
        story = sound()
        op = story.call("send", body="a5", rid=f"{5:032x}")
        story.answer(op, **story.store("other"))
        found = story.verdict().found
        self.assertTrue(found["doubled"], found)

    def test_doubled_event(self):
        story = sound()
        story.event(story.log[-1])
        self.finds(story, "doubled")

    def test_doubled_cursor(self):
        story = sound()
        story.event([0, 0, "", None, ""], cursor=[1, 12, 0, 9], kind="other")
        self.finds(story, "doubled")

    def test_doubled_event_under_a_new_cursor(self):
        story = sound()
        story.event(story.log[-1], cursor=[1, 500, 0, 9])
        self.finds(story, "doubled")

    # reordered

    def test_against_real_time(self):
        story = sound()
        story.sent("x")
        op = story.call("send", "w/bob", body="y")
        x, y = story.log.pop(), ["seq", "id", "bob", "y", ""]
        y[:2], x[:2] = x[:2], [x[0] + 1, x[1] + 65536]
        story.log += [y, x]
        story.answer(op, seq=y[0], id=y[1])
        for line in story.lines:
            if line["e"] == "return" and line.get("seq") == y[0] and line["op"] != op:
                line.update(seq=x[0], id=x[1])
        self.finds(story, "reordered")

    def test_an_open_send_before_what_was_acknowledged_before_its_call(self):
        story = sound()
        place = story.store("late")
        story.sent("x", "w/bob")
        story.call("send", body="late")
        self.assertEqual(place["seq"], 13)
        self.finds(story, "reordered")

    def test_against_one_clients_order(self):
        story = sound()
        first, second = story.call("send", body="x"), story.call("send", body="y")
        place = story.store("y")
        story.answer(first, **story.store("x"))
        story.answer(second, **place)
        self.finds(story, "reordered")

    def test_of_an_outbox(self):
        story = sound()
        for body in ("x", "y"):
            story.answer(story.call("queue", "o/ada", body=body), rid=body)
        for body in ("y", "x"):
            seq = story.store(body, rid=body)["seq"]
            story.lines.append({"e": "outbox", "t": story.tick(), "body": body, "r": "ok", "seq": seq})
        self.finds(story, "reordered")

    def test_on_one_server(self):
        story = sound()
        rows = [list(row) for row in story.log]
        rows[3][2:], rows[4][2:] = rows[4][2:], rows[3][2:]
        story.replicas["n3"] = rows
        self.says(story, "diverged", "[4, ")
        self.says(story, "reordered", "and is at (1, 5)")

    def test_on_one_server_by_id(self):
        story = sound()
        rows = [list(row) for row in story.log]
        rows[3][1:], rows[4][1:] = rows[4][1:], rows[3][1:]
        story.replicas["n3"] = rows
        self.says(story, "reordered", "the same messages in another order")

    def test_elsewhere_than_acknowledged(self):
        story = sound()
        op = story.call("send", body="x")
        place = story.store("x")
        story.answer(op, seq=place["seq"] + 1, id=place["id"] + 1)
        self.finds(story, "reordered")

    def test_ids_against_seqs(self):
        story = sound()
        op = story.call("send", body="x")
        story.store("x")
        story.log[-1][1] = 5
        story.answer(op, seq=13, id=5)
        self.says(story, "reordered", "seq 13 has id 5, after id")

    def test_in_a_stream(self):
        story = sound()
        story.event(story.log[2], "t", [1, 3, 0, 9])
        verdict = story.verdict()
        self.assertTrue(verdict.found["gaps"])
        story = sound()
        story.event(story.log[0], "t", [1, 9, 0, 9])
        story.event(story.log[1], "t", [1, 2, 0, 9])
        self.finds(story, "reordered")

    def test_in_a_read(self):
        for fields, finding in ((2, "in the log that is b1"), (1, "in the log it is (1, ")):
            story = sound()
            story.read()
            rows = story.lines[-1]["messages"]
            rows[3][:fields], rows[4][:fields] = rows[4][:fields], rows[3][:fields]
            rows[3], rows[4] = rows[4], rows[3]
            self.says(story, "reordered", finding)

    # stale

    def test_linearizable_read_misses_what_was_acknowledged(self):
        story = sound()
        story.read(11, client="v/bob")
        self.finds(story, "stale")

    def test_linearizable_read_misses_what_another_read_saw(self):
        story = sound()
        story.call("send", body="open")
        story.store("open")
        story.read(level="session")
        story.read(12, client="v/bob")
        self.finds(story, "stale")

    def test_empty_linearizable_read(self):
        story = sound()
        story.read(0, client="v/bob")
        self.finds(story, "stale")

    def test_page_that_ends_too_early(self):
        story = sound()
        story.read(2, client="v/bob", after=3)
        self.finds(story, "stale")

    def test_session_goes_back(self):
        story = sound()
        story.read(11, "session")
        self.finds(story, "stale")

    def test_session_misses_its_own_write(self):
        story = sound()
        story.sent("x")
        story.read(12, "session", "w/ada")
        self.finds(story, "stale")

    def test_session_misses_its_own_event(self):
        story = sound()
        story.event(story.log[-1], "t")
        story.lines[-1]["client"] = "v/bob"
        story.lines[-1]["seq"] = 12
        story.read(11, "session", "v/bob")
        found = story.verdict().found
        self.assertTrue(found["stale"], found)

    def test_stale_read_beyond_its_bound(self):
        story = sound()
        story.tick(1_000)
        story.read(11, "stale", "v/bob", bound_ms=500)
        self.finds(story, "stale")

    def test_deleted_message_shown(self):
        story = sound()
        story.answer(story.call("delete", seqs=[2]))
        story.read()
        story.log[1][3] = None
        self.finds(story, "stale")

    # invented

    def test_sent_by_nobody(self):
        story = sound()
        story.store("ghost")
        self.finds(story, "invented")

    def test_other_sender_other_body_other_request(self):
        for at, value in ((2, "bob"), (3, "other"), (4, "e" * 32)):
            story = sound()
            story.lines = [line for line in story.lines if line["e"] != "event" and line.get("f") != "read"
                           and "messages" not in line]
            story.log[0][at] = value
            found = story.verdict().found
            self.assertTrue(found["invented"], (at, found))

    def test_was_said_never_to_happen(self):
        story = sound()
        op = story.call("send", body="x")
        story.answer(op, "failed")
        story.store("x")
        self.finds(story, "invented")

    def test_deleted_by_nobody(self):
        story = sound()
        story.log[3][3] = None
        self.finds(story, "invented")

    def test_seen_before_it_was_sent(self):
        story = sound()
        story.store("x")
        story.read()
        story.answer(story.call("send", body="x"), seq=13, id=13 * 65536)
        self.finds(story, "invented")

    def test_read_that_is_not_in_the_log(self):
        story = sound()
        story.call("send", "v/ada", body="gone")
        story.read()
        story.lines[-1]["messages"].append([13, 13 * 65536, "ada", "gone", ""])
        found = story.verdict().found
        self.assertTrue(found["invented"], found)

    def test_event_of_nobody(self):
        story = sound()
        story.event([13, 13 * 65536, "ada", "ghost", ""])
        self.finds(story, "invented")

    def test_deletion_of_nobody_in_a_stream_and_in_a_read(self):
        story = sound()
        story.event(story.log[3], cursor=[1, 50, 0, 9], kind="deleted")
        self.finds(story, "invented")
        story = sound()
        story.read()
        story.lines[-1]["messages"][3][3] = None
        self.finds(story, "invented")

    def test_more_than_asked_for(self):
        story = sound()
        story.read()
        story.lines[-2]["limit"] = 5
        self.finds(story, "invented")

    # gaps

    def test_gap_in_the_log(self):
        story = sound()
        story.log[5:] = [[row[0] + 1, *row[1:]] for row in story.log[5:]]
        self.says(story, "gaps", "seq 7 stands at place 6")

    def test_messages_missing_at_the_end(self):
        story = sound()
        lines = story.whole()
        for line in lines:
            if line["e"] == "conversation":
                line["last_seq"] = 13
        story.whole = lambda: lines
        self.finds(story, "gaps")

    def test_gap_in_a_read(self):
        story = sound()
        story.read()
        del story.lines[-1]["messages"][4]
        self.finds(story, "gaps")

    def test_gap_in_a_stream(self):
        story = sound()
        story.event(story.log[0], "t")
        story.event(story.log[2], "t")
        self.finds(story, "gaps")

    # the rest

    def test_unresolved_on_some_servers(self):
        story = sound()
        story.call("send", body="open")
        story.store("open")
        story.replicas["n2"] = story.log[:-1]
        self.finds(story, "unresolved", "diverged")

    def test_unresolved_in_an_outbox(self):
        story = sound()
        story.answer(story.call("queue", "o/ada", body="x"), rid="aa")
        story.lines.append({"e": "drained", "sender": "ada", "open": 1})
        self.finds(story, "unresolved")

    def test_diverged_by_a_message_of_nobody(self):
        story = sound()
        story.replicas["n2"] = [*story.log, [13, 13 * 65536, "ada", "ghost", ""]]
        self.says(story, "diverged", "only one has [13, ")

    def test_diverged_by_hash(self):
        story = sound()
        lines = story.whole()
        lines[-1]["state_hash"] = "8"
        story.whole = lambda: lines
        self.finds(story, "diverged")

    def test_unfounded(self):
        def from_an_outbox(story):
            story.answer(story.call("queue", "o/ada", body="x"), rid="aa")
            seq = story.store("x", rid="aa")["seq"]
            story.lines.append({"e": "outbox", "t": story.tick(), "body": "x", "r": "ok", "seq": seq})

        for act in (lambda story: story.sent("x"), lambda story: story.read(), from_an_outbox):
            story = sound()
            begin = story.tick()
            act(story)
            story.lines.append({"e": "no_quorum", "from": begin, "to": story.tick()})
            self.finds(story, "unfounded")


if __name__ == "__main__":
    unittest.main()
