"""The primary hangs (SIGSTOP) while others go on, and comes back believing that it leads."""

import time

from harness import IntegrationTest, main, poll


class PausePrimary(IntegrationTest):
    def test_the_old_one_follows_and_never_answers_from_the_past(self):
        old = self.up(3)["primary"]
        old_address = self.addresses(old)[0]
        probe, chat = self.chatting()
        reader = self.another()  # Sessions that exist before the hang.
        writer = self.another("bob")
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 300)

        self.must("pause", old)
        self.assertEqual(self.servers()[old]["process"], "paused")
        new = self.wait_primary()
        self.assertNotEqual(new, old)
        self.wait_acked(probe, 300)

        # While it hangs it confirms nothing.
        read = reader.ask("newest", session="ada", conversation=chat, level="linearizable",
                          server=old_address, timeout_ms=700)
        self.assertFalse(read["ok"], read)
        write = writer.ask("send", session="bob", conversation=chat, body="to a hung server",
                           server=old_address, timeout_ms=700)
        self.assertFalse(write["ok"], write)

        # Calls that wait in its sockets while it hangs are answered after it goes on: never from the
        # past. What is acknowledged before they are made must be in what they see.
        known = probe.must("load_state", session="ada")["last_seq"]
        reader.submit("newest", session="ada", conversation=chat, level="linearizable",
                      server=old_address, timeout_ms=8000)
        writer.submit("send", session="bob", conversation=chat, body="to one just resumed",
                      server=old_address, timeout_ms=8000)
        self.must("resume", old)
        late = reader.answer()
        if late["ok"]:
            self.assertGreaterEqual(late["seq"], known)
        pinned = writer.answer()
        for _ in range(20):
            known = probe.must("load_state", session="ada")["last_seq"]
            read = reader.ask("newest", session="ada", conversation=chat, level="linearizable",
                              server=old_address, timeout_ms=3000)
            if read["ok"]:
                self.assertGreaterEqual(read["seq"], known)

        poll(lambda: self.servers()[old]["role"] == "backup", f"{old} follows")
        self.wait_acked(probe, 100)
        self.stop_load(probe)
        self.wait_converged()
        # Everything acknowledged by whomever is in the log of all, the old one included.
        if pinned["ok"]:
            everything = self.pinned(probe, "history", session="ada", conversation=chat,
                                     server=self.addresses(new)[0])["messages"]
            self.assertIn([pinned["seq"], pinned["id"], "bob", "to one just resumed"], everything)
        self.check_histories(probe, chat, writer)

    def check_histories(self, probe, chat, writer):
        """bob's pinned sends are in another probe's ledger: both are held against each replica."""
        histories = []
        for name, server in self.running().items():
            history = self.pinned(probe, "history", session="ada", conversation=chat,
                                  server=server["address"])["messages"]
            histories.append(history)
            self.assertEqual([m[0] for m in history], list(range(1, len(history) + 1)), name)
            bodies = [m[3] for m in history]
            self.assertEqual(len(set(bodies)), len(bodies), f"doubled at {name}")
            seen = self.pinned(probe, "check", session="ada", conversation=chat,
                               server=server["address"])
            strangers = sum(1 for m in history if m[2] == "bob")
            self.assertEqual((seen["lost"], seen["doubled"], seen["reordered"]), (0, 0, 0), seen)
            self.assertEqual(seen["invented"], strangers, seen)
        self.assertEqual(len(histories), 3)
        self.assertEqual(histories[0], histories[1])
        self.assertEqual(histories[0], histories[2])


class PauseBackup(IntegrationTest):
    def test_nobody_notices_and_it_catches_up(self):
        self.up(3)
        probe, chat = self.chatting()
        paused = self.must("pause", "backup", "-o", "json").json["server"]
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 300)
        self.assertTrue(self.status()["quorum"]["ok"])
        resumed = self.must("resume", "backup", "-o", "json").json["server"]
        self.assertEqual(resumed, paused)
        self.stop_load(probe)
        self.wait_converged()
        self.check_replicas(probe, chat)
        self.assertEqual(len(self.running()), 3)


class StaleReads(IntegrationTest):
    """R5.3: a bound holds at a server that was paused or left alone."""

    def newest(self, probe, chat, server, stale_ms, timeout_ms=3000):
        return probe.ask("newest", session="ada", conversation=chat, server=server,
                         stale_ms=stale_ms, timeout_ms=timeout_ms)

    def test_a_resumed_backup_does_not_take_what_waited_for_fresh(self):
        self.up(3)
        probe, chat = self.chatting()
        backup = self.must("pause", "backup", "-o", "json").json["server"]
        address = self.addresses(backup)[0]
        reader = self.another()  # Has seen nothing: its token asks for nothing.
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 300)
        for _ in range(5):
            time.sleep(0.5)  # The bound, and heartbeats enough to wait in its sockets.
            known = probe.must("load_state", session="ada")["last_seq"]
            time.sleep(0.3)
            reader.submit("newest", session="ada", conversation=chat, server=address,
                          stale_ms=300, timeout_ms=8000)
            self.must("resume", backup)
            read = reader.answer()
            if read["ok"]:
                self.assertGreaterEqual(read["seq"], known)
            self.must("pause", backup)
        self.must("resume", backup)
        self.stop_load(probe)

    def test_a_server_left_alone_answers_within_its_bound_only(self):
        self.up(3)
        probe, chat = self.chatting()
        last = probe.must("send", session="ada", conversation=chat, body="the last one")["seq"]
        self.wait_converged()
        reader = self.another()
        names = list(self.running())
        alone = names[-1]
        address = self.addresses(alone)[0]
        self.assertEqual(self.newest(reader, chat, address, 60_000)["seq"], last)
        for name in names[:-1]:
            self.must("kill", name)
        read = self.newest(reader, chat, address, 60_000)
        self.assertEqual(read["seq"], last, read)
        # Its proof was older than that when it was left alone.
        refused = self.newest(reader, chat, address, 1, timeout_ms=700)
        self.assertFalse(refused["ok"], refused)
        self.assertFalse(self.newest(reader, chat, address, 0)["ok"])  # Out of range.


if __name__ == "__main__":
    main()
