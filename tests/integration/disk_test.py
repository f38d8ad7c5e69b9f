"""A disk that fills: every file of one backup may grow only so far (RLIMIT_FSIZE)."""

import os
import resource

from harness import IntegrationTest, main, poll


class FullDisk(IntegrationTest):
    def test_the_backup_stops_and_the_cluster_goes_on(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 300)
        victim = self.must("kill", "backup", "-o", "json").json["server"]
        address = self.servers()[victim]["address"]
        listing = self.must("status", "-o", "json").json
        self.assertTrue(listing["quorum"]["ok"])
        data = self.data_dir(victim)
        largest = max(os.path.getsize(os.path.join(root, name))
                      for root, _, files in os.walk(data) for name in files)
        limit = largest + 512 * 1024

        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        process = self.starlingd("--data", data, "--listen", address, preexec=limited)
        poll(lambda: process.exited() or self.health(address), "it serves first")
        code = process.wait_exit(60)
        self.assertNotEqual(code, 0, process.text())
        self.assertNotEqual(process.text(), "")
        self.wait_acked(probe, 300)
        self.stop_load(probe)
        self.assertTrue(self.status()["quorum"]["ok"])
        self.wait_converged()
        self.check_replicas(probe, chat)
        # With room again it takes up where its disk ends, and has every acknowledged message.
        self.must("restart", victim)
        self.wait_converged()
        self.assertEqual(len(self.running()), 3)
        self.check_replicas(probe, chat)

    def data_dir(self, server):
        return os.path.join(self.names()[self.name], server, "data")


if __name__ == "__main__":
    main()
