"""What a torture run does to its cluster: one function for each kind of fault. Each leaves the cluster as healthy
as it was, and says in one word or two to whom it happened."""

import os
import random
import resource
import shutil
import signal
import threading
import time

from cluster import Trouble

ROOM_BYTES = (4 * 1024, 256 * 1024)  # That a disk has before it is full.
FLIPS = 4
DISK_ERRORS = ("fail write log.db-wal EIO", "fail write log.db-wal ENOSPC", "fail sync log.db-wal EIO",
               "fail write chat.db-wal EIO")


class Faults:
    """`sleep` waits, less long when the run is to end; `note` writes a line into the history."""

    def __init__(self, cluster, recorders, sleep, note):
        self.cluster, self.recorders, self.sleep, self.note = cluster, recorders, sleep, note
        self.draw = None

    def run(self, step):
        self.draw = random.Random(step.seed)
        victims = getattr(self, step.kind.replace("-", "_"))(step)
        self.cluster.wait_whole()
        return victims

    # ---- whom

    def backups(self, count):
        primary = self.cluster.primary()
        return self.draw.sample(sorted(name for name in self.cluster.servers() if name != primary), count)

    def backup(self):
        return self.backups(1)[0]

    # ---- kill and pause

    def killed(self, names, step):
        self.cluster.kill(names)
        self.sleep(step.hold_s)
        self.cluster.up()
        return ", ".join(names)

    def paused(self, names, step):
        for name in names:
            self.cluster.must("pause", name)
        self.sleep(step.hold_s)
        for name in names:
            self.cluster.must("resume", name)
        return ", ".join(names)

    def kill_primary(self, step):
        return self.killed([self.cluster.primary()], step)

    def kill_backup(self, step):
        return self.killed([self.backup()], step)

    def kill_two(self, step):
        return self.killed([self.cluster.primary(), self.backup()], step)

    def kill_again_and_again(self, step):
        """The same server, or whoever leads, as soon as it is back."""
        victims, same = [], self.backup() if self.draw.random() < 0.5 else None
        for _ in range(3):
            victims.append(self.killed([same or self.cluster.primary()], step))
        return ", ".join(victims)

    def kill_all(self, step):
        self.cluster.kill(list(self.cluster.servers()))
        self.without_quorum(step.hold_s, 0)
        self.cluster.up()
        return "all"

    def pause_primary(self, step):
        return self.paused([self.cluster.primary()], step)

    def pause_backup(self, step):
        return self.paused([self.backup()], step)

    def pause_two(self, step):
        return self.paused([self.cluster.primary(), self.backup()], step)

    def pause_and_kill(self, step):
        primary, backup = self.cluster.primary(), self.backup()
        paused, killed = (primary, backup) if self.draw.random() < 0.5 else (backup, primary)
        self.cluster.must("pause", paused)
        self.cluster.kill([killed])
        self.sleep(step.hold_s)
        self.cluster.must("resume", paused)
        self.cluster.up()
        return f"{paused} paused, {killed} killed"

    # ---- no quorum

    def without_quorum(self, seconds, margin_s):
        """Meanwhile nothing may be acknowledged; the margin is for what was under way."""
        begin = time.monotonic_ns() + int(margin_s * 1e9)
        self.sleep(margin_s + 0.3)
        status = self.cluster.status()
        if status["quorum"]["ok"]:
            raise Trouble(f"a quorum is reported where there can be none: {self.cluster.summary()}")
        self.sleep(seconds)
        self.note({"e": "no_quorum", "from": begin, "to": time.monotonic_ns()})

    def no_quorum_by_kill(self, step):
        names = [self.cluster.primary(), *self.backups(2)]
        self.cluster.kill(names)
        self.without_quorum(step.hold_s, 0)
        self.cluster.up()
        return ", ".join(names)

    def no_quorum_by_pause(self, step):
        names = [self.cluster.primary(), *self.backups(2)]
        for name in names:
            self.cluster.must("pause", name)
        self.without_quorum(step.hold_s, 0)
        for name in names:
            self.cluster.must("resume", name)
        return ", ".join(names)

    # ---- leadership and members

    def transfer(self, step):
        target = self.backup()
        code, _, complaint = self.cluster.ctl("transfer", target)
        self.sleep(step.hold_s)
        return target if code == 0 else f"{target}: {complaint}"

    def restart_all(self, step):
        self.cluster.must("restart", "all")
        self.sleep(step.hold_s)
        return "all"

    def replaced(self, name, step):
        self.cluster.must("leave", name)
        self.sleep(step.hold_s)
        self.cluster.must("join")
        return name

    def leave_and_join(self, step):
        return self.replaced(self.backup(), step)

    def primary_leaves(self, step):
        return self.replaced(self.cluster.primary(), step)

    def join_killed(self, step):
        """A sixth server dies while it joins; whatever is left of it is taken out."""
        before = set(self.cluster.servers())
        join = threading.Thread(target=self.cluster.ctl, args=("join",))
        join.start()
        deadline = time.monotonic() + 10
        new = None
        while new is None and join.is_alive() and time.monotonic() < deadline:
            new = self.process_of_newcomer(before)
        self.sleep(step.hold_s)
        if new:
            os.kill(new, signal.SIGKILL)
        join.join()
        for name in sorted(set(self.cluster.servers()) - before):
            self.cluster.must("leave", name)
        return "the newcomer" if new else "nobody in time"

    def process_of_newcomer(self, before):
        """The pid of a server of this cluster that is in nobody's list yet."""
        known = {os.path.join(self.cluster.directory, name) for name in before}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            data = words[words.index("--data") + 1] if "--data" in words[:-1] else ""
            if data.startswith(self.cluster.directory + "/") and os.path.dirname(data) not in known:
                return int(pid)
        return None

    # ---- disks

    def harmed(self, name, harm, step):
        """A dead server's files are damaged: it refuses, or it is repaired. Then it is replaced."""
        self.cluster.kill([name])
        what = harm(self.cluster.data(name))
        self.sleep(step.hold_s)
        code, _, complaint = self.cluster.ctl("restart", name)
        if code == 0:
            self.sleep(1.0)
            answer = "it runs"
        else:
            answer = "it refuses: " + complaint.split("\n")[-1][:160]
        self.replaced(name, step)
        return f"{name}: {what}; {answer}"

    def disk_flip(self, step):
        def flip(data):
            names = [one for one in sorted(os.listdir(data)) if one in ("log.db", "log.db-wal", "vote")]
            name = self.draw.choice(names)
            path = os.path.join(data, name)
            size = os.path.getsize(path)
            with open(path, "r+b") as file:
                for _ in range(min(FLIPS, size)):
                    at = self.draw.randrange(size)
                    file.seek(at)
                    byte = file.read(1)[0]
                    file.seek(at)
                    file.write(bytes([byte ^ (1 << self.draw.randrange(8))]))
            return f"bits of {name} flipped"

        return self.harmed(self.backup(), flip, step)

    def disk_cut(self, step):
        def cut(data):
            names = [one for one in sorted(os.listdir(data))
                     if one.endswith((".db", "-wal")) and os.path.getsize(os.path.join(data, one)) > 1]
            name = self.draw.choice(names)
            path = os.path.join(data, name)
            size = self.draw.randrange(os.path.getsize(path))
            os.truncate(path, size)
            return f"{name} cut to {size} bytes"

        return self.harmed(self.backup(), cut, step)

    def disk_wiped(self, step):
        """A new server at the address of an old one."""
        name = self.backup()
        self.cluster.kill([name])
        shutil.rmtree(self.cluster.data(name))
        self.sleep(step.hold_s)
        code, _, complaint = self.cluster.ctl("restart", name)
        if code != 0:
            self.replaced(name, step)
        return name if code == 0 else f"{name}: {complaint[-160:]}"

    def filled(self, name, step):
        """What is written beyond some place of a file fails (RLIMIT_FSIZE): it has to stop rather than guess."""
        server = self.cluster.servers()[name]
        room = self.draw.randrange(*ROOM_BYTES)
        data = self.cluster.data(name)
        if self.cluster.power_loss:
            used = sum(os.path.getsize(os.path.join(data, one)) for one in os.listdir(data))
            return self.stopped(name, step, f"room {used + room}")
        limit = room + max(os.path.getsize(os.path.join(data, one)) for one in os.listdir(data)
                           if one.startswith("chat") and one.endswith(".db"))  # A snapshot has a name of its own.
        resource.prlimit(self.cluster.servers()[name]["pid"], resource.RLIMIT_FSIZE, (limit, limit))
        return self.stopped(name, step)

    def stopped(self, name, step, *rules):
        """A server whose disk fails ends; with a sound one it comes back."""
        if rules:
            self.cluster.disk(name, *rules)
        self.cluster.until(lambda: self.cluster.servers()[name]["process"] == "exited",
                           f"{name} stops when its disk fails", 60)
        self.sleep(step.hold_s)
        if rules:
            self.cluster.disk(name)
        self.cluster.up()
        return ": ".join((name, *rules))

    def disk_full_backup(self, step):
        return self.filled(self.backup(), step)

    def disk_full_primary(self, step):
        return self.filled(self.cluster.primary(), step)

    def anyone(self):
        return self.cluster.primary() if self.draw.random() < 0.5 else self.backup()

    def disk_error(self, step):
        return self.stopped(self.anyone(), step, self.draw.choice(DISK_ERRORS))

    def disk_slow(self, step):
        name, rule = self.anyone(), f"slow {self.draw.choice((100, 500))}"
        self.cluster.disk(name, rule)
        self.sleep(step.hold_s)
        self.cluster.disk(name)
        return f"{name}: {rule}"

    # ---- links

    def linked(self, step, *words):
        self.cluster.must(*words)
        self.sleep(step.hold_s)
        self.cluster.must("heal")
        return " ".join(words)

    def isolate_primary(self, step):
        return self.linked(step, "isolate", self.cluster.primary())

    def isolate_backup(self, step):
        return self.linked(step, "isolate", self.backup())

    def parts(self, *sizes):
        """Everybody in parts of these sizes, the primary in the first."""
        primary = self.cluster.primary()
        others = sorted(name for name in self.cluster.servers() if name != primary)
        self.draw.shuffle(others)
        names, parts = [primary, *others], []
        for size in sizes:
            parts.append(",".join(names[:size]))
            names = names[size:]
        return "/".join(parts)

    def partition(self, step):
        return self.linked(step, "partition", self.parts(*self.draw.choice(((2, 3), (3, 2)))))

    def no_quorum_by_partition(self, step):
        parts = self.parts(2, 2, 1)
        self.cluster.must("partition", parts)
        self.without_quorum(step.hold_s, 1.5)
        self.cluster.must("heal")
        return parts

    def flapping_link(self, step):
        name = self.anyone()
        for _ in range(4):
            self.linked(step, "isolate", name)
            self.sleep(0.2)
        return name

    def slow_primary(self, step):
        return self.linked(step, "slow", self.cluster.primary(), f"{self.draw.choice((20, 60, 200))}ms")

    def slow_backup(self, step):
        return self.linked(step, "slow", self.backup(), "200ms")

    # ---- clients

    def client_killed(self, step):
        """One with a durable outbox: what it had queued is sent by its next run."""
        victim = self.draw.choice([one for one in self.recorders if "outbox" in one.options])
        victim.kill()
        self.sleep(step.hold_s)
        victim.start(self.cluster.addresses())
        return victim.name
