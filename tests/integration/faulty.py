"""Clusters whose servers run on disks with faults; see tests/lib/fault_process_platform.h."""

import os
import signal

from harness import IntegrationTest, poll, program


class FaultyDisks(IntegrationTest):
    """Every server keeps what it has not synced in its own memory: SIGKILL is a power loss."""

    def setUp(self):
        super().setUp()
        self.env["STARLINGD"] = program("faulty/starlingd")
        self.env["STARLING_FAULT_WRITE_BACK"] = "50"

    def data_dir(self, server):
        return os.path.join(self.names()[self.name], server, "data")

    def log_text(self, server):
        with open(os.path.join(self.names()[self.name], server, "log"), encoding="utf-8",
                  errors="replace") as log:
            return log.read()

    def faults(self, server, *lines):
        """Gives the server's disk these faults and no others."""
        path = self.data_dir(server) + ".faults"
        with open(path + ".new", "w", encoding="utf-8") as out:
            out.write("".join(line + "\n" for line in lines))
        os.rename(path + ".new", path)

    def lose_power(self, *names):
        """Of these servers, at the same instant."""
        pids = [self.servers()[name]["pid"] for name in names]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        # A killed process whose threads are still ending counts as running for clusterctl.
        poll(lambda: all(self.exited(name) for name in names), "all are dead")

    def exited(self, server):
        return self.servers()[server]["process"] == "exited"

    def some(self, role):
        """The name of the primary, or of a backup."""
        self.wait_primary()
        return next(n for n, s in self.servers().items() if s["role"] == role)
