"""What the tests of the Python package share: clusters run through clusterctl, logged-in accounts,
scripts in processes of their own. Every process that is started here is ended here, by its pid."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

import starling

BIN = os.environ.get("STARLING_BIN_DIR", "build/bin")
SOURCE = os.environ.get("STARLING_SOURCE_DIR", os.getcwd())
PACKAGE_PATH = os.path.dirname(os.path.dirname(os.path.abspath(starling.__file__)))
PASSWORD = "correct horse"
PATIENCE = 30.0


def poll(look, what, timeout=PATIENCE, rest=0.02):
    """The first true answer of `look`."""
    deadline = time.monotonic() + timeout
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {timeout:.0f} s: {what}"
        time.sleep(rest)


class Cluster:
    """Three servers of a test file's own."""

    def __init__(self, base_port=0):
        self.base_port = base_port
        self.dir = tempfile.mkdtemp(prefix="starling-python-test-")
        self.env = {**os.environ, "XDG_STATE_HOME": os.path.join(self.dir, "state")}
        self.env.pop("STARLINGD", None)
        self.pids = set()
        self.up()

    def ctl(self, *words):
        done = subprocess.run([os.path.join(BIN, "clusterctl"), *words, "--name", "py"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120, env=self.env)
        assert done.returncode == 0, f"clusterctl {' '.join(words)}: {done}"
        return done.stdout

    def up(self):
        for server in json.loads(self.ctl("up", "-n", "3", "--base-port", str(self.base_port),
                                          "-o", "json"))["servers"]:
            self.pids.add(server["pid"])
        self.addresses = [server["address"] for server in self.servers()]

    def servers(self):
        servers = json.loads(self.ctl("status", "-o", "json"))["servers"]
        self.pids.update(server["pid"] for server in servers if server["pid"])
        return servers

    def kill_primary(self):
        """The name of the one that was killed."""
        self.ctl("wait", "--primary", "--timeout", "20s")
        name = next(server["name"] for server in self.servers() if server["role"] == "primary")
        self.ctl("kill", name)
        return name

    def restart(self, name):
        self.ctl("restart", name)
        self.ctl("wait", "--converged", "--timeout", "30s")
        self.servers()

    def end(self):
        try:
            self.ctl("down", "--purge")
        finally:
            left = [pid for pid in self.pids if self.runs(pid)]
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            shutil.rmtree(self.dir, ignore_errors=True)
            assert not left, "clusterctl down left servers behind"

    @staticmethod
    def runs(pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                text = stat.read()
        except FileNotFoundError:
            return False
        return "(starlingd)" in text and text.rsplit(")", 1)[1].split()[0] not in "ZX"


class Script:
    """Python code in a process of its own. `SERVERS` in it stands for the cluster's addresses."""

    def __init__(self, code, servers, *words):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", f"SERVERS = {servers!r}\n{code}", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": PACKAGE_PATH})

    def line(self):
        return self.process.stdout.readline().strip()

    def interrupt(self):
        """The monotonic time of a Ctrl-C."""
        now = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        return now

    def end(self, timeout=PATIENCE):
        """(exit code, output, errors) once it has ended by itself."""
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return self.process.returncode, out, err

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.end()


@pytest.fixture
def script(cluster):
    """Starts scripts; none outlives the test."""
    running = []

    def start(code, *words, servers=None):
        one = Script(code, cluster.addresses if servers is None else servers, *words)
        running.append(one)
        return one

    yield start
    for one in running:
        one.kill()


@pytest.fixture
def client(cluster):
    with starling.Client(cluster.addresses) as client:
        yield client


def account(client, name):
    """A session of that account, made if there is none."""
    try:
        client.create_account(name, PASSWORD)
    except starling.AlreadyExists:
        pass
    return client.login(name, PASSWORD)


def settle(stream, session, chat):
    """Reads a stream up to a message sent now. A stream "from now" may begin with what its server
    had not applied yet."""
    mark = session.send(chat.id, "mark").id
    while True:
        event = stream.next(timeout=10.0)
        if event.message and event.message.id == mark:
            return


@pytest.fixture
def ada(client):
    return account(client, "ada")


@pytest.fixture
def bob(client):
    return account(client, "bob")


@pytest.fixture
def chat(ada, bob):
    """The conversation of ada with bob."""
    return ada.open_direct("bob")
