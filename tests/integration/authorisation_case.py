"""What the authorisation tests are made on: a real cluster in which every role has somebody, the learner's
too, with sessions that have expired, and the storm of calls that it has to stand while it fails over."""

import collections
import os
import random
import signal
import sys
import threading
import time

from harness import IntegrationTest, poll  # Finds the stubs: first.
from authorisation_rows import OPEN, PEER, SESSION, Server
from authorisation_world import World, unsure
from starling.v1 import cluster_pb2


def say(text):
    print(text, file=sys.stderr, flush=True)


class Authorisation(IntegrationTest):
    DAY_MS = 24 * 3600 * 1000

    def world_of(self, count, *words):
        self.up(count, *words)
        self.wait_primary()
        world = World(self)
        self.wait_converged()
        return world

    def world_with_everybody(self):
        """Three voters and a learner, a month after the first sessions began: all of those are over. The
        learner was a voter that died and was let go of; it is back, and votes after as long an uptime as the
        servers are told when they start for the second time."""
        world = self.world_of(3, "--dead-server-timeout-s", "2")
        voters = {server.address for server in world.servers}
        words = ["--data", os.path.join(self.dir, "fourth"), "--listen", f"127.0.0.1:{self.free_port()}"]
        learner = Server("learner", words[-1])
        self.addCleanup(learner.channel.close)
        process = self.starlingd(*words, "--join", world.servers[0].address, log="fourth.log")
        poll(lambda: self.voters(world) == voters | {learner.address}, "the fourth server votes")
        process.end()
        poll(lambda: self.voters(world) == voters, "it is let go of")
        self.days_later(world, 31, "--dead-server-timeout-s", "3600")
        world.log_in_anew()
        process = self.starlingd(*words, log="learner.log")
        poll(lambda: self.role(learner) == "LEARNER", "it is a learner, " + process.log)
        poll(lambda: self.health(learner.address).has_quorum, "it hears the primary")
        learner.id = self.health(learner.address).server_id
        world.servers.append(learner)
        return world

    def voters(self, world):
        health = self.health(world.servers[0].address)
        return health and {server.address for server in health.servers.servers if server.voter}

    def role(self, server):
        health = self.health(server.address)
        return health and cluster_pb2.Role.Name(health.role).removeprefix("ROLE_")

    def check_roles(self, world, *roles):
        poll(lambda: sorted(self.role(server) or "" for server in world.servers) == sorted(roles),
             f"the roles are {roles}")

    def days_later(self, world, days, *words):
        """All servers down, and up again with clocks that are so far ahead. Nobody writes; every server
        has noticed at the end."""
        begun = self.health(world.servers[0].address).time_ms
        self.must("down")
        self.env["LD_PRELOAD"] = os.environ["STARLING_CLOCK_AHEAD"]
        ahead = days * self.DAY_MS - int(self.env.get("STARLING_CLOCK_AHEAD_S", 0)) * 1000
        self.env["STARLING_CLOCK_AHEAD_S"] = str(days * 24 * 3600)
        self.up(len(world.servers), *words)
        self.wait_primary()
        for server in world.servers:
            poll(lambda: self.health(server.address).time_ms >= begun + ahead,
                 f"replicated time has gone on at {server.name}, though nobody writes")

    def check(self, world, servers, with_rights=False):
        """Every call that is not allowed gets its exact answer, on each of these servers."""
        cases = list(world.cases())
        begun = time.monotonic()
        self.assertEqual(world.each(servers, cases), [])
        if with_rights:
            self.assertEqual(world.each(servers, world.rightful()), [])
        say(f"{len(cases)} calls without the right to them on each of "
            f"{', '.join(s.name for s in servers)}: {time.monotonic() - begun:.1f} s")

    def others(self, world, *names):
        return [server for server in world.servers if server.name not in names]

    def leader(self, survivors):
        for server in survivors:
            health = self.health(server.address)
            if health and health.primary_id in [s.id for s in survivors] and health.has_quorum:
                return next(s.name for s in survivors if s.id == health.primary_id)
        return None

    def kill_primary(self, world, cases=None):
        """In a storm, which goes on for a while under the next one. The server that is dead then, and those
        that are left."""
        primary = self.wait_primary()
        survivors = self.others(world, primary)
        storm = Storm(world, survivors, cases)
        self.addCleanup(storm.stop)
        storm.more(100)
        begun = time.monotonic()
        os.kill(self.servers()[primary]["pid"], signal.SIGKILL)
        new = poll(lambda: self.leader(survivors), "the next primary")
        ended = time.monotonic()
        storm.more(500)
        storm.stop()
        met = storm.through(begun, ended)
        say(f"{primary} killed, {new} leads after {(ended - begun) * 1000:.0f} ms: {dict(storm.counts())}, "
            f"through the failover: {dict(met)}")
        self.assertEqual(storm.wrong[:20], [])
        self.assertEqual(set(met), {SESSION, OPEN, PEER})
        self.assertTrue(cases or storm.counts()["reads"])
        return primary, survivors


class Storm:
    """Calls on each of these servers, one after another in several threads: all that nobody has the right to
    and all that anybody may call, and reads by somebody who may. With `cases` these alone, and whatever is
    not for the primary to answer is to be answered exactly, whoever leads."""

    THREADS = {SESSION: 8, OPEN: 1, PEER: 1}
    READS = ("Chat/ListMessages", "Chat/GetConversation", "Chat/ListMembers", "Chat/ListConversations")

    def __init__(self, world, servers, cases=None):
        self.world, self.sure = world, cases is not None
        mine = [case for case in world.rightful() if case.row.rpc in self.READS]
        if cases is None:
            cases = [*world.cases(), *(case for case in world.rightful() if case.row.who == OPEN)]
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.calls, self.wrong = [], []
        self.threads = [threading.Thread(target=self.intrude, args=(server, self.shuffled(cases, who, seed)))
                        for server in servers for who, count in self.THREADS.items() for seed in range(count)]
        if not self.sure:
            self.threads += [threading.Thread(target=self.read, args=(server, mine)) for server in servers]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def shuffled(cases, who, seed):
        """Those about rows of one kind."""
        out = [case for case in cases if case.row.who == who]
        random.Random(seed).shuffle(out)
        return out

    def note(self, begun, server, case, answer, what):
        with self.lock:
            self.calls.append((begun, time.monotonic(), case.row.who, what))
            if what == "wrong":
                self.wrong.append(self.world.describe(server, case, answer))

    def intrude(self, server, cases):
        while True:
            for case in cases:
                if self.stopped.is_set():
                    return
                begun = time.monotonic()
                answer = self.world.within_limits(server, case)
                what = "exact" if self.world.exact(case, answer) else "unsure"
                if what == "unsure" and (not unsure(answer) or (self.sure and not case.row.at_primary)):
                    what = "wrong"
                self.note(begun, server, case, answer, what)

    def read(self, server, cases):
        while not self.stopped.is_set():
            for case in cases:
                begun = time.monotonic()
                answer = self.world.ask(server, case)
                self.note(begun, server, case, answer, "reads" if self.world.exact(case, answer) else "wrong")

    def more(self, count):
        goal = len(self.calls) + count
        poll(lambda: len(self.calls) >= goal, f"{count} more calls")

    def stop(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def through(self, begun, ended):
        """How many calls about rows of each kind were under way in that time."""
        return collections.Counter(who for start, end, who, _ in self.calls if start <= ended and end >= begun)

    def counts(self):
        return collections.Counter(what for _, _, _, what in self.calls)
