#!/usr/bin/env python3
"""Breaks the code on purpose, one place at a time, and sees to it that a check goes red.

Each mutant of mutants.toml replaces one piece of text; it is built in a copy of the tree, beside the real
one, and the checks that it names are run until one fails. A mutant that no check catches is a missing
test. ./run mutants prints the table; exit 0: all caught, 1: one survived, 2: usage or a mutant that no
longer fits the source.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# What the copy needs: the layers below gRPC, their tests and the simulator.
KEPT = ("CMakeLists.txt", "CMakePresets.json", "server", "tests/CMakeLists.txt", "tests/unit", "tests/lib",
        "tests/sim", "tests/mutants", "tests/lint", "proto", "cmake", "packaging")

# By name: the target, and the commands, the cheap ones first. Any failure catches the mutant.
SWEEPS = ("1..60", "61..300", "301..1200")
CHECKS = {
    "core": ("core_tests", [["bin/core_tests", "--gtest_brief=1"]]),
    "chat": ("chat_tests", [["bin/chat_tests", "--gtest_brief=1"]]),
    "search": ("search_tests", [["bin/search_tests", "--gtest_brief=1"]]),
    "presence": ("presence_tests", [["bin/presence_tests", "--gtest_brief=1"]]),
    "storage": ("storage_tests", [["bin/storage_tests", "--gtest_brief=1"]]),
    "faults": ("faults_tests", [["bin/faults_tests", "--gtest_brief=1"]]),
    "golden": ("starling-sim", None),
    "sim": ("starling-sim", [["bin/starling-sim", "--seeds", seeds, "--jobs", "2"] for seeds in SWEEPS]),
}
BUILD_SECONDS = 900
# Many times what any of the commands takes: a mutant may make a test wait for ever.
CHECK_SECONDS = {"core": 30, "chat": 60, "search": 60, "presence": 30, "storage": 60, "faults": 120, "golden": 30, "sim": 300}


class Unfit(Exception):
    """The table and the source no longer fit together."""


def load():
    with open(os.path.join(HERE, "mutants.toml"), "rb") as table:
        mutants = tomllib.load(table)["mutant"]
    names = [m["name"] for m in mutants]
    if len(set(names)) != len(names):
        raise Unfit("two mutants have the same name")
    for mutant in mutants:
        missing = {"name", "rule", "file", "old", "new", "caught_by"} - mutant.keys()
        if missing:
            raise Unfit(f"{mutant.get('name', '?')}: {', '.join(sorted(missing))} is missing")
        unknown = set(mutant["caught_by"]) - CHECKS.keys()
        if unknown or not mutant["caught_by"]:
            raise Unfit(f"{mutant['name']}: caught_by names {unknown or 'no check'}")
    return mutants


def mutated(source, mutant):
    """The text of the mutant's file under `source`, changed."""
    with open(os.path.join(source, mutant["file"]), encoding="utf-8") as file:
        text = file.read()
    old, new = mutant["old"].strip("\n"), mutant["new"].strip("\n")
    if text.count(old) != 1:
        raise Unfit(f"{mutant['name']}: its text stands {text.count(old)} times in {mutant['file']}, not once")
    return text.replace(old, new)


