"""The outbox example is killed with SIGKILL again and again, at random points of its life: whatever it
said was queued arrives exactly once and in order; what it had no time to say arrives at most once. And it
is started with no server there, killed, and started again: the same holds once the cluster comes up."""

import os
import random
import signal
import subprocess
import time

from harness import IntegrationTest, main, poll

EXAMPLES = os.path.join(os.environ["STARLING_BUILD_DIR"], "examples")
# By hand: STARLING_OUTBOX_KILLS=200.
KILLS = int(os.environ.get("STARLING_OUTBOX_KILLS", "12"))


class Outbox(IntegrationTest):
    def test_killed_at_random_points(self):
        seed = int(os.environ.get("STARLING_SEED", "0")) or random.SystemRandom().randrange(1 << 31)
        dice = random.Random(seed)
        self.up(3)
        probe, chat = self.chatting()
        said, fed = [], []
        for run in range(KILLS):
            lines = [f"{run}.{i}" for i in range(dice.randrange(1, 120))]
            fed += lines
            last = run == KILLS - 1
            said += self.feed(lines, None if last else dice.uniform(0.0, 0.25))
        history = probe.must("history", session="ada", conversation=chat)["messages"]
        stored = [body for _, _, _, body in history]
        note = f"seed {seed}"
        self.assertEqual(len(stored), len(set(stored)), f"doubled; {note}")
        self.assertEqual([line for line in said if line not in set(stored)], [], f"lost; {note}")
        self.assertEqual([line for line in stored if line not in set(fed)], [], f"invented; {note}")
        place = {line: number for number, line in enumerate(fed)}
        self.assertEqual(stored, sorted(stored, key=place.get), f"reordered; {note}")
        print(f"{KILLS - 1} kills, {len(said)} queued, {len(stored)} stored; {note}")

    def test_begun_before_its_cluster(self):
        self.up(3)
        probe, chat = self.chatting()
        addresses = self.addresses()
        self.assertEqual(self.feed(["online"], None), ["online"])  # Learns who it is.
        self.must("down")
        lines = [f"offline {i}" for i in range(20)]
        self.queue_and_kill(addresses[0], lines[:10])
        program = self.queue(addresses[0], lines[10:])
        self.up(3)
        self.assertEqual(self.addresses(), addresses)
        _, error = program.communicate(timeout=60)
        self.assertEqual(program.returncode, 0, error)
        history = probe.must("history", session="ada", conversation=chat)["messages"]
        self.assertEqual([body for _, _, _, body in history], ["online", *lines])

    def queue(self, address, lines):
        """The program, once it said that all the lines were queued."""
        words = [os.path.join(EXAMPLES, "outbox"), address, "ada", "correct horse", "bob",
                 os.path.join(self.dir, "outbox.db")]
        program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, program)
        program.stdin.writelines(line + "\n" for line in lines)
        program.stdin.flush()
        for _ in lines:
            self.assertRegex(program.stdout.readline(), "queued")
        return program

    def queue_and_kill(self, address, lines):
        program = self.queue(address, lines)
        program.kill()
        program.communicate(timeout=30)

    @staticmethod
    def end(program):
        if program.poll() is None:
            program.kill()
        program.wait(30)
        for stream in (program.stdin, program.stdout, program.stderr):
            stream.close()

    def test_a_file_is_for_one_sender_and_one_receiver(self):
        self.up(3)
        self.chatting()  # Makes ada and bob.
        words = [os.path.join(EXAMPLES, "outbox"), self.addresses()[0]]
        file = os.path.join(self.dir, "one.db")

        def send(name, peer):
            return subprocess.run([*words, name, "correct horse", peer, file], input="hello\n", text=True,
                                  capture_output=True, timeout=60, check=False)

        self.assertEqual(send("ada", "bob").returncode, 0)
        for name, peer in (("bob", "ada"), ("ada", "ada"), ("ada", "nobody")):
            refused = send(name, peer)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn("is for what ada sends to bob", refused.stderr)

    def feed(self, lines, kill_after):
        """The lines that the program said were queued."""
        words = [os.path.join(EXAMPLES, "outbox"), self.addresses()[0], "ada", "correct horse", "bob",
                 os.path.join(self.dir, "outbox.db")]
        out = os.path.join(self.dir, "outbox.out")
        source = os.path.join(self.dir, "lines")
        with open(source, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        with open(source, encoding="utf-8") as stdin, open(out, "wb") as stdout:
            process = subprocess.Popen(words, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
        try:
            if kill_after is None:
                _, error = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 0, error)
            else:
                # From the first sign of life on, or from the start.
                if kill_after > 0.05:
                    poll(lambda: os.path.getsize(out) or process.poll() is not None, "any output")
                time.sleep(kill_after / 5)
                process.send_signal(signal.SIGKILL)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=30)
        with open(out, encoding="utf-8") as printed:
            queued = sum(1 for line in printed if line.endswith(" queued\n"))
        return lines[:queued]

    def test_who_has_no_account_is_told_so(self):
        self.up(1)
        self.chatting()
        file = os.path.join(self.dir, "outbox.db")

        def said(name, peer):
            ran = subprocess.run([os.path.join(EXAMPLES, "outbox"), self.addresses()[0], name,
                                  "correct horse", peer, file], stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stdout), (1, ""))
            return ran.stderr

        self.assertIn("there is no account eve with that password", said("eve", "bob"))
        self.assertIn("eve has no account yet", said("ada", "eve"))
        self.feed(["one"], kill_after=None)
        self.assertIn("is for what ada sends to bob, not eve to bob: name these two, or another file",
                      said("eve", "bob"))


if __name__ == "__main__":
    main()
