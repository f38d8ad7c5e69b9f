#!/usr/bin/env python3
"""Breaks a cluster of five real servers under load for some time, then judges what the clients saw.

usage: ./run torture [--seconds 300] [--seed 1] [--rate 400] [--without GROUP,...] [--power-loss] [--keep] [-o json]

The seed draws the faults, their lengths and their victims. Everything that a client called, was answered and saw
is recorded (history.py); at the end all is healed, every server's whole state is fetched, and checker.py, which
knows nothing of the product, judges. Exit 0: nothing lost, doubled, reordered, stale, invented or left out, and
every kind of fault happened; 1: not so, or the cluster did not heal; 2: usage. Ctrl-C ends the faults early and
judges what there is. A run that fails leaves its directory, and says where.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time

import checker
import history
import schedule
from cluster import FAULTY, Cluster, Recorder, Trouble, finish_record, program, record
from faults import Faults

SERVERS = 5
PEOPLE = 6
OUTBOX_RATE = 15
# In shorter runs not every kind of fault has its turn.
WHOLE_SECONDS = 240
LINK_COMMANDS = {"partition": {"isolate", "partition", "heal"}, "slow": {"slow", "heal"}}


class Run:
    def __init__(self, arguments, directory):
        self.arguments, self.directory = arguments, directory
        self.stop = threading.Event()
        self.cluster = Cluster(directory, arguments.power_loss)
        self.kinds = schedule.chosen(arguments.without, arguments.power_loss)
        self.counts = dict.fromkeys(self.kinds, 0)
        self.recorders = []
        self.troubles = []
        self.begun = time.monotonic()
        self.histories = os.path.join(directory, "histories")
        os.mkdir(self.histories)

    def note(self, line):
        with open(os.path.join(self.histories, "nemesis.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def say(self, text):
        print(f"{time.monotonic() - self.begun:6.1f} {text}", file=sys.stderr, flush=True)

    def sleep(self, seconds):
        self.stop.wait(seconds)

    def missing_commands(self):
        """What faults of the links need and this clusterctl does not offer."""
        offered = {line.split()[0] for line in self.cluster.commands().splitlines() if line.strip()}
        groups = {schedule.KINDS[kind][0] for kind in self.kinds}
        return {group: needed - offered for group, needed in LINK_COMMANDS.items()
                if group in groups and needed - offered}

    # ---- the parts of a run

    def start(self):
        self.cluster.up(SERVERS, self.arguments.election_ms)
        servers = self.cluster.addresses()
        setup = os.path.join(self.directory, "setup.json")
        finish_record(record(setup, "setup", "--servers", ",".join(servers), "--people", str(PEOPLE)), "setup")
        # Everybody chats on two clients, in different processes; two more have an outbox.
        load = max(self.arguments.rate - 2 * OUTBOX_RATE, 20) / 2
        for number, clients in enumerate(("0,1,2,3,4,5", "6,7,8,9,10,11")):
            self.recorders.append(self.recorder(f"w{number}", setup, clients=clients, rate=str(load)))
        for number in range(2):
            self.recorders.append(self.recorder(
                f"o{number}", setup, clients=str(12 + number), rate=str(OUTBOX_RATE),
                outbox=os.path.join(self.directory, f"o{number}.db")))
        for one in self.recorders:
            one.start(servers)

    def recorder(self, name, setup, **options):
        seed = self.arguments.seed * 10 + len(self.recorders)
        return Recorder(name, self.histories, setup, {"seed": str(seed), **options})

    def break_it(self):
        deadline = self.begun + self.arguments.seconds
        faults = Faults(self.cluster, self.recorders, self.sleep, self.note)
        self.sleep(1.0)
        for step in schedule.steps(self.arguments.seed, self.kinds):
            if self.stop.is_set() or time.monotonic() >= deadline:
                return
            self.note({"e": "fault", "t": time.monotonic_ns(), "kind": step.kind, "number": step.number})
            begun = time.monotonic()
            victims = faults.run(step)
            self.counts[step.kind] += 1
            self.say(f"{step.says()}: {victims}; whole again after {time.monotonic() - begun:.1f} s")
            self.sleep(min(step.calm_s, max(0.0, deadline - time.monotonic())))

    def settle(self):
        """Heals everything, ends the load, and fetches what every server holds."""
        self.cluster.heal()
        self.attempt(self.cluster.wait_whole)  # If not, what is there can be judged all the same.
        self.together("drain")
        self.cluster.wait_converged()
        self.together("finish")
        self.cluster.wait_converged()
        dumps = []
        for name, server in self.cluster.servers().items():
            path = os.path.join(self.histories, f"replica-{name}.jsonl")
            dumps.append((name, record(path, "dump", "--server", server["address"], "--replica", name,
                                       "--setup", os.path.join(self.directory, "setup.json"))))
        for name, process in dumps:
            finish_record(process, f"the state of {name}")

    def together(self, command):
        running = [one for one in self.recorders if one.process is not None]
        for one in running:
            one.tell(command)
        for one in running:
            answer = one.answer()
            if not answer["ok"]:
                self.troubles.append(f"{command} of {one.name}: {answer}")

    def attempt(self, part):
        """False when it could not be done."""
        try:
            part()
            return True
        except Trouble as trouble:
            self.troubles.append(str(trouble))
        except Exception as error:  # Of this program or the machine: to be told, not to be hidden.
            self.troubles.append(f"{type(error).__name__}: {error}")
        self.say(self.troubles[-1])
        return False

    def end(self):
        for one in self.recorders:
            one.kill()
        code, _, complaint = self.cluster.ctl("down")
        if code != 0:
            self.troubles.append(f"clusterctl down: {complaint}")

    # ---- the verdict

    def judge(self):
        verdict = checker.check(history.read_directory(self.histories))
        acknowledged, sends = verdict.counts["acknowledged"], verdict.counts["sends"]
        whole = self.arguments.seconds >= WHOLE_SECONDS and not self.stop.is_set()
        if whole:
            self.troubles += [f"{kind} never happened" for kind, count in self.counts.items() if count == 0]
        if sum(self.counts.values()) == 0:
            self.troubles.append("no fault happened")
        if self.stop.is_set():
            self.troubles.append(f"interrupted: not all of the {self.arguments.seconds} s were run")
        if acknowledged == 0 or whole and acknowledged < sends / 2:  # The service is there most of the time.
            self.troubles.append(f"only {acknowledged} of {sends} sends were acknowledged")
        return verdict

    def report(self, verdict):
        good = verdict is not None and verdict.clean and not self.troubles
        faults = {kind: count for kind, count in self.counts.items() if count}
        where = None if good and not self.arguments.keep else self.directory
        replay = f"tests/torture/checker.py {self.histories}"
        if self.arguments.output == "json":
            print(json.dumps({"ok": good, "seed": self.arguments.seed, "seconds": self.arguments.seconds,
                              "faults": faults, "left_out": sorted(set(schedule.KINDS) - set(self.kinds)),
                              "troubles": self.troubles, "history": verdict and verdict.json(),
                              "directory": where}))
            return good
        for name, texts in (verdict.examples.items() if verdict else ()):
            for text in texts:
                print(f"{name}: {text}")
        for trouble in self.troubles:
            print(f"trouble: {trouble}")
        print(f"faults: {sum(faults.values())}, " + ", ".join(f"{n} {kind}" for kind, n in faults.items()))
        if where:
            print(f"kept: {where}\ncheck again: {replay}\nrun again: ./run torture --seed {self.arguments.seed} "
                  f"--seconds {self.arguments.seconds}")
        print(f"torture: {'PASS' if good else 'FAIL'}: seed {self.arguments.seed}: "
              + (verdict.line() if verdict else "no verdict on the histories"))
        return good


def parse():
    parser = argparse.ArgumentParser(prog="run torture", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=300, help="how long faults are made (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="draws the faults (default 1)")
    parser.add_argument("--rate", type=int, default=400, help="sends a second, at most (default 400)")
    parser.add_argument("--election-ms", type=int, default=500,
                        help="of the servers; twice their default (500), so that a busy machine is no fault")
    parser.add_argument("--without", default="", metavar="GROUP,...",
                        help="faults that are left out: " + ", ".join(schedule.GROUPS) + ", or single kinds")
    parser.add_argument("--power-loss", action="store_true",
                        help="on the tests' own disks: who is killed loses what was not synced; disks fail and are slow")
    parser.add_argument("--keep", action="store_true", help="keep the directory of a good run too")
    parser.add_argument("--list", action="store_true", help="print the first faults of this seed, and end")
    parser.add_argument("-o", "--output", choices=("text", "json"), default="text")
    arguments = parser.parse_args()
    arguments.without = {word for word in arguments.without.split(",") if word}
    try:
        schedule.chosen(arguments.without)
    except KeyError as word:
        parser.error(f"--without: there are no faults named {word}")
    if not 50 <= arguments.election_ms <= 10_000:
        parser.error("--election-ms goes from 50 to 10000")
    if not 5 <= arguments.seconds <= 86_400 or not 1 <= arguments.rate <= 100_000 or arguments.seed < 0:
        parser.error("--seconds goes from 5 to 86400, --rate from 1 to 100000, --seed from 0")
    return arguments


def main():
    arguments = parse()
    if arguments.list:
        kinds = schedule.chosen(arguments.without, arguments.power_loss)
        for step, _ in zip(schedule.steps(arguments.seed, kinds), kinds):
            print(step.says())
        return 0
    for name in ("clusterctl", FAULTY if arguments.power_loss else "starlingd", "torture_recorder"):
        if not os.access(program(name), os.X_OK):
            print(f"torture: there is no {program(name)}; ./run torture builds it", file=sys.stderr)
            return 2
    directory = tempfile.mkdtemp(prefix="starling-torture-")
    run = Run(arguments, directory)
    for group, words in run.missing_commands().items():
        print(f"torture: this clusterctl has no {', '.join(sorted(words))}; leave such faults out with --without "
              f"{group}", file=sys.stderr)
        shutil.rmtree(directory)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: run.stop.set())
    verdict = None
    try:
        if run.attempt(run.start):
            run.attempt(run.break_it)
            run.say("healing, and fetching what every server holds")
            run.attempt(run.settle)
    finally:
        run.end()
    try:
        verdict = run.judge()
    except history.Malformed as error:
        run.troubles.append(str(error))
    good = run.report(verdict)
    if good and not arguments.keep:
        shutil.rmtree(directory)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
