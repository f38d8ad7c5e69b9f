"""What the others, and the servers, learn of somebody who is at the chat example: what has been read, that
one stopped typing, that one has left; and what one is told when there is no majority."""

import signal
import subprocess

from harness import main, poll
from screen import CHAT, ChatTest, Screen


class Leaving(ChatTest):
    def test_what_is_shown_is_read_and_the_rest_delivered(self):
        self.up(1)
        probe, chat = self.chatting()
        probe.must("create", name="eve")
        probe.must("login", name="eve")
        other = probe.must("open", session="eve", peer="bob")["conversation"]
        first = probe.must("send", session="ada", conversation=chat, body="one")["seq"]
        marks = lambda who, where: probe.must("marks", session=who, conversation=where)
        self.assertEqual(marks("ada", chat)["read"], 0)
        bob = self.screen("bob", "ada")
        bob.wait("ada: one")
        poll(lambda: marks("ada", chat)["read"] == first, "the history is read")
        second = probe.must("send", session="ada", conversation=chat, body="two")["seq"]
        bob.wait("ada: two")
        poll(lambda: marks("ada", chat)["read"] == second, "what comes is read")
        third = probe.must("send", session="eve", conversation=other, body="three")["seq"]
        poll(lambda: marks("eve", other)["delivered"] == third, "the rest is delivered")
        self.assertEqual(marks("eve", other)["read"], 0)

    def test_typing_ends_with_who_types(self):
        self.up(1)
        self.chatting()
        ada, bob = self.screen("ada", "bob"), self.screen("bob", "ada")
        ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        ada.type("hel")
        bob.until(lambda: "ada (typing\u2026)> " in bob.raw, "that ada types")
        place = len(bob.raw)
        ada.type("\x03")
        self.assertEqual(ada.leave(), 0)
        bob.until(lambda: "ada> " in bob.raw[place:], "that she types no more", 3)

    def test_no_session_stays(self):
        self.up(1)
        self.chatting()
        words = [CHAT, self.addresses()[0], "ada", "correct horse", "bob"]

        def terminals():
            """How many, with the one that looks."""
            ran = subprocess.run(words, input="/sessions\n", capture_output=True, text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            return ran.stdout.count("terminal")

        self.assertEqual(terminals(), 1)
        self.assertEqual(terminals(), 1)
        for leaving in ("/quit\r", "\x03", "\x04", signal.SIGTERM):
            ada = self.screen("ada", "bob")
            ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
            if isinstance(leaving, str):
                ada.type(leaving)
            else:
                ada.process.send_signal(leaving)
            self.assertEqual(ada.leave(), 0)
            self.assertEqual(terminals(), 1, leaving)
        words[4] = "nobody"
        self.assertEqual(subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True,
                                        timeout=60).returncode, 1)
        words[4] = "bob"
        self.assertEqual(terminals(), 1)

    def test_a_session_that_is_ended_elsewhere(self):
        self.up(1)
        self.chatting()
        first = self.screen("ada", "bob")
        first.until(lambda: "bob> " in first.raw, "ada's prompt")
        second = self.screen("ada", "bob")
        second.until(lambda: "bob> " in second.raw, "ada's other prompt")
        second.type("/sessions\r")
        second.wait(r"[^\r]*terminal[^\r]*this one[^\r]*")
        line = [one for one in second.lines() if "terminal" in one and "this one" not in one][0]
        second.type(f"/sessions end {line.split()[0].strip(':,')}\r")
        self.assertEqual(first.leave(), 1)
        self.assertIn("this session has been ended", first.raw)
        self.assertTrue(first.restored())
        second.type("/quit\r")
        self.assertEqual(second.leave(), 0)

    def test_it_is_stopped_while_it_starts(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            screen = Screen(["127.0.0.1:1", "ada", "correct horse", "bob"], 80)
            self.addCleanup(screen.end)
            screen.until(lambda: "(connecting" in screen.raw, "that it starts")
            screen.process.send_signal(number)
            screen.until(lambda: screen.process.poll() is not None, "the end", 5)
            self.assertEqual(screen.leave(), 128 + number)
            self.assertTrue(screen.restored())

    def test_without_a_majority(self):
        self.up(3)
        self.chatting()
        bob = self.screen("bob", "ada")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        self.must("kill", "backup")
        self.must("kill", "backup")
        bob.until(lambda: "no majority" in bob.raw, "that it is so")
        bob.type("lost?\r")
        bob.wait(r"The message was (not sent|not acknowledged) within 10 s[^\r]*: "
                 r"(try again in a moment|look into the conversation before you send it again)"
                 r"[^\r]* \(\"lost\?\"\)")
        self.assertNotIn("ms", bob.lines()[-1])
        left = [one["address"] for one in self.status()["servers"] if one["process"] == "running"][0]
        ran = subprocess.run([CHAT, left, "ada", "correct horse", "bob"], stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stderr), (1,
            "chat: It could not be done within 10 s: the servers have no primary, which takes a "
            "majority of them; nothing was changed: try again in a moment\n"))
        bob.type("and this?\r")
        bob.type("\x03")
        bob.until(lambda: "(waiting for an answer; Ctrl-C leaves at once)> " in bob.raw, "that it waits")
        bob.type("\x03")
        bob.wait('no answer yet, so this may have been sent or not: "and this\\?"')
        bob.wait("you stay logged in here, .*")
        self.assertEqual(bob.leave(), 0)


if __name__ == "__main__":
    main()
