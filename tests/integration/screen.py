"""The chat example in a terminal of the test's own."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata

from harness import PATIENCE, IntegrationTest

CHAT = os.path.join(os.environ["STARLING_BUILD_DIR"], "examples", "chat")
ESCAPE = re.compile(r"\x1b\[[0-9]*[A-Za-z]")


class Screen:
    """A chat whose terminal is read here."""

    def __init__(self, words, columns):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen([CHAT, *words], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave)
        self.raw = ""

    def type(self, text):
        os.write(self.master, text.encode())

    def look(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.raw += os.read(self.master, 65536).decode(errors="replace")

    def until(self, done, what, patience=PATIENCE):
        deadline = time.monotonic() + patience
        while not done():
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {patience:.0f} s: {what}; shown:\n{self.raw!r}")
            self.look(0.05)

    def wait(self, line, after=0):
        """Until the line stands above the edited one; where it ended."""
        pattern = re.compile(r"\r\x1b\[K" + line + r"\r\n")
        self.until(lambda: pattern.search(self.raw, after), line)
        return pattern.search(self.raw, after).end()

    def keep_typing(self, keys, line):
        """Asks until the answer is the line: what it tells of takes a moment to get here."""
        pattern = re.compile(r"\r\x1b\[K" + line + r"\r\n")
        asked = 0

        def answered():
            nonlocal asked
            if pattern.search(self.raw):
                return True
            if len(self.lines()) >= asked:
                asked = len(self.lines()) + 1
                self.type(keys)
            return False

        self.until(answered, line)

    def lines(self):
        return re.findall(r"\r\x1b\[K([^\r\x1b]*)\r\n", self.raw)

    def rows(self):
        """The edited row, each time that it was drawn."""
        return re.findall(r"\r\x1b\[K([^\r\n]*)\r(?!\n)", self.raw)

    def leave(self):
        """The exit code; the terminal must be as it was."""
        self.until(lambda: self.process.poll() is not None, "the end")
        return self.process.returncode

    def restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self.master)
        os.close(self.slave)


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class ChatTest(IntegrationTest):
    """With the password that harness.py gives everybody."""

    def screen(self, name, peer, columns=80):
        screen = Screen([self.addresses()[0], name, "correct horse", peer], columns)
        self.addCleanup(screen.end)
        return screen

    def bodies(self, probe, chat):
        return [body for _, _, _, body in
                probe.must("history", session="ada", conversation=chat)["messages"]]
