"""Servers fail for good, one after another: the members heal themselves down to three voters, and who
comes back is a learner first.

STARLING_DEAD_AFTER_S and STARLING_KILL_EVERY_S make it as slow as a real cluster is."""

import os
import signal
import time

from harness import IntegrationTest, main, poll

DEAD_AFTER = int(os.environ.get("STARLING_DEAD_AFTER_S", "2"))  # Seconds.
KILL_EVERY = float(os.environ.get("STARLING_KILL_EVERY_S", "0"))  # At the earliest.


class Healing(IntegrationTest):
    def up_healing(self, count):
        self.up(count, "--dead-server-timeout-s", str(DEAD_AFTER))
        return self.servers()

    def voters(self):
        """Addresses of the voters, by a server that has a quorum; else None."""
        for server in self.running().values():
            health = self.health(server["address"])
            if health and health.has_quorum:
                return {s.address for s in health.servers.servers if s.voter}
        return None

    def wait_voters(self, wanted):
        poll(lambda: self.voters() == wanted, f"the voters are {sorted(wanted)}", timeout=60)

    def test_three_of_five_fail_one_after_another(self):
        servers = self.up_healing(5)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        alive = {s["address"] for s in servers.values()}
        for round_ in range(3):
            self.wait_acked(probe, 100)
            victim = self.wait_primary() if round_ != 1 else next(
                n for n, s in self.running().items() if s["role"] == "backup")
            alive.discard(servers[victim]["address"])
            killed = time.monotonic()
            self.must("kill", victim)
            if round_ < 2:
                self.wait_voters(alive)
                print(f"{victim} killed, {len(alive)} voters after {time.monotonic() - killed:.1f} s")
                time.sleep(max(0.0, killed + KILL_EVERY - time.monotonic()))
        # Two of the three voters that are left: the third stays a member.
        self.wait_acked(probe, 300)
        self.assertEqual(len(self.voters()), 3)
        state = self.stop_load(probe)
        self.check_replicas(probe, chat)
        self.assertEqual(len(self.running()), 2)
        print(f"two of five are left, {state['acked']} sends acknowledged, none failed, each there once")

    def test_one_that_was_away_comes_back_by_itself(self):
        servers = self.up_healing(4)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 100)
        away = next(n for n, s in self.running().items() if s["role"] == "backup")
        everybody = {s["address"] for s in servers.values()}
        others = everybody - {servers[away]["address"]}
        self.must("pause", away)  # It will not have heard of its removal.
        self.wait_voters(others)
        self.wait_acked(probe, 100)
        self.must("resume", away)
        self.wait_voters(everybody)
        self.wait_acked(probe, 100)
        self.stop_load(probe)
        self.wait_converged()
        self.check_replicas(probe, chat)

    def test_one_that_was_killed_and_started_comes_back(self):
        servers = self.up_healing(4)
        probe, chat = self.chatting()
        away = next(n for n, s in self.running().items() if s["role"] == "backup")
        everybody = {s["address"] for s in servers.values()}
        self.must("kill", away)
        self.wait_voters(everybody - {servers[away]["address"]})
        probe.must("send", session="ada", conversation=chat, body="while it was away")
        # By hand and without --join, as a service manager would start it.
        data = f"{self.directory()}/{away}/data"
        process = self.starlingd("--data", data, "--listen", servers[away]["address"],
                                 "--dead-server-timeout-s", str(DEAD_AFTER))

        def votes_again():
            self.assertFalse(process.exited(), process.text())
            return self.voters() == everybody

        poll(votes_again, "it votes again", timeout=60)
        self.assertIn("asking", process.text())
        process.end(signal.SIGTERM)

    def directory(self):
        return self.names()[self.name]


if __name__ == "__main__":
    main()
