"""Servers whose logs are short: who lacks their beginning gets a snapshot, while the others serve."""

import glob
import os
import random
import signal
import time

from harness import IntegrationTest, main, poll

SHORT_LOG = ("--log-max-kib", "96", "--log-keep-kib", "32")


class ShortLogs(IntegrationTest):
    def begin(self, count):
        """`count` servers by hand, the first one alone at the beginning."""
        self.addresses_ = [f"127.0.0.1:{self.free_port()}" for _ in range(count)]
        self.live = {}
        for number in range(count):
            self.launch(number)
            self.voters([number])
        return self.addresses_

    def launch(self, number, *more):
        words = ["--data", os.path.join(self.dir, f"data{number}"), "--listen",
                 self.addresses_[number], *SHORT_LOG, *more]
        if number > 0:
            words += ["--join", self.addresses_[0]]
        self.live[number] = self.starlingd(*words, log=f"server{number}.log")
        return self.live[number]

    def voters(self, numbers):
        def all_vote():
            for number in numbers:
                self.assertFalse(self.live[number].exited(), self.live[number].text())
                health = self.health(self.addresses_[number])
                mine = [s for s in health.servers.servers
                        if s.address == self.addresses_[number]] if health else []
                if not mine or not mine[0].voter or not health.primary_id:
                    return False
            return True

        poll(all_vote, f"{numbers} vote", timeout=60)

    def compacted_beyond(self, number, index):
        def begins_later():
            health = self.health(self.addresses_[number])
            return health and health.base_index > index

        poll(begins_later, f"the log of server {number} begins behind {index}", timeout=60)

    def same_state(self, numbers):
        def same():
            answers = [self.health(self.addresses_[n]) for n in numbers]
            return all(answers) and len({(a.applied_index, a.state_hash) for a in answers}) == 1

        poll(same, f"the same state on {numbers}", timeout=60)

    def check(self, probe, chat, numbers):
        for number in numbers:
            seen = self.pinned(probe, "check", session="ada", conversation=chat,
                               server=self.addresses_[number], timeout_ms=10000)
            self.assertTrue(seen["clean"], seen)
            self.assertGreaterEqual(seen["messages"], seen["acknowledged"])

    def test_a_laggard_and_a_joiner_catch_up_under_load(self):
        servers = self.begin(3)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 200)
        behind = self.health(servers[2]).applied_index
        self.live[2].end(signal.SIGKILL)
        self.compacted_beyond(0, behind + 100)
        self.launch(2)
        self.voters([2])
        self.addresses_.append(f"127.0.0.1:{self.free_port()}")
        self.launch(3)
        self.voters([3])
        self.stop_load(probe)
        self.same_state([0, 1, 2, 3])
        self.check(probe, chat, [0, 1, 2, 3])
        for number in (2, 3):
            self.assertIn("is in place", self.live[number].text())
            stores = glob.glob(os.path.join(self.dir, f"data{number}", "chat*.db"))
            self.assertEqual(len(stores), 1, f"one chat store: {stores}")
        # What came by snapshot serves as well as any: it is the only other one left.
        for number in (0, 1):
            self.live[number].end(signal.SIGTERM)
        self.launch(0)
        self.voters([0, 2, 3])
        probe.must("send", session="ada", conversation=chat, body="after the snapshot")
        self.check(probe, chat, [0, 2, 3])

    def test_a_laggard_takes_it_from_a_primary_that_it_does_not_know(self):
        import grpc
        from starling.v1 import cluster_pb2, cluster_pb2_grpc

        servers = self.begin(3)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 100)
        behind = self.health(servers[2]).applied_index
        self.live[2].end(signal.SIGKILL)
        # While it is away another one joins, and leads.
        self.addresses_.append(f"127.0.0.1:{self.free_port()}")
        self.launch(3)
        self.voters([3])
        heir = self.health(self.addresses_[3]).server_id

        def leads():
            with grpc.insecure_channel(self.addresses_[0]) as channel:
                try:
                    cluster_pb2_grpc.ClusterStub(channel).TransferPrimary(
                        cluster_pb2.TransferPrimaryRequest(server_id=heir), timeout=5)
                except grpc.RpcError:
                    pass  # Asked again: what counts is who leads.
            return self.health(self.addresses_[3]).primary_id == heir

        poll(leads, "the joiner leads", timeout=60)
        self.compacted_beyond(3, behind + 100)
        self.launch(2)
        poll(lambda: "is in place" in self.live[2].text(), "the snapshot has come", timeout=60)
        self.voters([2])
        self.stop_load(probe)
        self.same_state([0, 1, 2, 3])
        self.check(probe, chat, [0, 1, 2, 3])

    def test_killed_again_and_again_while_it_comes(self):
        seed = random.randrange(1 << 30)
        print(f"SEED={seed}")
        chance = random.Random(seed)
        servers = self.begin(3)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.wait_acked(probe, 200)
        behind = self.health(servers[2]).applied_index
        self.live[2].end(signal.SIGKILL)
        self.compacted_beyond(0, behind + 100)
        for _ in range(6):
            process = self.launch(2)
            until = time.monotonic() + chance.uniform(0.02, 1.2)
            while time.monotonic() < until and not process.exited():
                time.sleep(0.005)
            self.assertFalse(process.exited(), process.text())
            process.end(signal.SIGKILL)
        self.launch(2)
        self.voters([2])
        self.stop_load(probe)
        self.same_state([0, 1, 2])
        self.check(probe, chat, [0, 1, 2])

    def test_a_copy_that_the_log_has_gone_past_is_not_given_again(self):
        servers = self.begin(1)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.compacted_beyond(0, 300)
        self.addresses_ += [f"127.0.0.1:{self.free_port()}" for _ in range(2)]
        self.launch(1)
        self.voters([1])
        # The first one's copy is kept for two minutes, and keeps the log behind it up to a bound.
        self.compacted_beyond(0, self.health(servers[0]).applied_index)
        self.launch(2)
        self.voters([2])
        self.assertLess(self.live[2].text().count("a snapshot of index"), 4)
        self.stop_load(probe)
        self.same_state([0, 1, 2])
        self.check(probe, chat, [0, 1, 2])

    def test_a_damaged_chat_store_is_taken_from_another_server(self):
        servers = self.begin(3)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.compacted_beyond(1, 300)
        before = self.health(servers[1])
        self.live[1].end(signal.SIGTERM)
        with open(os.path.join(self.dir, "data1", "chat.db"), "r+b") as file:
            file.write(b"not what was there")
        self.launch(1)
        self.voters([1])
        self.assertIn("it is rebuilt from another server's copy", self.live[1].text())
        self.assertEqual(self.health(servers[1]).server_id, before.server_id)
        self.stop_load(probe)
        self.same_state([0, 1, 2])
        self.check(probe, chat, [0, 1, 2])

    def test_a_damaged_chat_store_of_an_ended_epoch_is_set_aside(self):
        """Nobody would give a copy to mend it with: the others are in another history."""
        servers = self.begin(3)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.compacted_beyond(1, 300)
        self.stop_load(probe)
        self.same_state([0, 1, 2])
        before = self.health(servers[1])
        for number in (2, 1, 0):
            self.live[number].end(signal.SIGTERM)
        with open(os.path.join(self.dir, "data1", "chat.db"), "r+b") as file:
            file.write(b"not what was there")
        self.launch(0, "--recover", "2")
        self.voters([0])
        self.launch(1)
        self.voters([0, 1])
        self.assertIn("set aside", self.live[1].text())
        self.assertEqual(self.health(servers[1]).epoch, 2)
        self.assertNotEqual(self.health(servers[1]).server_id, before.server_id)
        self.same_state([0, 1])

        def heard():
            return probe.ask("check", session="ada", conversation=chat, server=servers[0], timeout_ms=10000)["ok"]

        poll(heard, "the client has heard of the new epoch, in which its old token counts for nothing")
        self.check(probe, chat, [0, 1])

    def test_a_first_server_alone_keeps_its_log_short(self):
        servers = self.begin(1)
        probe, chat = self.chatting(servers=servers)
        probe.must("load_start", session="ada", conversation=chat, window=32)
        self.compacted_beyond(0, 500)
        self.stop_load(probe)
        self.live[0].end(signal.SIGKILL)
        self.launch(0)
        poll(lambda: self.health(servers[0]), "it is back")
        self.compacted_beyond(0, 500)
        self.same_state([0])
        self.check(probe, chat, [0])


if __name__ == "__main__":
    main()
