"""What the integration tests share: clusters run through clusterctl, clients steered through sdk_probe,
raw gRPC calls, and outcomes that are polled for with a deadline. Every process that is started here is
ended here, by its own pid."""

import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

BIN = os.environ.get("STARLING_BIN_DIR", "build/bin")
STUBS = os.environ.get("STARLING_STUBS", "build/python-stubs")
sys.path.insert(0, STUBS)

# Seconds until an outcome that is polled for counts as missing.
PATIENCE = 30.0


def program(name):
    return os.path.join(BIN, name)


def poll(look, what, timeout=PATIENCE, rest=0.02):
    """The first true answer of `look`; fails the test when there is none in time."""
    deadline = time.monotonic() + timeout
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout:.0f} s: {what}; last answer: {found!r}")
        time.sleep(rest)


def request_id():
    """A UUIDv7."""
    now = struct.pack(">Q", int(time.time() * 1000))[2:]
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | (tail[0] & 0x0F)
    tail[2] = 0x80 | (tail[2] & 0x3F)
    value = now + bytes(tail)
    assert uuid.UUID(bytes=value).version == 7
    return value


class Outcome:
    """How one run of a program ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\nstdout: {self.out}\nstderr: {self.err}"


def run(*words, timeout=120, env=None):
    done = subprocess.run(list(words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=timeout, env=env)
    return Outcome(done.returncode, done.stdout, done.stderr)


class Process:
    """A program that a test runs beside it; its output is in a file."""

    def __init__(self, words, log, preexec=None):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            preexec_fn=preexec)
        self.pid = self.process.pid

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def exited(self):
        return self.process.poll() is not None

    def wait_exit(self, timeout=PATIENCE):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"process {self.pid} goes on; its log:\n{self.text()}") from None

    def end(self, number=signal.SIGKILL):
        if not self.exited():
            self.process.send_signal(number)
        self.process.wait(PATIENCE)


class Probe:
    """A client in a process of its own; see sdk_probe.cpp for what it can do."""

    def __init__(self):
        self.process = subprocess.Popen([program("sdk_probe")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, do, **words):
        """An answer that may be a failure."""
        self.submit(do, **words)
        return self.answer()

    def must(self, do, **words):
        answer = self.ask(do, **words)
        if not answer["ok"]:
            raise AssertionError(f"{do} {words}: {answer}")
        return answer

    def submit(self, do, **words):
        self.process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"sdk_probe ended with {self.process.wait(PATIENCE)}")
        return json.loads(line)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()


class IntegrationTest(unittest.TestCase):
    """A directory, a registry and a cluster name of the test's own, all gone afterwards."""

    maxDiff = None

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="starling-test-")
        self.env = {**os.environ, "XDG_STATE_HOME": os.path.join(self.dir, "state")}
        self.env.pop("STARLINGD", None)
        self.name = "t"
        self._pids = set()
        self._probes = []
        self._processes = []

    def tearDown(self):
        failed = any(error for _, error in getattr(self._outcome, "errors", [])) or bool(
            getattr(getattr(self._outcome, "result", None), "failures", [])
            or getattr(getattr(self._outcome, "result", None), "errors", []))
        for probe in self._probes:
            probe.end()
        for process in self._processes:
            process.end()
        if failed:
            self.show_logs()
        if self.names():
            self.ctl("down", "--purge")
        left = [pid for pid in self._pids if self.alive(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.dir, ignore_errors=True)
        self.assertEqual(left, [], "clusterctl down left servers behind")

    def show_logs(self):
        for root, _, files in os.walk(self.dir):
            for name in files:
                if name == "log" or name.endswith(".log"):
                    path = os.path.join(root, name)
                    with open(path, encoding="utf-8", errors="replace") as log:
                        lines = log.readlines()[-40:]
                    print(f"---- {path}\n{''.join(lines)}", file=sys.stderr)

    def names(self):
        try:
            with open(os.path.join(self.dir, "state/starling/.registry.json"),
                      encoding="utf-8") as registry:
                return json.load(registry)
        except FileNotFoundError:
            return {}

    @staticmethod
    def alive(pid):
        """Of a server that clusterctl started: zombies of an idle init do not count."""
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                text = stat.read()
        except FileNotFoundError:
            return False
        return "(starlingd)" in text and text.rsplit(")", 1)[1].split()[0] not in "ZX"

    # clusterctl

    def ctl(self, *words, timeout=120):
        return run(program("clusterctl"), *words, "--name", self.name, env=self.env, timeout=timeout)

    def must(self, *words, timeout=120):
        outcome = self.ctl(*words, timeout=timeout)
        self.assertEqual(outcome.code, 0, f"clusterctl {' '.join(words)}: {outcome}")
        return outcome

    def up(self, count, *words):
        outcome = self.must("up", "-n", str(count), "--base-port", "0", *words, "-o", "json")
        for server in outcome.json["servers"]:
            self._pids.add(server["pid"])
        return outcome.json

    def status(self):
        outcome = self.ctl("status", "-o", "json")
        self.assertIn(outcome.code, (0, 3), outcome)
        status = outcome.json
        self.assertEqual(outcome.code == 0, status["quorum"]["ok"], outcome)
        for server in status["servers"]:
            if server["pid"]:
                self._pids.add(server["pid"])
        return status

    def servers(self, status=None):
        return {s["name"]: s for s in (status or self.status())["servers"]}

    def addresses(self, *names):
        servers = self.servers()
        return [servers[n]["address"] for n in (names or sorted(servers))]

    def running(self):
        return {n: s for n, s in self.servers().items() if s["process"] == "running"}

    def wait_primary(self, timeout="10s"):
        return self.must("wait", "--primary", "--timeout", timeout, "-o", "json").json["primary"]

    def wait_converged(self, timeout="30s"):
        self.must("wait", "--converged", "--timeout", timeout)

    # Clients

    def probe(self, servers=None, **words):
        probe = Probe()
        self._probes.append(probe)
        probe.must("connect", servers=servers or self.addresses(), **words)
        return probe

    def chatting(self, **words):
        """A client with ada and bob logged in and a conversation between them."""
        probe = self.probe(**words)
        for name in ("ada", "bob"):
            probe.must("create", name=name)
            probe.must("login", name=name)
        chat = probe.must("open", session="ada", peer="bob")["conversation"]
        self.assertEqual(probe.must("open", session="bob", peer="ada")["conversation"], chat)
        return probe, chat

    def another(self, name="ada", **words):
        """One more client of the same account."""
        probe = self.probe(**words)
        probe.must("login", name=name)
        return probe

    def wait_acked(self, probe, more, session="ada", timeout=PATIENCE):
        """Until the load has `more` acknowledged sends than now."""
        goal = probe.must("load_state", session=session)["acked"] + more
        return poll(lambda: self.progressed(probe, session, goal), f"{goal} acknowledged", timeout)

    @staticmethod
    def progressed(probe, session, goal):
        state = probe.must("load_state", session=session)
        return state if state["acked"] >= goal else None

    def stop_load(self, probe, session="ada"):
        probe.must("load_stop", session=session)

        def drained():
            state = probe.must("load_state", session=session)
            return state if state["open"] == 0 else None

        state = poll(drained, "every send answered", 40)
        self.assertEqual(state["failed"], 0, state)
        return state

    def check_replicas(self, probe, chat, names=None, session="ada"):
        """Every running replica stores what was acknowledged: once, in order, nothing else."""
        for name, server in self.running().items():
            if names is not None and name not in names:
                continue
            seen = self.pinned(probe, "check", session=session, conversation=chat,
                               server=server["address"], timeout_ms=10000)
            self.assertTrue(seen["clean"], f"{name}: {seen}")
            self.assertGreaterEqual(seen["messages"], seen["acknowledged"], name)

    @staticmethod
    def pinned(probe, do, **words):
        """A pinned read is tried once by the SDK; a server just restarted may still be redialled."""

        def ask():
            answer = probe.ask(do, **words)
            if not answer["ok"] and not answer.get("retryable"):
                raise AssertionError(f"{do} {words}: {answer}")
            return answer if answer["ok"] else None

        return poll(ask, f"an answer to {do} at {words['server']}")

    def check_stream(self, probe, session):
        def all_there():
            seen = probe.must("check", session=session, received=True)
            return seen if seen["messages"] >= seen["acknowledged"] else None

        seen = poll(all_there, f"{session}'s stream has everything")
        self.assertTrue(seen["clean"], seen)

    # Servers outside clusterctl's care

    def starlingd(self, *words, log="starlingd.log", preexec=None):
        process = Process([program("starlingd"), *words], os.path.join(self.dir, log), preexec)
        self._processes.append(process)
        return process

    @staticmethod
    def free_port():
        """Below the ephemeral range: no outgoing connection of anybody takes it meanwhile."""
        while True:
            port = random.randrange(10_000, 32_000)
            with socket.socket() as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return port

    def health(self, address, timeout=2.0):
        """A server's HealthCheck, or None when it does not answer."""
        import grpc
        from starling.v1 import cluster_pb2, cluster_pb2_grpc

        with grpc.insecure_channel(address) as channel:
            try:
                return cluster_pb2_grpc.ClusterStub(channel).HealthCheck(
                    cluster_pb2.HealthCheckRequest(), timeout=timeout)
            except grpc.RpcError:
                return None


def main():
    unittest.main(verbosity=2)
