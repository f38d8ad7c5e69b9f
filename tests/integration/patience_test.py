"""A starlingd that has to wait for others: it says for what, ends at once when asked, and tells the
others of a new address before it serves there."""

import os
import signal
import time

from harness import IntegrationTest, main, poll


class Patience(IntegrationTest):
    def ends_at_once(self, process):
        begun = time.monotonic()
        process.end(signal.SIGTERM)
        self.assertLess(time.monotonic() - begun, 1.5, process.text())
        self.assertIn(process.wait_exit(), (0, 1), process.text())

    def test_a_join_without_a_quorum_says_what_it_waits_for(self):
        self.up(3)
        last = self.addresses("n3")[0]
        self.must("kill", "n1")
        self.must("kill", "n2")
        joiner = self.starlingd("--data", os.path.join(self.dir, "new"), "--listen",
                                f"127.0.0.1:{self.free_port()}", "--join", last)
        poll(lambda: "waiting: the cluster at " + last in joiner.text(), "it says so", 3)
        self.assertIn("quorum", joiner.text())
        self.ends_at_once(joiner)

    def test_a_join_at_a_server_that_hangs_ends_when_asked(self):
        self.up(1)
        address = self.addresses()[0]
        self.must("pause", "n1")
        joiner = self.starlingd("--data", os.path.join(self.dir, "new"), "--listen",
                                f"127.0.0.1:{self.free_port()}", "--join", address)
        poll(lambda: "joining the cluster" in joiner.text(), "it begins", 3)
        time.sleep(0.2)
        self.ends_at_once(joiner)

    def test_a_new_address_waits_for_somebody_to_tell(self):
        self.up(3)
        self.wait_converged()
        old = self.addresses()
        home = self.names()[self.name]
        self.must("down")

        def start(server, address):
            return self.starlingd("--data", os.path.join(home, server, "data"), "--listen", address,
                                  log=f"{server}.log")

        new = f"127.0.0.1:{self.free_port()}"
        moved = start("n1", new)
        poll(lambda: f"has to be told of {new} first" in moved.text(), "it says so at once", 2)
        poll(lambda: "waiting for a primary" in moved.text(), "and why it takes long", 5)
        self.ends_at_once(moved)
        moved = start("n1", new)
        start("n2", old[1])
        start("n3", old[2])

        def listed():
            health = self.health(new)
            return health and health.has_quorum and new in [s.address for s in health.servers.servers]

        poll(listed, "it serves, and the list has the new address", 15)
        self.ends_at_once(moved)


if __name__ == "__main__":
    main()
