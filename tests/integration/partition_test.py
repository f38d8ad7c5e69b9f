"""Networks that break between servers that live on: cut off, split, slow, flapping (clusterctl isolate,
partition, slow, heal). Clients reach every server all the while."""

import os
import time

from harness import IntegrationTest, main, poll


class Faulty(IntegrationTest):
    def of(self, name):
        return self.addresses(name)[0]

    def check_equal(self, probe, chat, names):
        """Every replica holds the same history, gapless."""
        histories = [self.pinned(probe, "history", session="ada", conversation=chat,
                                 server=self.of(name))["messages"] for name in names]
        for name, history in zip(names, histories):
            self.assertEqual([m[0] for m in history], list(range(1, len(history) + 1)), name)
            self.assertEqual(history, histories[0], name)
        return histories[0]

    def heal(self):
        self.must("heal")
        self.assertNotIn("faults", self.status())
        self.wait_converged()


class Isolate(Faulty):
    def test_a_primary_that_is_cut_off_confirms_nothing(self):
        self.up(5)
        probe, chat = self.chatting()
        reader = self.another()  # Sessions from before.
        writer = self.another("bob")
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 300)
        known = probe.must("load_state", session="ada")["last_seq"]
        term = self.status()["term"]

        outcome = self.must("isolate", "primary", "-o", "json").json
        self.assertEqual(outcome["command"], "isolate")
        (old,) = outcome["faults"]["isolated"]
        writer.submit("send", session="bob", conversation=chat, body="into the void",
                      server=self.of(old), timeout_ms=3000)
        new = poll(lambda: self.status()["primary"] not in ("", old), "another primary")
        self.assertTrue(new)
        self.wait_acked(probe, 300)
        read = reader.ask("newest", session="ada", conversation=chat, level="linearizable",
                          server=self.of(old), timeout_ms=1500)
        self.assertFalse(read["ok"], read)
        self.assertFalse(writer.answer()["ok"])
        # Reads that ask for less are answered there, and are of no later time than its own.
        stale = reader.must("newest", session="ada", conversation=chat, server=self.of(old),
                            stale_ms=60_000)
        self.assertGreater(stale["seq"], 0)
        self.assertLess(stale["seq"], probe.must("load_state", session="ada")["last_seq"])
        self.assertGreater(probe.must("load_state", session="ada")["last_seq"], known)

        status = self.status()
        self.assertEqual(status["faults"], {"isolated": [old], "partition": [], "slow": []})
        self.assertTrue(status["quorum"]["ok"])
        self.assertEqual(self.servers(status)[old]["process"], "running")
        self.assertEqual(self.servers(status)[old]["role"], "none")
        self.assertFalse(self.health(self.of(old)).has_quorum)
        self.assertIn(f"FAULTS: {old} is isolated; end them: clusterctl heal",
                      self.must("status").out)
        # It could not tell anybody of terms of its own.
        self.assertLessEqual(self.servers(status)[old]["term"], status["term"])
        self.assertGreater(status["term"], term)

        self.must("heal")
        self.stop_load(probe)
        self.wait_converged()
        history = self.check_equal(probe, chat, sorted(self.running()))
        self.assertNotIn("into the void", [m[3] for m in history])
        self.assertEqual(len(self.running()), 5)
        self.check_replicas(probe, chat)

    def test_it_lasts_over_a_restart_and_reaches_who_joins_later(self):
        self.up(3)
        probe, chat = self.chatting()
        name = self.must("isolate", "backup", "-o", "json").json["faults"]["isolated"][0]
        self.must("restart", name)
        joined = self.must("join", "-o", "json").json["server"]
        probe.must("send", session="ada", conversation=chat, body="without it")
        time.sleep(1)  # Long enough for a link that there must not be.
        servers = self.servers()
        self.assertEqual(servers[name]["role"], "none")
        self.assertLess(servers[name]["commit_index"], servers[joined]["commit_index"])
        self.assertEqual(servers[joined]["role"], "backup")
        with open(os.path.join(self.names()[self.name], joined, "faults"), encoding="utf-8") as file:
            self.assertIn("cut " + servers[name]["address"], file.read())
        self.heal()
        self.check_replicas(probe, chat)
        self.assertEqual(len(self.running()), 4)


