#!/usr/bin/env python3
"""What a joining server costs the others when the chat store is big: memory and latency.

Fills a cluster of three of its own up to --mib of messages, then measures --windows pairs of windows under
the same load: quiet, and while a server joins by snapshot, from a second after its clients have logged in (a
log-in takes 64 MiB for its Argon2id hash, join or not). Prints, for each pair, the 99th percentile of a
send in both and their ratio; how much the primary's and the joiner's anonymous memory (not page cache) grew;
and the verdict: a ratio of 2 at most (the median), less than 64 MiB. The memory counts until the joiner is a
voter and serves; then the load fills its caches, which are settings, as it has filled the others'. By hand, on a machine that does nothing else:

    bench/big_join.py --mib 1024
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BODY = 16_384
MOST_RATIO = 2.0
MOST_MIB = 64


class Cluster:
    def __init__(self, bin_dir, directory):
        self.bin = bin_dir
        self.name = f"big-join-{os.getpid()}"
        self.directory = directory

    def ctl(self, *words, check=True, timeout=600):
        done = subprocess.run([f"{self.bin}/clusterctl", *words, "--name", self.name], text=True,
                              capture_output=True, timeout=timeout, check=False)
        if check and done.returncode != 0:
            sys.exit(f"clusterctl {' '.join(words)}: {done.stderr}")
        return done.stdout

    def status(self):
        return json.loads(self.ctl("status", "-o", "json", check=False))

    def primary(self):
        status = self.status()
        return next(s for s in status["servers"] if s["name"] == status["primary"])

    def bench(self, *words):
        address = self.primary()["address"]
        done = subprocess.run([f"{self.bin}/starling-bench", "send", "--servers", address, "-o", "json", *words],
                              text=True, capture_output=True, timeout=3600, check=False)
        if done.returncode != 0:
            sys.exit(f"starling-bench: {done.stderr}")
        return json.loads(done.stdout)


def anonymous_kib(pid):
    """RssAnon of a process; 0 when it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("RssAnon")), 0)
    except FileNotFoundError:
        return 0


class MemoryWatch(threading.Thread):
    """The largest anonymous memory of processes that may appear while it looks."""

    def __init__(self, pids):
        super().__init__(daemon=True)
        self.pids, self.most, self.first, self.stop = pids, {}, {}, threading.Event()

    def mark(self):
        """What came up to now, without what comes."""
        return dict(self.most)

    def run(self):
        while not self.stop.wait(0.05):
            for pid in self.pids():
                now = anonymous_kib(pid)
                self.first.setdefault(pid, now)
                self.most[pid] = max(self.most.get(pid, 0), now)


def pids_under(directory):
    """Servers whose data lies there: also one that clusterctl is still starting."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as words:
                    words = words.read().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"starlingd") and any(w.startswith(directory.encode()) for w in words):
                found.append(int(entry))
    return found


def fill(cluster, mib):
    while True:
        held = cluster.primary()["data_bytes"] / (1 << 20)
        print(f"  {held:.0f} MiB of data", flush=True)
        if held >= mib * 1.05 + 128:  # The log's tail counts too.
            return
        cluster.bench("--size", str(BODY), "--in-flight", "64", "--seconds", "8", "--warm-up", "0")


def window(cluster, seconds, in_flight, beside=None):
    """p99 in ms of a load of that length, while `beside` runs."""
    other = threading.Timer(2.0, beside) if beside else None
    if other:
        other.start()
    result = cluster.bench("--in-flight", str(in_flight), "--size", "200", "--seconds", str(seconds))
    if other:
        other.join()
    return result["p99_ms"], result


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    asked.add_argument("--mib", type=int, default=1024)
    asked.add_argument("--windows", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--in-flight", type=int, default=16)
    asked.add_argument("--bin", default=f"{ROOT}/build/bin")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="starling-big-join-") as directory:
        cluster = Cluster(options.bin, directory)
        try:
            cluster.ctl("up", "-n", "3", "--base-port", "0", "--dir", f"{directory}/cluster")
            fill(cluster, options.mib)
            return 0 if measure(cluster, options) else 1
        finally:
            cluster.ctl("down", "--purge", check=False)


def measure(cluster, options):
    primary = cluster.primary()
    ratios, grown, joined = [], [], []
    for number in range(options.windows):
        quiet, _ = window(cluster, options.seconds, options.in_flight)
        marks = []
        watch = MemoryWatch(lambda: pids_under(cluster.directory))
        known = {s["pid"] for s in cluster.status()["servers"]}
        busy, result = window(cluster, options.seconds, options.in_flight,
                              lambda: (watch.start(), cluster.ctl("join"), marks.append(watch.mark())))
        watch.stop.set()
        watch.join()
        joiner = max((pid for pid in watch.most if pid not in known), key=watch.most.get, default=None)
        if joiner is None:
            sys.exit("no server joined")
        most = marks[0]
        grown.append((most[primary["pid"]] - watch.first[primary["pid"]]) / 1024)
        joined.append((most[joiner] - watch.first[joiner]) / 1024)
        ratios.append(busy / quiet)
        print(f"pair {number + 1}: p99 {quiet:.1f} ms quiet, {busy:.1f} ms while one joins, ratio "
              f"{busy / quiet:.2f}; longest send {result['max_ms']:.0f} ms; anonymous memory: primary "
              f"+{grown[-1]:.1f} MiB, joiner +{joined[-1]:.1f}; "
              f"{watch.most[joiner] / 1024:.1f} MiB when the load ended", flush=True)
        name = max((s["name"] for s in cluster.status()["servers"]), key=lambda n: int(n[1:]))
        cluster.ctl("leave", name)
        time.sleep(2)
    ratio = statistics.median(ratios)
    good = ratio <= MOST_RATIO and max(*grown, *joined) < MOST_MIB
    print(f"{'PASS' if good else 'FAIL'}: median ratio {ratio:.2f} (at most {MOST_RATIO}); primary +{max(grown):.1f} "
          f"MiB at most, joiner +{max(joined):.1f} MiB at most (below {MOST_MIB})")
    return good


if __name__ == "__main__":
    sys.exit(main())
