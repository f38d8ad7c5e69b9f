"""The chat example in a terminal of the test's own, and with pipes: typing, editing, what others write,
failovers, and the terminal as it was before."""

import re
import signal
import socket
import subprocess

from harness import main
from screen import CHAT, ESCAPE, ChatTest, Screen, width


class Chat(ChatTest):
    def test_two_people_through_a_failover(self):
        self.up(3)
        probe, chat = self.chatting()
        ada, bob = self.screen("ada", "bob"), self.screen("bob", "ada")
        ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        bob.type("half a li")  # What comes must not disturb it.
        bob.until(lambda: "ada> half a li" in bob.raw, "bob's typing")
        ada.type("hello\r")
        ada.wait("ada: hello")
        bob.until(lambda: bob.raw.rstrip("\x1b[0123456789C\r").endswith("ada> half a li"), "redrawn")
        bob.wait("ada: hello")
        self.must("kill", "primary")
        ada.type("still there?\r")
        bob.wait("ada: still there\\?")
        bob.type("ne\r")
        ada.wait("bob: half a line")
        for screen in (ada, bob):
            screen.wait(r"now on 127\.0\.0\.1:\d+, \d+ ms")
            self.assertIn("(switching", screen.raw)
        ada.type("\x04")
        bob.type("\x03")
        for screen in (ada, bob):
            self.assertEqual(screen.leave(), 0, screen.raw)
            self.assertTrue(screen.restored())
        self.assertEqual(self.bodies(probe, chat), ["hello", "still there?", "half a line"])

    def test_who_types_and_how_the_others_are(self):
        self.up(1)
        self.chatting()
        ada, bob = self.screen("ada", "bob"), self.screen("bob", "ada")
        ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        ada.type("/who")  # A command is nobody's business.
        ada.until(lambda: "bob> /who" in ada.raw, "the command")
        ada.type(" bob\r")
        ada.keep_typing("\x15/who bob\r", r"bob, online, here since \d{4}-\d\d-\d\d")
        self.assertNotIn("typing", bob.raw)
        ada.type("hel")
        bob.until(lambda: "ada (typing\u2026)> " in bob.raw, "that ada types")
        place = len(bob.raw)
        bob.until(lambda: "ada> " in bob.raw[place:], "that she types no more")
        bob.type("\x04")
        self.assertEqual(bob.leave(), 0)
        ada.keep_typing("\x15/who bob\r", r"bob, last seen \d{4}-\d\d-\d\d \d\d:\d\d UTC, here since \d{4}-\d\d-\d\d")

    def test_editing(self):
        self.up(1)
        probe, chat = self.chatting()
        left, right, up, down, home, end = (f"\x1b[{c}" for c in "DCABHF")
        typed = {
            f"wrld{left}{left}{left}o\r": "world",
            f"ello{home}h{end}!\r": "hello!",
            "ac\x01\x1b[C\x1b[D>\x05<\r": ">ac<",
            f"abc{left}\x7f\r": "ac",
            f"abc{home}\x1b[3~\x04\r": "c",
            "all of it\x15none\r": "none",
            f"one two three\x17\x17{right}2\r": "one 2",
            f"keep this{home}{right * 4}\x0b\r": "keep",
            f"{up}{up}\r": "one 2",
            f"draft{up}{down}s\r": "drafts",
            f"\u00e9t\u00e9 \u65e5\u672c\u8a9e{left}\x7f\U0001f600\r": "\u00e9t\u00e9 \u65e5\U0001f600\u8a9e",
        }
        screen = self.screen("ada", "bob")
        screen.until(lambda: "bob> " in screen.raw, "the prompt")
        place = 0
        for keys, text in typed.items():
            screen.type(keys)
            place = screen.wait("ada: " + re.escape(text), place)
        self.assertEqual(self.bodies(probe, chat), list(typed.values()))

    def test_the_prompt_is_ready_once_lines_can_be_sent(self):
        self.up(1)
        self.chatting()
        screen = Screen([self.addresses()[0], "ada", "wrong horse", "bob"], 80)
        self.addCleanup(screen.end)
        self.assertEqual(screen.leave(), 1)
        screen.until(lambda: "password" in screen.raw, "why")
        rows = [ESCAPE.sub("", row) for row in screen.rows()]
        self.assertIn("bob (logging in\u2026)> ", rows)
        self.assertNotIn("bob> ", rows)

    def test_the_state_has_the_room_that_the_text_leaves(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            address = "127.0.0.1:%d" % silent.getsockname()[1]
            screen = Screen([address, "ada", "correct horse", "bob"], 24)
            self.addCleanup(screen.end)
            screen.until(lambda: "bob (connecting\u2026)> " in screen.raw, "the whole state")
            self.assertLess(max(width(ESCAPE.sub("", row)) for row in screen.rows()), 24)

    def test_small_terminal_and_harmful_text(self):
        self.up(1)
        probe, chat = self.chatting()
        screen = self.screen("ada", "bob", columns=20)
        screen.until(lambda: "bob> " in screen.raw, "the prompt")
        long = "0123456789 \u65e5\u672c\u8a9e " * 6
        screen.type(long + "\x1b[H" + "\x1b[C" * 30 + "x\x05")
        screen.until(lambda: screen.rows() and screen.rows()[-1].endswith("\u8a9e "), "all is typed")
        evil = "\x1b[2J\x07bell\rback\x7f\u009b31m\u202egnp\nnext"
        probe.must("send", session="bob", conversation=chat, body=evil)
        screen.until(lambda: "next" in screen.raw, "the message")
        self.assertNotIn("\x1b[2J", screen.raw)
        for bad in "\x07\x7f\u009b\u202e":
            self.assertNotIn(bad, screen.raw)
        self.assertIn("bell\u240dback", screen.raw)
        for row in screen.rows():
            self.assertLess(width(ESCAPE.sub("", row)), 20, row)
        screen.type("\r")
        at = 30  # Where the x went in.
        screen.wait("ada: " + re.escape((long[:at] + "x" + long[at:])))

    def test_scrollback_and_sigterm(self):
        self.up(1)
        probe, chat = self.chatting()
        for number in range(25):
            probe.must("send", session="bob", conversation=chat, body=f"old {number}")
        screen = self.screen("ada", "bob")
        screen.wait("bob: old 24")
        probe.must("send", session="bob", conversation=chat, body="live")
        screen.wait("bob: live")
        self.assertEqual(screen.lines(), [f"bob: old {n}" for n in range(5, 25)] + ["bob: live"])
        self.assertFalse(screen.restored())
        screen.process.send_signal(signal.SIGTERM)
        self.assertEqual(screen.leave(), 0)
        self.assertTrue(screen.restored())

    def test_with_pipes(self):
        self.up(1)
        probe = self.probe()
        probe.must("create", name="bob")
        words = [CHAT, self.addresses()[0], "newcomer", "correct horse", "bob"]
        ran = subprocess.run(words, input="one\n\ntwo", capture_output=True, text=True, timeout=60)
        self.assertEqual((ran.returncode, ran.stdout, ran.stderr),
                         (0, "newcomer: one\nnewcomer: two\n", ""))
        ran = subprocess.run(words, input="three\n", capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.stdout, "".join(f"newcomer: {n}\n" for n in ("one", "two", "three")))

    def test_a_group(self):
        self.up(1)
        self.chatting()
        ada, bob = self.screen("ada", "bob"), self.screen("bob", "ada")
        ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        ada.type('/group "early birds" bob\r')
        ada.wait('ada made the group "early birds"')
        ada.until(lambda: "early birds> " in ada.raw, "the group's prompt")
        bob.wait(r'you are in the group "early birds" now: /open \d+ shows it')
        number = re.findall(r"/open (\d+) shows", bob.raw)[-1]
        bob.type(f"/open {number}\r")
        bob.wait('ada made the group "early birds"')
        bob.type("hello\r")
        ada.wait("bob: hello")
        place = len(ada.raw)
        ada.type("/history 1\r")
        ada.wait(r"\d+  bob: hello", place)
        seq = re.findall(r"(\d+)  bob: hello", ada.raw)[-1]
        for typed, screen, said in (
                (f"/reply {seq} yourself", bob, rf"ada \(to {seq}\): yourself"),
                (f"/react {seq} \U0001f426", bob, f"ada put \U0001f426 on {seq}"),
                (f"/react {seq} \U0001f426", bob, f"ada took back \U0001f426 from {seq}"),
                ("/promote bob", bob, "ada made bob an admin"),
                ('/rename "wild fowl"', bob, 'ada renamed the group to "wild fowl"'),
                ("/rename tame fowl", bob, 'ada renamed the group to "tame fowl"'),
                ("/members", ada, r"ada, owner, online, has read up to \d+"),
                ("/demote bob", bob, "ada made bob an ordinary member"),
                ("/promote bob owner", bob, "ada made bob the owner"),
                (f"/delete {seq}", bob, f"deleted: {seq}"),
                ("/leave", bob, "ada left")):
            ada.type(typed + "\r")
            screen.wait(said)
        ada.wait("you have left this group: .*")
        ada.type("anybody?\r")
        ada.wait("not sent: .*")
        ada.type("/open bob\r")
        ada.until(lambda: "\x1b[Kbob> " in ada.raw[ada.raw.rindex("not sent"):], "the prompt")
        bob.type("/dissolve\r")
        bob.wait("this group has ended: .*")

    def test_one_s_own_messages(self):
        self.up(1)
        self.chatting()
        ada, bob = self.screen("ada", "bob"), self.screen("bob", "ada")
        bob.until(lambda: "ada> " in bob.raw, "bob's prompt")
        ada.until(lambda: "bob> " in ada.raw, "ada's prompt")
        ada.type("helo\r")
        bob.wait("ada: helo")
        ada.type("/edit 1 hello\r")
        bob.wait(r"1  ada: hello  \(edited\)")
        bob.type("/hide 1\r")
        bob.wait("hidden from you; .*")
        bob.type("/history\r")
        bob.wait(r"1  \(hidden from you\)")
        ada.type("/edit 7 nothing\r")
        ada.wait("no such message: /history shows the numbers of messages")
        bob.type("/edit 1 mine\r")
        bob.wait("only one's own messages can be edited: /history shows whose they are")
        ada.type("/edits 1\r")
        ada.wait(r"until \d{4}-\d\d-\d\d \d\d:\d\d UTC: helo")
        ada.type("/draft not yet\r")
        ada.wait('kept, on all your devices: "not yet"')
        ada.type("/draft\r")
        ada.wait('kept until now: "not yet"')
        ada.type("/draft\r")
        ada.wait("nothing is kept here")

    def test_people_with_pipes(self):
        self.up(1)
        probe, _ = self.chatting()
        probe.must("create", name="eve")
        words = [CHAT, self.addresses()[0], "ada", "correct horse", "bob"]

        def said(*lines):
            ran = subprocess.run(words, input="\n".join(lines) + "\n", capture_output=True,
                                 text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            return ran.stdout

        told = said("/who eve", "/block eve", "/who eve", "/unblock eve", "/who e*")
        self.assertRegex(told, r"(?s)eve, offline, here since \d{4}-\d\d-\d\d\n.*you block this account.*\neve\n")
        self.assertRegex(said("/sessions"), r"\d+  terminal, since [-\d]+ \d\d:\d\d UTC, .*\(this one\)\n")
        self.assertIn("OLD has to be", said('/password "wrong horse" "battery staple"'))
        self.assertIn("another one now", said('/password "correct horse" "battery staple"'))
        words[3] = "battery staple"
        self.assertRegex(said("/chats"), r"(?m)^\d+  bob")
        self.assertIn("nobody", said("/who z*"))
        self.assertIn("you block nobody\n", said("/blocked"))
        self.assertRegex(said("/block eve", "/blocked"), "(?m)^eve$")
        self.assertIn('others see "Ada L.": counts\n', said("/about counts", "/name Ada L."))
        self.assertRegex(said("/who ada"), "(?m)^ada, Ada L., .*: counts$")
        self.assertIn("your account stays", said("/delete-account wrong"))
        self.assertIn("your account is gone\n", said('/delete-account "battery staple"'))
        self.assertEqual(subprocess.run(words[:2] + ["bob", "correct horse", "ada"], capture_output=True,
                                        stdin=subprocess.DEVNULL, text=True, timeout=60).returncode, 1)

    def test_commands_that_cannot_be_run_say_what_to_do(self):
        self.up(1)
        self.chatting()
        ran = subprocess.run(
            [CHAT, self.addresses()[0], "ada", "correct horse", "bob"], capture_output=True,
            text=True, timeout=60,
            input="/nothing\n/edit x y\n/edit 1\n/reply\n/history x\n/group\n/add\n/sessions off\n"
                  "/password x\n/password x y\n/find before:x\n/reply 99 x\n/open nobody\n/react 1 a b\n"
                  "/\n/sessions end 999999\n/help\n//help\n/quit now\nnever sent\n")
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        for line in ("there is no command /nothing: /help shows all",
                     "/edit SEQ TEXT: the number of a message is needed; /history shows them",
                     "/edit SEQ TEXT: the text is missing",
                     "/reply SEQ TEXT: the number of a message is needed",
                     "/history [N]: N is a number", "/group TITLE NAME...: the title is missing",
                     "/add NAME...: somebody's name is missing",
                     "/sessions [end ID]: the number", "/password OLD NEW: your password",
                     "the new password must have 8 to", "\nbefore: wants a day",
                     "not sent: the message to answer names no", "nobody has no account yet",
                     "/react SEQ EMOJI: one emoji", "a word of up to 32 bytes",
                     "before:DAY after:DAY; a DAY is one of UTC, such as 2026-11-26, and itself left out",
                     "there is no command /: /help shows all", "you have no session 999999: /sessions",
                     "/dissolve ", "/quit ", "ada: /help\n"):
            self.assertIn(line, ran.stdout)
        self.assertNotIn("never sent", ran.stdout)

    def test_mistakes(self):
        self.up(1)
        self.chatting()
        for words, said in (((self.addresses()[0], "ada", "wrong horse", "bob"), "password"),
                            ((self.addresses()[0], "ada", "correct horse", "nobody"), "nobody has no account yet: run chat"),
                            ((self.addresses()[0], "Ada", "correct horse", "bob"), "chat: the name must be"),
                            (("nonsense", "ada", "correct horse", "bob"), "HOST:PORT")):
            ran = subprocess.run([CHAT, *words], stdin=subprocess.DEVNULL, capture_output=True,
                                 text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stdout), (1, ""))
            self.assertIn(said, ran.stderr)


if __name__ == "__main__":
    main()