class Partition(Faulty):
    def test_the_minority_is_read_only_and_says_so(self):
        self.up(5)
        probe, chat = self.chatting()
        primary = self.wait_primary()
        names = sorted(self.servers())
        few = [primary, next(n for n in names if n != primary)]
        many = [n for n in names if n not in few]
        bound = self.another(servers=self.addresses(*few))
        reader = self.another()  # Has seen nothing: its token asks for nothing.
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 200)
        self.must("partition", ",".join(few) + "/" + ",".join(many))
        poll(lambda: self.status()["primary"] in many, "a primary among the many")
        self.wait_acked(probe, 200)
        status = self.status()
        self.assertEqual(status["faults"]["partition"], [few, many])
        for name in names:
            health = self.health(self.of(name))
            self.assertEqual(health.has_quorum, name in many, name)
        # A client that knew the few only has learned of the others, and goes on there.
        bound.must("send", session="ada", conversation=chat, body="by way of the others")
        # One that may not: refused, and read from.
        stuck = self.probe(servers=[self.of(few[1])], discover=False, timeout_ms=2000)
        refused = stuck.ask("login", name="ada")
        self.assertFalse(refused["ok"], refused)
        self.assertIn(refused["code"], ("unavailable", "deadline exceeded"), refused)
        read = reader.ask("newest", session="ada", conversation=chat, server=self.of(few[1]),
                          stale_ms=60_000)
        self.assertTrue(read["ok"], read)
        self.must("heal")
        self.stop_load(probe)
        self.wait_converged()
        self.check_equal(probe, chat, names)

    def test_without_a_majority_anywhere_nothing_is_written(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("send", session="ada", conversation=chat, body="before")
        self.wait_converged()
        self.must("partition", "n1/n2/n3")
        poll(lambda: not self.status()["quorum"]["ok"], "no quorum")
        self.assertEqual(self.ctl("status").code, 3)
        waiting = self.ctl("wait", "--primary", "--timeout", "500ms")
        self.assertEqual(waiting.code, 3, waiting)  # Though all of them are up.
        self.assertIn("n1 / n2 / n3", waiting.err)
        self.assertIn("clusterctl heal", waiting.err)
        refused = probe.ask("send", session="ada", conversation=chat, body="nowhere",
                            timeout_ms=1500)
        self.assertFalse(refused["ok"], refused)
        self.assertEqual(probe.must("newest", session="ada", conversation=chat)["seq"], 1)
        # The next one takes its place.
        self.must("partition", "n1/n2,n3")
        self.assertIn(self.wait_primary(), ("n2", "n3"))
        self.heal()
        probe.must("send", session="ada", conversation=chat, body="after")


class Slow(Faulty):
    def test_writes_succeed_past_slow_servers(self):
        primary = self.up(3)["primary"]
        probe, chat = self.chatting()
        backups = [n for n in sorted(self.servers()) if n != primary]
        for name in (backups[0], primary):
            outcome = self.must("slow", name, "200ms", "-o", "json").json
            self.assertEqual(outcome["faults"]["slow"], [{"server": name, "ms": 200}])
            for i in range(3):
                probe.must("send", session="ada", conversation=chat, body=f"past {name} {i}")
            status = self.status()
            self.assertEqual(status["faults"], outcome["faults"])
            self.assertTrue(status["quorum"]["ok"])
            self.must("slow", name, "0ms")
            self.assertNotIn("faults", self.status())
        # With two of three slow no majority is nearer than there and back, whoever leads. (Were that
        # longer than the election minimum, nobody could lead: as in any such network.)
        for name in backups:
            self.must("slow", name, "60ms")
        self.wait_primary()
        before = time.monotonic()
        probe.must("send", session="ada", conversation=chat, body="by way of a slow one")
        self.assertGreater(time.monotonic() - before, 0.115)
        self.must("slow", backups[0], "0ms")
        self.assertEqual(self.status()["faults"]["slow"], [{"server": backups[1], "ms": 60}])
        self.heal()
        self.check_replicas(probe, chat)


class Flapping(Faulty):
    def test_a_backup_whose_links_come_and_go_changes_no_term(self):
        self.up(5)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 100)
        backup = self.must("isolate", "backup", "-o", "json").json["faults"]["isolated"][0]
        self.must("heal")
        term = self.status()["term"]
        for turn in range(12):
            self.must("isolate", backup)
            time.sleep((0.05, 0.4, 1.6)[turn % 3])  # Below and beyond what elections and links wait for.
            self.must("heal")
            self.wait_acked(probe, 10)
        self.assertEqual(self.status()["term"], term)
        self.stop_load(probe)
        self.wait_converged()
        self.assertEqual(self.status()["term"], term)
        self.check_replicas(probe, chat)


class Words(Faulty):
    def refused(self, *words, code=2):
        outcome = self.ctl(*words)
        self.assertEqual(outcome.code, code, f"{words}: {outcome}")
        self.assertTrue(outcome.err.startswith("clusterctl: "), outcome)
        return outcome.err

    def test_what_makes_no_sense_changes_nothing(self):
        primary = self.up(3)["primary"]
        home = self.names()[self.name]
        self.assertIn("n1 is named twice", self.refused("partition", "n1,n2/n1,n3"))
        self.assertIn(f"{primary} is named twice: it is primary",
                      self.refused("partition", f"{primary}/primary,n2"))
        self.assertIn("n3 is in no side", self.refused("partition", "n1/n2"))
        self.assertIn("no two sides", self.refused("partition", "n1,n2,n3"))
        self.assertIn('"n9"', self.refused("partition", "n1,n2,n3/n9"))
        self.assertIn('"n9"', self.refused("isolate", "n9"))
        self.assertIn('"n9"', self.refused("slow", "n9", "1ms"))
        self.assertIn("write 200ms", self.refused("slow", "n1", "11s"))
        self.assertNotIn("faults", self.status())
        self.assertFalse(os.path.exists(os.path.join(home, "n1", "faults")))
        outcome = self.must("heal", "-o", "json").json
        self.assertEqual((outcome["ok"], outcome["faults"]["isolated"]), (True, []))
        self.assertIn("nothing to heal", self.must("heal").out)
        self.assertIn("isolate SERVER", self.must("isolate", "--help").out)

    def test_down_and_up_keep_them_until_they_are_healed(self):
        self.up(3)
        home = self.names()[self.name]
        self.must("isolate", "n3")
        self.must("slow", "n1", "5ms")
        self.must("kill", "n3")
        err = self.refused("restart", "all", code=1)
        self.assertIn("n3 is isolated; n1 is slowed by 5 ms", err)
        self.must("down")
        self.assertEqual(self.status()["faults"]["isolated"], ["n3"])
        self.must("heal")  # Also of servers that are not running.
        self.must("down")
        self.assertFalse(os.path.exists(os.path.join(home, "n3", "faults")))
        self.must("up")
        self.assertNotIn("faults", self.status())
        self.wait_converged()
        self.must("restart", "all")
        with open(os.path.join(home, "n1", "faults"), "w", encoding="utf-8") as file:
            file.write("sever everything\n")
        poll(lambda: "link faults stay as they are" in self.must("logs", "n1").out, "n1 says so")
        self.wait_converged()


if __name__ == "__main__":
    main()
