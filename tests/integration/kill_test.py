"""Servers die by SIGKILL, one, two at once and too many, while clients are at work."""

import os
import signal

from harness import PATIENCE, IntegrationTest, main, poll


class KillPrimary(IntegrationTest):
    def test_under_load_nothing_is_lost_and_clients_go_on(self):
        self.up(3)
        probe, chat = self.chatting()
        for who in ("ada", "bob"):
            probe.must("subscribe", session=who)
            probe.must("load_start", session=who, conversation=chat, window=32)
        self.wait_acked(probe, 300)
        # On a busy machine it need not be the first one that was elected.
        first = self.must("kill", "primary", "-o", "json").json["server"]
        second = self.wait_primary()
        self.assertNotEqual(first, second)
        self.wait_acked(probe, 300)
        self.wait_acked(probe, 300, "bob")
        self.stop_load(probe)
        self.stop_load(probe, "bob")
        kinds = [e[0] for e in probe.must("cluster_events")["events"]]
        self.assertIn("failover_started", kinds)
        self.assertIn("failed_over", kinds)
        self.wait_converged()
        self.check_replicas(probe, chat)
        for who in ("ada", "bob"):
            self.check_stream(probe, who)
        self.must("restart", first)
        self.wait_converged()
        self.check_replicas(probe, chat, [first])


class KillTwo(IntegrationTest):
    def test_at_once_of_five(self):
        status = self.up(5)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=64)
        self.wait_acked(probe, 300)
        servers = self.servers(status)
        victims = [status["primary"], next(n for n in servers if n != status["primary"])]
        for name in victims:  # Without clusterctl between them: nothing waits for the first death.
            os.kill(servers[name]["pid"], signal.SIGKILL)
        for name in victims:
            self.assertEqual(self.must("kill", name, "-o", "json").json["process"], "exited")
        self.assertNotIn(self.wait_primary(), victims)
        self.wait_acked(probe, 300)
        self.stop_load(probe)
        after = self.status()
        self.assertTrue(after["quorum"]["ok"])
        self.assertEqual(after["quorum"]["up"], 3)
        self.wait_converged()
        self.check_replicas(probe, chat)


class QuorumLost(IntegrationTest):
    def test_reads_go_on_and_two_restarts_bring_it_back(self):
        self.up(5)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=64)
        self.wait_acked(probe, 200)
        dead = []
        for _ in range(2):
            dead.append(self.must("kill", "primary", "-o", "json").json["server"])
            status = self.status()
            self.assertTrue(status["quorum"]["ok"], status)
            self.assertNotIn(status["primary"], ["", *dead])
            self.wait_acked(probe, 200)
        self.stop_load(probe)
        dead.append(self.must("kill", "primary", "-o", "json").json["server"])
        outcome = self.ctl("status", "-o", "json")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertEqual(outcome.json["primary"], "")
        self.assertEqual(outcome.json["quorum"], {"voters": 5, "up": 2, "needed": 3, "ok": False})
        self.assertEqual(self.ctl("wait", "--primary", "--timeout", "300ms").code, 3)

        read = probe.must("check", session="ada", conversation=chat)
        self.assertTrue(read["clean"], read)
        refused = probe.ask("send", session="ada", conversation=chat, body="nobody can order this",
                            timeout_ms=1500)
        self.assertFalse(refused["ok"], refused)
        self.assertIn(refused["code"], ("unavailable", "deadline exceeded"), refused)

        for name in dead[:2]:
            self.must("restart", name)
        self.wait_primary()
        self.assertEqual(self.ctl("status").code, 0)
        probe.must("send", session="ada", conversation=chat, body="back again")
        self.wait_converged()
        self.check_replicas(probe, chat)


class RestartAll(IntegrationTest):
    def test_everything_acknowledged_is_there_again(self):
        before = self.up(3)
        probe, chat = self.chatting()
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 500)
        self.stop_load(probe)
        self.wait_converged()
        old = self.servers()
        self.must("down")
        self.assertEqual(self.ctl("status").code, 3)
        after = self.up(3)
        self.assertEqual(after["cluster_id"], before["cluster_id"])
        for name, server in self.servers(after).items():
            self.assertEqual(server["id"], old[name]["id"])
            self.assertEqual(server["address"], old[name]["address"])
            self.assertGreaterEqual(server["applied_index"], old[name]["applied_index"])
        probe.must("send", session="ada", conversation=chat, body="same session, same client")
        self.wait_converged()
        self.check_replicas(probe, chat)
        # Idempotent: what runs is left alone.
        again = self.must("up", "-o", "json").json
        self.assertEqual(again["started"], [])
        self.assertEqual([s["pid"] for s in again["servers"]], [s["pid"] for s in after["servers"]])


class KillBackup(IntegrationTest):
    def states(self, address):
        """What a server's list says of each address; those it does not list are absent."""
        health = self.health(address)
        return {s.address: s.state for s in health.servers.servers} if health else {}

    def test_gone_from_every_list_and_back_after_restart(self):
        from starling.v1 import cluster_pb2

        up, down = cluster_pb2.SERVER_STATE_UP, cluster_pb2.SERVER_STATE_DOWN
        self.up(3)
        probe, chat = self.chatting()
        victim = self.must("kill", "backup", "-o", "json").json["server"]
        servers = self.servers()
        address = servers[victim]["address"]
        others = [s["address"] for n, s in servers.items() if n != victim]

        def client_says():
            return {s["address"]: s["state"] for s in probe.must("servers")["servers"]}

        def gone():
            return all(self.states(o) and self.states(o).get(address, down) == down for o in others)

        poll(gone, "down in both servers' lists")
        poll(lambda: client_says().get(address, "down") == "down", "down in the client's list")
        probe.must("send", session="ada", conversation=chat, body="without it")
        status = self.status()
        self.assertEqual(self.servers(status)[victim]["state"], "down")
        self.assertEqual(self.servers(status)[victim]["process"], "exited")

        self.must("restart", victim)
        poll(lambda: all(self.states(o).get(address) == up for o in [*others, address]),
             "up in all three servers' lists", PATIENCE)
        poll(lambda: client_says().get(address) == "up", "up in the client's list")
        self.wait_converged()
        self.check_replicas(probe, chat)


if __name__ == "__main__":
    main()
