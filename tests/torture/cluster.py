"""A cluster of its own for the torture test, through clusterctl, and the recording clients. Every process that is
started here is ended here, by its own pid."""

import json
import os
import signal
import subprocess
import time

BIN = os.environ.get("STARLING_BIN_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                                      "..", "..", "build", "bin"))
FAULTY = "faulty/starlingd"  # The server on the disks of tests/lib/fault_files.h.
HEAL_SECONDS = 90
COMMAND_SECONDS = 150
DEAD_SECONDS = 8  # Longer than faults last.


class Trouble(Exception):
    """The run cannot go on: what has been recorded is judged all the same."""


def program(name):
    return os.path.join(BIN, name)


class Cluster:
    def __init__(self, directory, power_loss=False):
        self.power_loss = power_loss
        self.directory = os.path.join(directory, "cluster")
        self.name = f"torture-{os.getpid()}"
        # A registry of its own: nothing of it is left in the user's.
        self.env = {**os.environ, "XDG_STATE_HOME": os.path.join(directory, "state")}
        if power_loss:
            # What is not synced is in the process's memory only: to be killed is to lose power.
            self.env["STARLINGD"] = program(FAULTY)
            self.env["STARLING_FAULT_WRITE_BACK"] = "50"

    def ctl(self, *words, timeout=COMMAND_SECONDS):
        """(exit code, what it printed, what it complained about)"""
        # A group of its own: Ctrl-C is ours alone, and what was begun is finished.
        try:
            done = subprocess.run([program("clusterctl"), *words, "--name", self.name], capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL, env=self.env, timeout=timeout,
                                  start_new_session=True, check=False)
        except subprocess.TimeoutExpired:
            raise Trouble(f"clusterctl {' '.join(words)} took more than {timeout} s") from None
        return done.returncode, done.stdout, done.stderr.strip()

    def must(self, *words):
        code, out, complaint = self.ctl(*words)
        if code != 0:
            raise Trouble(f"clusterctl {' '.join(words)}: exit {code}: {complaint}")
        return out

    def commands(self):
        return self.ctl("--help")[1]

    def up(self, count=None, election_ms=250):
        # Short logs, so that who was away is caught up by a snapshot; a voter that was wiped is soon forgotten.
        words = ["-n", str(count), "--base-port", "0", "--dir", self.directory, "--log-max-kib", "1024",
                 "--log-keep-kib", "256", "--dead-server-timeout-s", str(DEAD_SECONDS),
                 "--election-ms", str(election_ms), "--heartbeat-ms", str(election_ms // 5)] if count else []
        return self.must("up", *words, "-o", "json")

    def down(self):
        return self.ctl("down", "--purge")

    def status(self):
        code, out, complaint = self.ctl("status", "-o", "json")
        if code not in (0, 3):
            raise Trouble(f"clusterctl status: exit {code}: {complaint}")
        return json.loads(out)

    def servers(self):
        return {server["name"]: server for server in self.status()["servers"]}

    def addresses(self):
        return [server["address"] for server in self.status()["servers"]]

    def primary(self):
        return json.loads(self.must("wait", "--primary", "--timeout", "20s", "-o", "json"))["primary"]

    def data(self, server):
        return os.path.join(self.directory, server, "data")

    def disk(self, server, *rules):
        """The disk of a server has these faults and no others (tests/lib/fault_process_platform.h)."""
        path = self.data(server) + ".faults"
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.writelines(rule + "\n" for rule in rules)
        os.replace(path + ".new", path)

    def kill(self, names):
        """All of them at one instant."""
        servers = self.servers()
        pids = [servers[name]["pid"] for name in names]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        self.until(lambda: all(self.servers()[name]["process"] == "exited" for name in names),
                   f"{', '.join(names)} dead", 20)

    def until(self, look, what, seconds=HEAL_SECONDS):
        deadline = time.monotonic() + seconds
        while not look():
            if time.monotonic() > deadline:
                raise Trouble(f"not within {seconds} s: {what}; {self.summary()}")
            time.sleep(0.1)

    def whole(self):
        """All servers run, vote and answer."""
        status = self.status()
        quorum, servers = status["quorum"], status["servers"]
        return (quorum["ok"] and quorum["up"] == quorum["voters"] == len(servers)
                and all(one["process"] == "running" and one["state"] == "up" and one["role"] != "none"
                        for one in servers))

    def wait_whole(self, seconds=HEAL_SECONDS):
        self.until(self.whole, "all servers up again", seconds)

    def wait_converged(self):
        self.must("wait", "--converged", "--timeout", f"{HEAL_SECONDS}s")

    def summary(self):
        status = self.status()
        return f"quorum {status['quorum']}, " + ", ".join(
            f"{one['name']} {one['process']} {one['role']} {one['state']} {one['applied_index']}"
            for one in status["servers"])

    def heal(self):
        """Whatever was done to it, undone, as far as commands go."""
        for name, server in self.servers().items():
            if server["process"] == "paused":
                self.must("resume", name)
        if "partition" in self.commands():  # Faults of the links can be made.
            self.must("heal")
        self.up()


class Recorder:
    """A process of recording clients; killed and started again it goes on in the same files."""

    def __init__(self, name, directory, setup, options):
        self.name, self.directory, self.setup, self.options = name, directory, setup, options
        self.history = os.path.join(directory, f"{name}.jsonl")
        self.runs = 0
        self.process = None

    def start(self, servers):
        self.runs += 1
        words = {"servers": ",".join(servers), "setup": self.setup, "history": self.history,
                 "process": f"{self.name}.{self.runs}", **self.options}
        words["seed"] = str(int(words["seed"]) * 100 + self.runs)
        command = [program("torture_recorder"), "load"]
        for word, value in words.items():
            command += [f"--{word}", value]
        with open(os.path.join(self.directory, f"{self.name}.log"), "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                            text=True, start_new_session=True)
        self.answer()

    def tell(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Trouble(self.ended()) from None

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Trouble(self.ended())
        return json.loads(line)

    def ask(self, command):
        self.tell(command)
        return self.answer()

    def ended(self):
        with open(os.path.join(self.directory, f"{self.name}.log"), encoding="utf-8", errors="replace") as log:
            return f"the client {self.name} ended: {log.read()[-500:]}"

    def kill(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        self.process = None


def record(path, *words):
    """Runs one recorder that prints lines into a file; returns the process."""
    with open(path, "wb") as out:
        return subprocess.Popen([program("torture_recorder"), *words], stdin=subprocess.DEVNULL, stdout=out,
                                stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish_record(process, what):
    _, complaint = process.communicate(timeout=COMMAND_SECONDS)
    if process.returncode != 0:
        raise Trouble(f"{what}: {complaint.strip()}")