def check_rules(mutants):
    """Every name in the table of rules is a test, a scenario or a mutant, and no mutant is left out."""
    with open(os.path.join(ROOT, "docs/fault-model.md"), encoding="utf-8") as page:
        rows = [line for line in page if line.startswith("| ")]
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
    known = {"m:" + m["name"] for m in mutants}
    known.update(os.listdir(os.path.join(ROOT, "tests/sim/scenarios")))
    for folder, _, files in os.walk(os.path.join(ROOT, "tests")):
        for file in files:
            if file.endswith("_test.cpp"):
                with open(os.path.join(folder, file), encoding="utf-8") as source:
                    found = re.findall(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", source.read(), re.M)
                known.update(f"{suite}.{test}" for suite, test in found)
    with open(os.path.join(ROOT, "tests/integration/CMakeLists.txt"), encoding="utf-8") as lists:
        known.update("integration." + n for n in re.findall(r"starling_integration_test\((\w+) ", lists.read()))
    marked = {n for n in named if n.startswith(("m:", "integration.")) or n.endswith(".txt") or "." in n}
    if gone := sorted(marked - known):
        raise Unfit(f"docs/fault-model.md names what is not there: {', '.join(gone)}")
    if untold := sorted(n for n in known if n.startswith("m:") and n not in named):
        raise Unfit(f"docs/fault-model.md does not name {', '.join(untold)}")


def copy_tree(to):
    """The tracked and new files that are kept, with what changed since the last copy."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *KEPT],
                            cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    wanted = {path for path in listed if path and os.path.exists(os.path.join(ROOT, path))}
    for path in wanted:
        target = os.path.join(to, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(os.path.join(ROOT, path), "rb") as file:
            content = file.read()
        put(target, content)
    for folder, _, names in os.walk(to):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.relpath(path, to) not in wanted:
                os.remove(path)


def put(path, content):
    """Writes only what differs, so that nothing is built again without need."""
    try:
        with open(path, "rb") as file:
            if file.read() == content:
                return
    except FileNotFoundError:
        pass
    with open(path, "wb") as file:
        file.write(content)


class Workshop:
    def __init__(self, directory):
        self.source = os.path.join(directory, "source")
        self.build = os.path.join(directory, "build")

    def prepare(self):
        copy_tree(self.source)
        done = subprocess.run(["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja",
                               "-DCMAKE_BUILD_TYPE=Release", "-DSTARLING_TESTS=ON", "-DSTARLING_SERVICES=OFF"],
                              capture_output=True, text=True, timeout=BUILD_SECONDS)
        if done.returncode != 0:
            raise Unfit(f"the copy cannot be configured:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def make(self, targets):
        return subprocess.run(["ninja", "-C", self.build, *sorted(targets)], capture_output=True, text=True,
                              timeout=BUILD_SECONDS)

    def commands(self, check):
        if check != "golden":
            return CHECKS[check][1]
        folder = os.path.join(self.source, "tests/sim/scenarios")
        return [["bin/starling-sim", "--scenario", os.path.join(folder, name)]
                for name in sorted(os.listdir(folder))]

    def failure(self, checks):
        """The first sign that something is wrong, or None."""
        for check in checks:
            for command in self.commands(check):
                try:
                    done = subprocess.run(command, cwd=self.build, capture_output=True, text=True,
                                          timeout=CHECK_SECONDS[check])
                except subprocess.TimeoutExpired:
                    return f"{check}: no end after {CHECK_SECONDS[check]} s"
                if done.returncode != 0:
                    return f"{check}: {sign(done)}"
        return None


def sign(done):
    """The line of the output that tells most."""
    lines = (done.stderr + done.stdout).split("\n")
    for mark in ("SEED=", "[  FAILED  ]", "VIOLATION", "invariant broken", "not within", "expected:", ".txt:"):
        for line in lines:
            if mark in line:
                return line.strip()[:110]
    return f"exit {done.returncode}"


def judge(workshop, mutant):
    """'caught' or 'survived' or 'unfit', and why."""
    path = os.path.join(workshop.source, mutant["file"])
    with open(path, "rb") as file:
        whole = file.read()
    put(path, mutated(workshop.source, mutant).encode())
    try:
        built = workshop.make({CHECKS[check][0] for check in mutant["caught_by"]})
        if built.returncode != 0:
            errors = [line for line in built.stdout.split("\n") if "error:" in line]
            return "unfit", "does not compile: " + (errors[0] if errors else built.stdout[-200:])
        found = workshop.failure(mutant["caught_by"])
    finally:
        put(path, whole)
    return ("caught", found) if found else ("survived", "every check passed")


def main():
    words = argparse.ArgumentParser(prog="./run mutants", description=__doc__.split("\n\n", maxsplit=1)[0])
    words.add_argument("--only", metavar="NAME", action="append", help="these mutants (may be repeated)")
    words.add_argument("--list", action="store_true", help="name them and end")
    words.add_argument("--fit", action="store_true", help="only look whether each still fits the source")
    words.add_argument("--dir", default=os.path.join(ROOT, "build-mutants"), help="where they are built")
    words.add_argument("-o", "--output", choices=("table", "json"), default="table")
    asked = words.parse_args()
    try:
        mutants = load()
        unknown = set(asked.only or []) - {m["name"] for m in mutants}
        if unknown:
            raise Unfit(f"there is no mutant {', '.join(sorted(unknown))}: --list names them")
        for mutant in mutants:
            mutated(ROOT, mutant)
        check_rules(mutants)
        if asked.list or asked.fit:
            for mutant in mutants if asked.list else []:
                print(f"{mutant['name']:32} {mutant['rule']}")
            print(f"{len(mutants)} mutants, all fit the source", file=sys.stderr)
            return 0
        return run(Workshop(asked.dir), [m for m in mutants if not asked.only or m["name"] in asked.only],
                   asked.output)
    except Unfit as problem:
        print(f"mutants: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutants: stopped", file=sys.stderr)
        return 130


def run(workshop, mutants, output):
    print("== the whole code first: every check has to pass", file=sys.stderr)
    workshop.prepare()
    checks = [c for c in CHECKS if any(c in m["caught_by"] for m in mutants)]
    built = workshop.make({CHECKS[check][0] for check in checks})
    if built.returncode != 0:
        raise Unfit(f"the copy cannot be built:\n{built.stdout[-2000:]}")
    found = workshop.failure(checks)
    if found:
        raise Unfit(f"a check fails without any mutant: {found}")
    results = []
    for number, mutant in enumerate(mutants, 1):
        begun = time.monotonic()
        verdict, why = judge(workshop, mutant)
        results.append({"name": mutant["name"], "rule": mutant["rule"], "verdict": verdict, "by": why,
                        "seconds": round(time.monotonic() - begun, 1)})
        if output == "table":
            print(f"{number:3}/{len(mutants)} {verdict:8} {mutant['name']:32} {mutant['rule']:10} {why}", flush=True)
    caught = sum(r["verdict"] == "caught" for r in results)
    if output == "json":
        print(json.dumps({"mutants": len(results), "caught": caught, "results": results}, indent=1))
    else:
        print(f"{caught} of {len(results)} mutants caught")
    return 0 if caught == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
