"""The majority is lost for good: read-only, said plainly; a new epoch on purpose only; and the old
majority, should it return, joins it instead of going on (PROTOCOL R3.6)."""

import os
import shutil
import signal

from harness import IntegrationTest, main, poll


class Recover(IntegrationTest):
    def data(self, name):
        return f"{self.names()[self.name]}/{name}/data"

    def lose_majority(self, probe, chat):
        """Kills three of five with their data left; the names of the dead and of the living."""
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 300)
        self.stop_load(probe)
        self.wait_converged()
        # The primary last: an election in between could commit what only one of the living hears of,
        # and the other one would rightly refuse to show less than that.
        primary = self.wait_primary()
        backups = [name for name in sorted(self.servers()) if name != primary]
        for name in (*backups[:2], primary):
            self.must("kill", name)
        dead = sorted([*backups[:2], primary])
        alive = sorted(set(self.servers()) - set(dead))
        poll(lambda: self.ctl("status").code == 3, "no quorum")
        return dead, alive

    def epochs(self):
        return {name: health.epoch for name, server in self.running().items()
                if (health := self.health(server["address"]))}

    def voters(self):
        for server in self.running().values():
            health = self.health(server["address"])
            if health and health.has_quorum:
                return {s.address for s in health.servers.servers if s.voter}
        return set()

    def test_goes_on_with_what_is_left(self):
        self.up(5)
        probe, chat = self.chatting()
        refused = self.ctl("recover", "--yes")
        self.assertEqual(refused.code, 1, refused)
        self.assertIn("nothing to recover", refused.err)
        dead, alive = self.lose_majority(probe, chat)

        # Read-only, and said so: what is there can be read, nothing can be written.
        table = self.ctl("status").out
        self.assertIn("NO QUORUM: read-only", table)
        self.assertIn("recover", table)
        self.check_replicas(probe, chat)
        failed = probe.ask("send", session="ada", conversation=chat, body="nobody hears", timeout_ms=800)
        self.assertFalse(failed["ok"], failed)

        # Nothing happens without a yes, and a server that may go on stands against it.
        self.must("pause", alive[1])
        held = self.ctl("recover", "--yes")
        self.assertEqual(held.code, 1, held)
        self.assertIn("is paused", held.err)
        self.must("resume", alive[1])
        poll(lambda: self.health(self.servers()[alive[1]]["address"]), "it answers again")
        asked = self.ctl("recover")
        self.assertEqual(asked.code, 1, asked)
        for said in ("LOST", "not confirmed", "LAST INDEX", *alive, *dead):
            self.assertIn(said, asked.err)
        self.assertEqual(set(self.epochs().values()), {1})

        for name in dead:
            shutil.rmtree(self.data(name))
        begun = self.must("recover", "--yes", "-o", "json").json
        self.assertIn(begun["primary"], alive)
        self.assertEqual(begun["epoch"], 2)
        self.assertEqual(begun["not_back"], [])
        self.assertEqual(begun["not_running"], dead)
        self.assertEqual(self.epochs(), {name: 2 for name in alive})
        self.assertEqual(self.voters(), set(self.addresses(*alive)))
        # The same session, on servers that are new to it.
        probe.must("send", session="ada", conversation=chat, body="and on it goes")
        self.check_replicas(probe, chat)

        self.up(5)
        self.wait_converged()
        self.assertEqual(self.voters(), set(self.addresses()))
        probe.must("load_start", session="bob", conversation=chat, window=16)
        self.wait_acked(probe, 100, "bob")
        self.must("kill", "primary")
        self.wait_acked(probe, 100, "bob")
        self.stop_load(probe, "bob")
        self.wait_converged()
        self.check_replicas(probe, chat)

    def test_the_old_majority_joins_the_new_epoch(self):
        self.up(5)
        probe, chat = self.chatting()
        dead, alive = self.lose_majority(probe, chat)
        before = self.servers()
        self.must("recover", "--yes")
        probe.must("load_start", session="bob", conversation=chat, window=16)
        self.wait_acked(probe, 100, "bob")
        # By hand, at once and without --join, as a service manager would: three of the old five.
        processes = [self.starlingd("--data", self.data(name), "--listen", before[name]["address"],
                                    log=f"{name}.returned") for name in dead]

        def all_vote():
            for process in processes:
                self.assertFalse(process.exited(), process.text())
            return self.voters() == {s["address"] for s in before.values()}

        poll(all_vote, "all five vote in the new epoch", timeout=60)
        self.wait_acked(probe, 100, "bob")
        self.stop_load(probe, "bob")
        for name, process in zip(dead, processes):
            health = self.health(before[name]["address"])
            self.assertEqual(health.epoch, 2)
            self.assertNotEqual(f"{health.server_id:016x}", before[name]["id"])
            self.assertTrue(os.path.exists(f"{self.data(name)}/epoch-1/log.db"))
            self.assertIn("set aside", process.text())
            self.assertNotIn("serves on", process.text().split("set aside")[0])
        probe.must("send", session="ada", conversation=chat, body="one history")
        for name, server in before.items():
            seen = self.pinned(probe, "check", session="ada", conversation=chat,
                               server=server["address"], timeout_ms=10000)
            self.assertTrue(seen["clean"], f"{name}: {seen}")
            self.assertGreaterEqual(seen["messages"], seen["acknowledged"])
        for process in processes:
            process.end(signal.SIGTERM)

    def test_the_old_majority_serves_nobody_while_the_new_epoch_is_down(self):
        self.up(3)
        probe, chat = self.chatting()
        servers = self.servers()
        first, second, third = sorted(servers)
        self.must("kill", second)
        self.must("kill", third)
        poll(lambda: self.ctl("status").code == 3, "no quorum")
        self.must("recover", "--yes")
        probe.must("send", session="ada", conversation=chat, body="in the new epoch")
        self.must("kill", first)
        # As clusterctl starts them; a majority of the old epoch, and nobody to tell them of the new one.
        processes = [self.starlingd("--data", self.data(name), "--listen", servers[name]["address"],
                                    "--min-epoch", "2", log=f"{name}.early") for name in (second, third)]
        for process in processes:
            poll(lambda: "waiting for a server of that one" in process.text(), "it waits")
        for name in (second, third):
            self.assertIsNone(self.health(servers[name]["address"], timeout=0.3))
        again = self.ctl("recover", "--yes")
        self.assertNotEqual(again.code, 0, again)
        self.must("restart", first)

        def all_in_one():
            for process in processes:
                self.assertFalse(process.exited(), process.text())
            return self.voters() == {s["address"] for s in servers.values()}

        poll(all_in_one, "all three vote in the new epoch", timeout=60)
        seen = self.pinned(probe, "check", session="ada", conversation=chat,
                           server=servers[second]["address"], timeout_ms=10000)
        self.assertTrue(seen["clean"], seen)
        for process in processes:
            process.end(signal.SIGTERM)

    def test_a_recovery_that_broke_off_goes_on_with_the_next_start(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("send", session="ada", conversation=chat, body="kept")
        self.wait_converged()
        primary = self.wait_primary()
        backups = [name for name in sorted(self.servers()) if name != primary]
        for name in (backups[0], primary):
            self.must("kill", name)
            shutil.rmtree(self.data(name))
        poll(lambda: self.ctl("status").code == 3, "no quorum")
        self.env["STARLINGD"] = "/bin/false"
        failed = self.ctl("recover", "--yes")
        self.assertEqual(failed.code, 1, failed)
        del self.env["STARLINGD"]
        self.assertEqual(self.epochs(), {})
        self.up(3)
        self.wait_converged()
        self.assertEqual(self.epochs(), {name: 2 for name in self.servers()})
        probe.must("send", session="ada", conversation=chat, body="and on it goes")
        self.check_replicas(probe, chat)
        # It began the epoch once, and is told to no more.
        self.must("restart", backups[1])
        self.wait_converged()
        self.assertEqual(set(self.epochs().values()), {2})

    def test_members_that_clusterctl_has_not_started_count(self):
        self.up(3)
        names = sorted(self.servers())
        last = self.addresses(names[2])[0]
        by_hand = [f"127.0.0.1:{self.free_port()}" for _ in range(2)]
        processes = [self.starlingd("--data", os.path.join(self.dir, f"by-hand-{i}"), "--listen", address,
                                    "--join", last, log=f"by-hand-{i}.log")
                     for i, address in enumerate(by_hand)]
        poll(lambda: self.voters() == {*self.addresses(), *by_hand}, "five voters", timeout=60)
        for name in names[:2]:
            self.must("kill", name)
        poll(lambda: (h := self.health(last)) and h.has_quorum, "the three others go on")
        refused = self.ctl("recover", "--yes")
        self.assertEqual(refused.code, 1, refused)
        self.assertIn("is in touch with a quorum", refused.err)
        self.assertEqual(self.health(last).epoch, 1)
        # One more is gone, and the question names those that clusterctl sees nothing of.
        processes[0].end()
        for left in (last, by_hand[1]):
            poll(lambda at=left: (h := self.health(at)) and not h.has_quorum, "the majority is lost")
        asked = self.ctl("recover")
        self.assertEqual(asked.code, 1, asked)
        for said in ("not confirmed", "clusterctl has not started", *by_hand):
            self.assertIn(said, asked.err)
        processes[1].end(signal.SIGTERM)

    def test_one_that_waits_at_a_new_address_hears_of_it(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("send", session="ada", conversation=chat, body="kept")
        self.wait_converged()
        before = self.servers()
        moved, chosen, lost = sorted(before)
        for name in before:
            self.must("kill", name)
        new_home = f"127.0.0.1:{self.free_port()}"
        waiter = self.starlingd("--data", self.data(moved), "--listen", new_home, log="moved")
        poll(lambda: "has to be told of" in waiter.text(), "it wants to tell its new address")
        begun = self.starlingd("--data", self.data(chosen), "--listen", before[chosen]["address"],
                               "--recover", "2", log="chosen")

        def votes_there():
            self.assertFalse(waiter.exited(), waiter.text())
            self.assertFalse(begun.exited(), begun.text())
            health = self.health(before[chosen]["address"])
            return health and {(s.address, s.voter) for s in health.servers.servers} == {
                (new_home, True), (before[chosen]["address"], True)}

        poll(votes_there, "it votes in the new epoch, as a new server", timeout=60)
        health = self.health(new_home)
        self.assertEqual(health.epoch, 2)
        self.assertNotEqual(f"{health.server_id:016x}", before[moved]["id"])
        self.assertIn("set aside", waiter.text())
        # A first start that knows of a later epoch than it finds serves nobody.
        late = self.starlingd("--data", self.data("n9"), "--listen", f"127.0.0.1:{self.free_port()}",
                              "--join", new_home, "--min-epoch", "3", log="late")
        poll(lambda: "waiting for a server of that one" in late.text(), "it waits")
        self.assertNotIn("serves on", late.text())
        for process in (late, waiter, begun):
            process.end(signal.SIGTERM)

    def test_those_that_run_on_hear_of_it(self):
        """Cut off while the others are recovered: with a quorum of their own, until they hear."""
        self.up(5)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 100)
        self.stop_load(probe)
        self.wait_converged()
        servers = self.servers()
        names = sorted(servers)
        lone = names[4]
        self.must("kill", lone)
        # As on a machine of its own: recovered by hand while the four others serve.
        process = self.starlingd("--data", self.data(lone), "--listen", servers[lone]["address"],
                                 "--recover", "2", log="lone")

        def all_in_epoch_two():
            self.assertFalse(process.exited(), process.text())
            return (self.epochs() == {name: 2 for name in names[:4]} and
                    self.voters() == {s["address"] for s in servers.values()})

        poll(all_in_epoch_two, "all of them follow the new epoch", timeout=60)
        probe.must("send", session="ada", conversation=chat, body="one history")
        self.check_replicas(probe, chat)
        process.end(signal.SIGTERM)


if __name__ == "__main__":
    main()
