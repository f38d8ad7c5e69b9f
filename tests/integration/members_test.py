"""Servers come and go while the cluster is at work."""

import json
import os
import shutil
import signal

from harness import IntegrationTest, main, poll


class LateJoiner(IntegrationTest):
    def test_by_hand_and_under_load(self):
        self.up(3)
        servers = self.addresses()
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 500)
        late = f"127.0.0.1:{self.free_port()}"
        process = self.starlingd("--data", os.path.join(self.dir, "late"), "--listen", late,
                                 "--join", servers[-1])

        def listed_everywhere():
            self.assertFalse(process.exited(), process.text())
            for address in [*servers, late]:
                health = self.health(address)
                if not health:
                    return False
                entry = [s for s in health.servers.servers if s.address == late]
                if not entry or not entry[0].voter:
                    return False
            return True

        poll(listed_everywhere, "a voter in every server's list")
        poll(lambda: late in [s["address"] for s in probe.must("servers")["servers"]],
             "in the client's list")
        self.wait_acked(probe, 300)
        self.stop_load(probe)

        def same_state():
            answers = [self.health(a) for a in [*servers, late]]
            return all(answers) and len({(a.applied_index, a.state_hash) for a in answers}) == 1

        poll(same_state, "the same state hash on all four")
        seen = self.pinned(probe, "check", session="ada", conversation=chat, server=late)
        self.assertTrue(seen["clean"], seen)
        self.check_replicas(probe, chat)
        process.end(signal.SIGTERM)
        self.assertEqual(process.wait_exit(), 0, process.text())


class Membership(IntegrationTest):
    def test_one_whose_data_is_lost_is_replaced(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 50)
        before = self.servers()
        victims = [name for name, server in before.items() if server["role"] == "backup"]
        for victim, again in zip(victims, (("restart", victims[0]), ("up",))):
            self.must("kill", victim)
            shutil.rmtree(os.path.join(self.names()[self.name], victim, "data"))
            outcome = self.must(*again)
            self.assertIn("in place of the one whose data is gone", outcome.out + outcome.err)
            status = self.status()
            self.assertNotEqual(self.servers()[victim]["id"], before[victim]["id"])
            self.assertEqual(status["quorum"]["voters"], 3, status)
            self.assertNotIn("former_members", status)
        self.must("leave", victims[0])
        self.assertEqual(self.status()["quorum"]["voters"], 2)
        self.stop_load(probe)
        self.wait_converged()
        self.check_replicas(probe, chat)

    def data(self, name):
        return os.path.join(self.names()[self.name], name, "data")

    def lose_backup(self):
        """Kills a backup and takes its data; its name, and what it was."""
        before = self.servers()
        victim = next(name for name, server in before.items() if server["role"] == "backup")
        self.must("kill", victim)
        shutil.rmtree(self.data(victim))
        return victim, before[victim]

    def check_replaced(self, victim, before, cluster):
        status = self.status()
        self.assertEqual(status["cluster_id"], cluster)
        self.assertNotEqual(self.servers(status)[victim]["id"], before["id"])
        self.assertEqual(status["quorum"]["voters"], 3, status)
        self.assertNotIn("former_members", status)

    def test_a_replacement_that_ended_before_it_was_anybody_founds_no_cluster(self):
        cluster = self.up(3)["cluster_id"]
        victim, before = self.lose_backup()
        os.makedirs(self.data(victim))
        with open(os.path.join(self.data(victim), "lock"), "wb"):
            pass  # All that a first start leaves which finds the disk full.
        self.must("restart", victim)
        self.check_replaced(victim, before, cluster)

    def test_a_replacement_whose_join_broke_off_goes_on_with_it(self):
        cluster = self.up(3)["cluster_id"]
        victim, before = self.lose_backup()
        process = self.starlingd("--data", self.data(victim), "--listen", before["address"], "--join",
                                 f"127.0.0.1:{self.free_port()}")
        self.assertEqual(process.wait_exit(60), 1, process.text())
        self.assertTrue(os.path.exists(os.path.join(self.data(victim), "identity")))
        self.must("up")
        self.check_replaced(victim, before, cluster)

    def test_a_replacement_that_hangs_holds_nobody_up(self):
        self.up(4)
        victim, before = self.lose_backup()
        others = [a for a in self.addresses() if a != before["address"]]
        process = self.starlingd("--data", self.data(victim), "--listen", before["address"], "--join",
                                 others[0])

        def votes():
            self.assertFalse(process.exited(), process.text())
            health = self.health(before["address"])
            return health and any(s.id == health.server_id and s.voter for s in health.servers.servers)

        poll(votes, "the replacement votes")
        os.kill(process.pid, signal.SIGSTOP)
        with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
            start_time = int(stat.read().rsplit(")", 1)[1].split()[19])
        path = os.path.join(self.names()[self.name], "cluster.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        entry = next(s for s in manifest["servers"] if s["name"] == victim)
        entry.update(pid=process.pid, start_time=start_time)  # As if clusterctl had started it.
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        self.must("up", timeout=30)
        self.assertIn("former_members", self.status())
        os.kill(process.pid, signal.SIGCONT)
        poll(votes, "it answers again")
        self.must("up")
        self.assertNotIn("former_members", self.status())
        self.assertEqual(self.status()["quorum"]["voters"], 4)

    def test_join_transfer_leave_and_join_again(self):
        self.up(3)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        joined = self.must("join", "-o", "json").json
        self.assertEqual(joined["server"], "n4")
        self.assertEqual(self.status()["quorum"]["voters"], 4)

        self.must("transfer", "n4")
        self.assertEqual(self.status()["primary"], "n4")
        self.must("transfer", "primary")  # Already there: nothing to do.
        self.wait_acked(probe, 100)

        left = self.must("leave", "n4", "-o", "json").json
        self.assertTrue(os.path.isdir(left["data"]), left)
        status = self.status()
        self.assertEqual(sorted(self.servers(status)), ["n1", "n2", "n3"])
        self.assertEqual(status["quorum"]["voters"], 3)
        self.assertNotEqual(status["primary"], "")
        self.assertFalse(self.alive(joined["pid"]))
        self.wait_acked(probe, 100)

        again = self.must("join", "--address", f"127.0.0.1:{self.free_port()}", "-o", "json").json
        self.assertEqual(again["server"], "n4")
        self.assertNotEqual(again["id"], joined["id"])
        self.stop_load(probe)
        self.wait_converged()
        self.check_replicas(probe, chat)
        poll(lambda: again["address"] in [s["address"] for s in probe.must("servers")["servers"]],
             "in the client's list")


class RollingRestart(IntegrationTest):
    def test_all_five_in_turn_under_load(self):
        self.up(5)
        before = {n: s["pid"] for n, s in self.running().items()}
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=16)
        self.wait_acked(probe, 200)
        outcome = self.must("restart", "all", "-o", "json")
        self.assertEqual(len(outcome.json["servers"]), 5)
        self.wait_acked(probe, 200)
        self.stop_load(probe)  # None failed.
        after = {n: s["pid"] for n, s in self.running().items()}
        self.assertEqual(after.keys(), before.keys())
        for name in before:
            self.assertNotEqual(after[name], before[name], name)
        self.wait_converged()
        self.check_replicas(probe, chat)

    def test_refuses_when_none_can_be_spared(self):
        self.up(3)
        self.must("kill", "backup")
        before = {n: s["pid"] for n, s in self.running().items()}
        outcome = self.ctl("restart", "all")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertIn("2 are needed", outcome.err)
        self.assertEqual({n: s["pid"] for n, s in self.running().items()}, before)


if __name__ == "__main__":
    main()
