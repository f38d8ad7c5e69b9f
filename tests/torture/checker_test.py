#!/usr/bin/env python3
"""The checker against sound histories, and as a program. Broken ones: broken_test.py."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

from story import Story, sound

HERE = os.path.dirname(os.path.abspath(__file__))


class Sound(unittest.TestCase):
    def clean(self, story):
        verdict = story.verdict()
        self.assertTrue(verdict.clean, verdict.json())
        return verdict

    def test_a_bit_of_everything(self):
        verdict = self.clean(sound())
        self.assertEqual((verdict.counts["acknowledged"], verdict.counts["reads"], verdict.counts["events"],
                          verdict.counts["replicas"]), (12, 4, 12, 3))

    def test_open_sends_applied_and_absent(self):
        story = sound()
        op = story.call("send", body="open1")
        story.store("open1")
        story.answer(op, "unknown")
        story.call("send", body="open2")  # Never answered, not there.
        op = story.call("send", body="open3")
        story.answer(op, "failed")
        story.sent("later")
        counts = self.clean(story).counts
        self.assertEqual((counts["open_applied"], counts["open_absent"], counts["failed"]), (1, 1, 1))

    def test_overlapping_sends_in_either_order(self):
        story = sound()
        first, second = story.call("send", body="x"), story.call("send", "w/bob", body="y")
        place = story.store("y", "bob")
        story.answer(first, **story.store("x"))
        story.answer(second, **place)
        self.clean(story)

    def test_a_repeated_send(self):
        story = sound()
        op = story.call("send", body="open", rid="f" * 32)
        place = story.store("open", rid="f" * 32)
        story.answer(op, "unknown")
        story.sent("between", "w/bob")
        story.answer(story.call("send", body="open", rid="f" * 32), **place)
        self.clean(story)

    def test_a_read_beside_a_send_may_miss_it_and_a_stale_one_may_lag(self):
        story = sound()
        op = story.call("send", body="x")
        story.read(len(story.log))
        story.answer(op, **story.store("x"))
        story.read(len(story.log) - 1, "session", "v/bob")  # Of a client that saw nothing yet.
        story.read(len(story.log) - 1, "stale", "v/bob", bound_ms=1_000)
        self.clean(story)

    def test_an_outbox_over_two_runs(self):
        story = sound()
        for run in ("o1", "o2"):
            for number in range(2):
                body = f"{run}-{number}"
                story.answer(story.call("queue", f"{run}/ada", body=body), rid=f"{run}{number}")
                place = story.store(body, rid=f"{run}{number}")
        story.call("queue", "o2/ada", body="killed in the call")
        for row in story.log[-4:]:
            story.lines.append({"e": "outbox", "t": story.tick(), "body": row[3], "r": "ok", "seq": row[0]})
        story.lines.append({"e": "drained", "sender": "ada", "open": 0})
        self.assertEqual(self.clean(story).counts["acknowledged"], 16)
        self.assertEqual(place["seq"], len(story.log))

    def test_deletions_and_marks(self):
        story = sound()
        story.answer(story.call("delete", seqs=[2]))
        story.log[1][3] = None
        story.read()
        story.answer(story.call("mark", seq=5))
        story.marks["ada"] = 5
        self.clean(story)

    def test_a_stream_that_gave_everything(self):
        story = sound()
        story.lines.append({"e": "end", "stream": "s", "viewer": "bob", "t": story.tick()})
        self.clean(story)

    def test_without_quorum_what_was_called_before_may_be_acknowledged(self):
        story = sound()
        op = story.call("send", body="x")
        begin = story.tick()
        story.answer(op, **story.store("x"))
        story.read(level="session")
        story.lines.append({"e": "no_quorum", "from": begin, "to": story.tick()})
        story.sent("after")
        self.assertEqual(self.clean(story).counts["reads_without_quorum"], 1)


class Program(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "h.jsonl"), "w", encoding="utf-8") as file:
                file.write(text)
            done = subprocess.run([sys.executable, os.path.join(HERE, "checker.py"), directory],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_exit_codes(self):
        story = sound()
        text = "".join(json.dumps(line) + "\n" for line in story.whole())
        self.assertEqual(self.run_on(text)[0], 0)
        self.assertEqual(self.run_on(text + '{"e":"return","op')[0], 0)  # Killed while it wrote.
        self.assertEqual(self.run_on('{"e":"ret\n' + text)[0], 2)
        self.assertEqual(self.run_on('{"e":"return","op":"w/77","t":1,"r":"ok"}\n')[0], 2)
        self.assertEqual(self.run_on("".join(json.dumps(line) + "\n" for line in story.lines))[0], 2)  # No server.
        story.store("ghost")
        code, said = self.run_on("".join(json.dumps(line) + "\n" for line in story.whole()))
        self.assertEqual(code, 1)
        self.assertIn("ghost", said)

    def test_half_a_million_operations_in_time(self):
        story = Story()
        for number in range(120_000):
            story.sent(f"m{number}", "w/ada" if number % 2 else "v/bob")
            if number % 12 == 0:
                op = story.call("read", "v/bob", level="linearizable", after=-1, limit=12)
                story.answer(op, messages=[list(row) for row in story.log[-12:]], more=False)
            story.event(story.log[-1])
        begun = time.monotonic()
        verdict = story.verdict()
        self.assertTrue(verdict.clean, verdict.json())
        self.assertLess(time.monotonic() - begun, 60)


if __name__ == "__main__":
    unittest.main()
