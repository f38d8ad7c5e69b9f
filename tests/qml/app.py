"""What the tests of the desktop app share: windows without a display, steered by lines."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["STARLING_SOURCE_DIR"], "tests", "integration"))

from harness import IntegrationTest, main, poll, program  # noqa: E402, F401

PASSWORD = "correct horse"
LOGIN, READY = 0, 1  # ChatClient::State
SENT, REPLICATED, READ = 2, 3, 5  # TimelineModel::MessageState


def isolated(text):
    """As a text of somebody stands in a sentence of the app."""
    return f"\u2068{text}\u2069"


class Window:
    """One running app."""

    # `full_files`: a file that may not grow is an error to it, not its end.
    def __init__(self, servers, data, full_files=False, driver=None, env=None):
        self.child = subprocess.Popen([driver or program("app_driver"), servers, data], text=True, env=env,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      restore_signals=not full_files)

    def ask(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline()
        if not answer:
            raise AssertionError(f"the app ended with {self.child.wait(10)} at: {line}")
        return json.loads(answer)

    def do(self, line):
        told = self.ask(line)
        if told["error"]:
            raise AssertionError(f"{line}: {told['error']}")
        return told

    def until(self, what, wanted):
        """Looks until `wanted(look)`."""
        return poll(lambda: (lambda told: told if wanted(told) else None)(self.ask("look")), what)

    def enter(self, how, name):
        self.until("the login page", lambda told: told["state"] == LOGIN)
        self.do(f"{how} {name} {PASSWORD}")
        self.until("the chat", lambda told: told["state"] == READY)

    def open(self, name):
        self.do(f"open {name}")
        return self.until("the conversation", lambda told: told["conversation"] != 0 and told["shown"] >= 0)

    def quit(self, timeout=20):
        self.child.stdin.close()
        return self.child.wait(timeout)

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            try:
                pipe.close()
            except OSError:
                pass


class AppTest(IntegrationTest):
    def window(self, data, servers=None, **words):
        if servers is None:
            servers = self.addresses(*self.servers())[0]
        one = Window(servers, os.path.join(self.dir, data), **words)
        self.addCleanup(one.kill)
        return one
