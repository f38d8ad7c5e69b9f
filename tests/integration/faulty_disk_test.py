"""One server's disk fails, is full, slow or damaged, while clients are at work: the others go on within a
bound, nothing acknowledged is lost, and the server says in a sentence what happened."""

import os
import re

from faulty import FaultyDisks
from harness import main, poll

# Seconds in which the others have to take writes again.
BOUND = 20.0


class OneFails(FaultyDisks):
    def start(self):
        self.up(3)
        self.probe_, self.chat = self.chatting()
        self.probe_.must("load_start", session="ada", conversation=self.chat, window=32)
        self.wait_acked(self.probe_, 200)

    def goes_on(self, more=200):
        self.wait_acked(self.probe_, more, timeout=BOUND)

    def finish(self):
        self.stop_load(self.probe_)
        self.wait_converged()
        self.check_replicas(self.probe_, self.chat)

    def says(self, server, *words):
        """One line of its log has all of these; they are patterns."""
        lines = self.log_text(server).splitlines()
        self.assertTrue(any(all(re.search(word, line) for word in words) for line in lines),
                        f"{server} does not say {words}:\n" + "\n".join(lines[-20:]))


class DiskErrors(OneFails):
    """The server stops and says why; with a sound disk it comes back and has everything."""

    def stops_and_comes_back(self, role, fault, *words):
        victim = self.some(role)
        self.faults(victim, fault)
        poll(lambda: self.exited(victim), f"{victim} ends at: {fault}", BOUND)
        self.says(victim, *words)
        self.goes_on()
        self.faults(victim)
        self.must("restart", victim)
        poll(lambda: self.servers()[victim]["role"] == "backup", f"{victim} is back after: {fault}", BOUND)
        self.goes_on(50)

    def test_the_primary_and_a_backup_one_after_the_other(self):
        self.start()
        for role in ("primary", "backup"):
            self.stops_and_comes_back(role, "fail write log.db-wal EIO", "log could not be written", "I/O")
            self.stops_and_comes_back(role, "fail sync log.db-wal EIO", "log could not be (written|checkpointed)", "I/O")
            self.stops_and_comes_back(role, "fail write log.db-wal ENOSPC", "log could not be written", "full")
            self.stops_and_comes_back(role, "fail write chat.db-wal EIO", "chat store", "I/O")
        self.finish()
        self.assertEqual(len(self.running()), 3)

    def test_term_and_vote_that_cannot_be_written(self):
        self.start()
        victim = self.some("backup")
        self.faults(victim, "fail sync vote EIO")
        self.must("kill", "primary")  # The next term has to be written down first.
        poll(lambda: self.exited(victim), f"{victim} ends", BOUND)
        self.says(victim, "term and vote could not be written")
        self.faults(victim)
        for name, server in self.servers().items():
            if server["process"] == "exited":
                self.must("restart", name)
        self.goes_on()
        self.finish()


class SlowDisk(OneFails):
    """Half a second for each fsync. Nobody stops, and what has a quorum goes on at its pace."""

    def test_a_backup_and_then_the_primary(self):
        self.start()
        for role in ("backup", "primary"):
            victim = self.some(role)
            self.faults(victim, "slow 500")
            # A primary whose own disk is that slow hands on or steps down, or waits for two others.
            self.goes_on()
            self.assertEqual(self.servers()[victim]["process"], "running")
            self.faults(victim)
            poll(lambda: self.status()["quorum"]["up"] == 3, "all three count again", BOUND)
        self.finish()
        self.assertEqual(len(self.running()), 3)


class DamagedFiles(OneFails):
    """A bit of a file is flipped while its server is down."""

    def setUp(self):
        super().setUp()
        # The real disk: a file that was removed without a sync of its directory would be there again, and a WAL that
        # comes back hides what is damaged below it.
        del self.env["STARLINGD"]

    def flip(self, path, at):
        with open(path, "r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 0x10]))

    def test_in_the_log(self):
        self.start()
        victim = self.some("backup")
        self.must("kill", victim, "--signal", "TERM")
        poll(lambda: self.exited(victim), "it has stopped in order")
        path = os.path.join(self.data_dir(victim), "log.db")
        with open(path, "rb") as file:
            log = file.read()
        at = log.find(b"ada load ", len(log) // 2)  # In the body of a message.
        self.assertGreater(at, 0)
        self.flip(path, at)
        self.assertNotEqual(self.ctl("restart", victim).code, 0)
        self.says(victim, "damaged", "set the data directory aside")
        self.goes_on()
        # A corrupt log is a new identity (R2.7): its server leaves, and another one takes its place.
        self.must("leave", victim)
        self.must("join")
        self.finish()
        self.assertEqual(len(self.running()), 3)

    def test_in_the_state(self):
        self.start()
        victim = self.some("backup")
        before = self.servers()[victim]["id"]
        self.must("kill", victim, "--signal", "TERM")
        poll(lambda: self.exited(victim), "it has stopped in order")
        path = os.path.join(self.data_dir(victim), "chat.db")
        for page in range(1, os.path.getsize(path) // 4096):
            self.flip(path, page * 4096)  # What kind of page it is.
        self.must("restart", victim)
        self.says(victim, "chat store", "rebuilt")
        poll(lambda: self.servers()[victim]["role"] == "backup", "it is back", BOUND)
        self.assertEqual(self.servers()[victim]["id"], before)
        self.goes_on()
        self.finish()
        self.assertEqual(len(self.running()), 3)


if __name__ == "__main__":
    main()
